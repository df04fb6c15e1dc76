import type { ManagementClient } from "auth0";
import type { ManagementAccess } from "./request-access.ts";

/** Seconds until a request is given up. */
const timeoutInSeconds = 30;

/** After a 429 the SDK waits until the time that Auth0's headers name, at most a minute each time. */
const maxRetries = 4;

/**
 * Auth0's own SDK with a token that is there already. It is loaded here, natively: it is over 1,000 files, and tsx would
 * look into each.
 */
export async function managementClient({ domain, accessToken }: ManagementAccess): Promise<ManagementClient> {
  const sdk = await import("auth0");
  return new sdk.ManagementClient({
    domain,
    token: accessToken,
    telemetry: false,
    timeoutInSeconds,
    maxRetries,
  });
}
