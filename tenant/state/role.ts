/** One permission of an API, as users and roles have it. */
export interface PermissionReference {
  resource_server_identifier: string;
  permission_name: string;
}

export interface RoleRecord {
  /** `rol_` and 16 letters and digits. */
  id: string;
  name: string;
  description?: string;
  /** Where it was sent; `tenant` otherwise. */
  type?: "tenant" | "organization";
  /** The organization's id, of one that belongs to an organization. */
  owner_id?: string;
  permissions: PermissionReference[];
}

/** Whether both name the same permission of the same API. */
export function isSamePermission(a: PermissionReference, b: PermissionReference): boolean {
  return (
    a.resource_server_identifier === b.resource_server_identifier && a.permission_name === b.permission_name
  );
}

/** `known` and those of `added` that it lacks. */
export function withPermissions(
  known: readonly PermissionReference[],
  added: readonly PermissionReference[],
): PermissionReference[] {
  const all = [...known];
  for (const { resource_server_identifier, permission_name } of added) {
    const permission = { resource_server_identifier, permission_name };
    if (!all.some((other) => isSamePermission(other, permission))) all.push(permission);
  }
  return all;
}

/** `known` without those of `removed`. */
export function withoutPermissions(
  known: readonly PermissionReference[],
  removed: readonly PermissionReference[],
): PermissionReference[] {
  return known.filter((permission) => !removed.some((other) => isSamePermission(other, permission)));
}
