/** What of Auth0's SDK goes into the bundle that loader/auth0-sdk.js makes. */
export { ManagementClient } from "auth0";
