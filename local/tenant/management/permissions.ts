import type { PermissionReference } from "../state/role-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError } from "./management-error.ts";
import { findResourceServer } from "./resource-servers.ts";

/** The body that adds or takes away permissions of a user or a role. */
export const permissionsSchema = {
  type: "object",
  required: ["permissions"],
  additionalProperties: false,
  properties: {
    permissions: {
      type: "array",
      minItems: 1,
      items: {
        type: "object",
        required: ["resource_server_identifier", "permission_name"],
        additionalProperties: false,
        properties: {
          resource_server_identifier: { type: "string", minLength: 1 },
          permission_name: { type: "string", minLength: 1 },
        },
      },
    },
  },
} as const;

/** A permission with what its API says about it; an API that was deleted since says nothing. */
export function permissionView(context: TenantContext, permission: PermissionReference): object {
  const { permission_name, resource_server_identifier } = permission;
  const server = [...context.state.resourceServers.values()].find(
    ({ identifier }) => identifier === resource_server_identifier,
  );
  const scope = server?.scopes?.find(({ value }) => value === permission_name);
  return {
    permission_name,
    description: scope?.description ?? "",
    resource_server_name: server?.["name"] ?? "",
    resource_server_identifier,
  };
}

/** 404 for an API and 400 for a permission that does not exist; the words of the latter were not observed. */
export function checkPermissions(context: TenantContext, permissions: readonly PermissionReference[]): void {
  for (const { permission_name, resource_server_identifier } of permissions) {
    const { scopes = [] } = findResourceServer(context, resource_server_identifier);
    if (scopes.some(({ value }) => value === permission_name)) continue;
    throw new ManagementError(
      400,
      `The permission '${permission_name}' does not exist in the API '${resource_server_identifier}'.`,
      "invalid_body",
    );
  }
}
