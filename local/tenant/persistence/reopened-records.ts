import { addManagementClient } from "../first-records.ts";
import type { ClientRecord } from "../state/client-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import type { StoredTenant } from "./read-stored-tenant.ts";

/**
 * Makes stored records those of the running tenant and returns the application that may do everything. A real tenant's
 * domain never changes; here another port is another domain, and the Management API with its grants moves along.
 */
export function reopenRecords(context: TenantContext, stored: StoredTenant): ClientRecord {
  const { clientGrants, clients, resourceServers } = context.state;
  const former = `https://${stored.domain}/api/v2/`;
  for (const server of resourceServers.values()) {
    if (server.is_system && server.identifier === former) server.identifier = context.managementAudience;
  }
  for (const grant of clientGrants.values()) {
    if (grant.audience === former) grant.audience = context.managementAudience;
  }
  // Somebody may have deleted the application; without one nobody could get in any more.
  return clients.get(stored.managementClientId) ?? addManagementClient(context);
}
