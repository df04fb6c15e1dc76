/** The identifier of the tenant's Management API; the final slash belongs to it. */
export function managementAudience(auth0Domain: string): string {
  return `https://${auth0Domain}/api/v2/`;
}
