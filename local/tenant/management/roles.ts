import type { FastifyInstance } from "fastify";
import { randomAlphanumeric } from "../state/random-id.ts";
import type { PermissionReference, RoleRecord } from "../state/role-record.ts";
import { withoutPermissions, withPermissions } from "../state/role-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import { needs } from "./authorize.ts";
import { ManagementError } from "./management-error.ts";
import type { Query } from "./paging.ts";
import { listEnvelope, queryValue } from "./paging.ts";
import { checkPermissions, permissionsSchema, permissionView } from "./permissions.ts";

const roleFields = {
  name: { type: "string", minLength: 1, description: "The name of the role." },
  description: { type: "string", minLength: 1, description: "The role's description." },
} as const;

const createSchema = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: roleFields,
} as const;

const updateSchema = { type: "object", additionalProperties: false, properties: roleFields } as const;

interface ById {
  Params: { id: string };
}

type RoleInput = Partial<Pick<RoleRecord, "name" | "description">>;

/** /api/v2/roles with their permissions and users. Creating answers 200 and deleting 200 with `{}`, as observed. */
export function registerRoles(app: FastifyInstance, context: TenantContext): void {
  const { roles, users } = context.state;

  app.get<{ Querystring: Query }>("/roles", needs("read:roles"), (request) => {
    const part = queryValue(request.query, "name_filter")?.toLowerCase() ?? "";
    const found = [...roles.values()].filter(({ name }) => name.toLowerCase().includes(part));
    return listEnvelope("roles", found.map(roleView), request.query);
  });

  app.post<{ Body: RoleInput & { name: string } }>(
    "/roles",
    { ...needs("create:roles"), schema: { body: createSchema } },
    (request) => {
      const { name, description = "" } = request.body;
      checkName(context, name);
      const role: RoleRecord = { id: `rol_${randomAlphanumeric(16)}`, name, description, permissions: [] };
      roles.set(role.id, role);
      return roleView(role);
    },
  );

  app.get<ById>("/roles/:id", needs("read:roles"), (request) =>
    roleView(findRole(context, request.params.id)),
  );

  app.patch<ById & { Body: RoleInput }>(
    "/roles/:id",
    { ...needs("update:roles"), schema: { body: updateSchema } },
    (request) => {
      const role = findRole(context, request.params.id);
      checkName(context, request.body.name, role);
      return roleView(Object.assign(role, request.body));
    },
  );

  app.delete<ById>("/roles/:id", needs("delete:roles"), (request) => {
    const { id } = request.params;
    roles.delete(id);
    for (const user of users.values()) user.roles = user.roles?.filter((roleId) => roleId !== id) ?? [];
    return {};
  });

  app.get<ById & { Querystring: Query }>("/roles/:id/users", needs("read:users"), (request) => {
    const { id } = findRole(context, request.params.id);
    const members = [...users.values()].filter((user) => user.roles?.includes(id) === true);
    const views = members.map(({ profile: { user_id, email, picture, name } }) => ({
      user_id,
      email,
      picture,
      name,
    }));
    return listEnvelope("users", views, request.query);
  });

  registerRolePermissions(app, context);
}

function registerRolePermissions(app: FastifyInstance, context: TenantContext): void {
  const path = "/roles/:id/permissions";
  const changing = { ...needs("update:roles"), schema: { body: permissionsSchema } };
  type Change = ById & { Body: { permissions: PermissionReference[] } };

  app.get<ById & { Querystring: Query }>(path, needs("read:roles"), (request) => {
    const { permissions } = findRole(context, request.params.id);
    const views = permissions.map((permission) => permissionView(context, permission));
    return listEnvelope("permissions", views, request.query);
  });

  app.post<Change>(path, changing, (request, reply) => {
    const role = findRole(context, request.params.id);
    checkPermissions(context, request.body.permissions);
    role.permissions = withPermissions(role.permissions, request.body.permissions);
    return reply.code(201).send({});
  });

  app.delete<Change>(path, changing, (request, reply) => {
    const role = findRole(context, request.params.id);
    role.permissions = withoutPermissions(role.permissions, request.body.permissions);
    return reply.code(204).send();
  });
}

/** The role, or 404; the words were not observed. */
export function findRole(context: TenantContext, id: string): RoleRecord {
  const role = context.state.roles.get(id);
  if (!role) throw new ManagementError(404, "The role does not exist.", "inexistent_role");
  return role;
}

/** A role without its permissions, as every route but their own shows it. */
export function roleView({ id, name, description }: RoleRecord): object {
  return { id, name, description };
}

/** 409 for a name that another role has; status and words were not observed. */
function checkName(context: TenantContext, name: string | undefined, own?: RoleRecord): void {
  const twin = [...context.state.roles.values()].find((role) => role.name === name);
  if (twin && twin !== own) {
    throw new ManagementError(409, "A role with the same name already exists.", "conflict");
  }
}
