import type { FastifyInstance } from "fastify";
import { randomAlphanumeric } from "../state/ids-and-timestamps.ts";
import {
  withoutPermissions,
  withPermissions,
  type PermissionReference,
  type RoleRecord,
} from "../state/role.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, queryValue, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { closed, oneOf, text } from "./body-schema.ts";
import { findResourceServer } from "./resource-servers.ts";
import { findUser } from "./users.ts";

const roleFields = {
  name: text({ minLength: 1, description: "The name of the role." }),
  description: text({ description: "The role's description." }),
};

// That a role is of the tenant's or of an organization's is not documented, but real tenants take it.
const createSchema = closed(
  { ...roleFields, type: oneOf("tenant", "organization"), owner_id: text() },
  "name",
);

const updateSchema = closed(roleFields);

interface ById {
  Params: { id: string };
}

type RoleInput = Partial<Pick<RoleRecord, "name" | "description" | "type" | "owner_id">>;

/** /api/v2/roles with their permissions and users. Creating answers 200 and deleting 200 with `{}`, as observed. */
export function registerRoles(app: FastifyInstance, context: TenantContext): void {
  const { roles, users } = context.state;

  app.get<{ Querystring: Query }>("/roles", needs("read:roles"), (request) => {
    const part = queryValue(request.query, "name_filter")?.toLowerCase() ?? "";
    const wanted = queryValue(request.query, "type");
    const found = [...roles.values()]
      .filter(({ name }) => name.toLowerCase().includes(part))
      .filter(({ type = "tenant" }) => wanted === undefined || type === wanted);
    return listEnvelope("roles", found.map(roleView), request.query);
  });

  app.post<{ Body: RoleInput & { name: string } }>(
    "/roles",
    { ...needs("create:roles"), schema: { body: createSchema } },
    (request) => {
      checkName(context, request.body.name);
      const role: RoleRecord = {
        id: `rol_${randomAlphanumeric(16)}`,
        ...request.body,
        permissions: [],
      };
      roles.set(role.id, role);
      // Only this answer leaves out a description that was not sent, as observed.
      return shownRole(role);
    },
  );

  // The newest dated recordings of this route show no type that was not sent; those of the others show one.
  app.get<ById>("/roles/:id", needs("read:roles"), (request) => {
    const { permissions: _, ...role } = findRole(context, request.params.id);
    return { description: "", ...role };
  });

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
    const { id } = findRole(context, request.params.id);
    roles.delete(id);
    for (const user of users.values()) user.roles = user.roles?.filter((roleId) => roleId !== id) ?? [];
    return {};
  });

  app.get<ById & { Querystring: Query }>(
    "/roles/:id/users",
    needs("read:users", "read:roles", "read:role_members"),
    (request) => {
      const { id } = findRole(context, request.params.id);
      const members = [...users.values()].filter((user) => user.roles?.includes(id) === true);
      const views = members.map(({ profile: { user_id, email, picture, name } }) => ({
        user_id,
        email,
        picture,
        name,
      }));
      return listEnvelope("users", views, request.query);
    },
  );

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

/** The role, or 404, which has no errorCode in this family. */
function findRole(context: TenantContext, id: string): RoleRecord {
  const role = context.state.roles.get(id);
  if (!role) throw new ManagementError(404, "The role does not exist.");
  return role;
}

/** A role without its permissions, as lists and changes show it. */
function roleView(role: RoleRecord): object {
  return { description: "", ...shownRole(role) };
}

/** Of a role whose type was not sent, the newest recordings show that it is the tenant's. */
function shownRole({ permissions: _, ...role }: RoleRecord): object {
  return { type: "tenant", ...role };
}

/** 409 for a name that another role has; status and words were not observed. */
function checkName(context: TenantContext, name: string | undefined, own?: RoleRecord): void {
  const twin = [...context.state.roles.values()].find((role) => role.name === name);
  if (twin && twin !== own) {
    throw new ManagementError(409, "A role with the same name already exists.", "conflict");
  }
}

/** The body that adds or takes away permissions of a user or a role. */
const permissionsSchema = {
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
function permissionView(context: TenantContext, permission: PermissionReference): object {
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

/** 404 for an API and for a permission that does not exist. */
function checkPermissions(context: TenantContext, permissions: readonly PermissionReference[]): void {
  for (const { permission_name, resource_server_identifier } of permissions) {
    const { scopes = [] } = findResourceServer(context, resource_server_identifier);
    if (scopes.some(({ value }) => value === permission_name)) continue;
    throw new ManagementError(
      404,
      `The permission '${permission_name}' does not exist in the API '${resource_server_identifier}'.`,
      "inexistent_resource_server_permission",
    );
  }
}

const rolesSchema = {
  type: "object",
  required: ["roles"],
  additionalProperties: false,
  properties: { roles: { type: "array", minItems: 1, items: { type: "string", minLength: 1 } } },
} as const;

/** /api/v2/users/{id}/roles: the DELETE takes a body, as observed. */
export function registerUserRoles(app: FastifyInstance, context: TenantContext): void {
  const path = "/users/:id/roles";
  const changing = (scope: string) => ({ ...needs("update:users", scope), schema: { body: rolesSchema } });
  type Change = ById & { Body: { roles: string[] } };

  app.get<ById & { Querystring: Query }>(
    path,
    needs("read:users", "read:roles", "read:role_members"),
    (request) => {
      const { roles = [] } = findUser(context, request.params.id);
      const views = roles.map((roleId) => {
        const { id, name, description = "" } = findRole(context, roleId);
        return { id, name, description };
      });
      return listEnvelope("roles", views, request.query);
    },
  );

  app.post<Change>(path, changing("create:role_members"), (request, reply) => {
    const user = findUser(context, request.params.id);
    const added = request.body.roles.map((id) => findRole(context, id).id);
    user.roles = [...new Set([...(user.roles ?? []), ...added])];
    return reply.code(204).send();
  });

  app.delete<Change>(path, changing("delete:role_members"), (request, reply) => {
    const user = findUser(context, request.params.id);
    user.roles = (user.roles ?? []).filter((id) => !request.body.roles.includes(id));
    return reply.code(204).send();
  });

  registerUserPermissions(app, context);
}

/** Only permissions that the user has directly are shown: what comes by a role was not observed. */
function registerUserPermissions(app: FastifyInstance, context: TenantContext): void {
  const path = "/users/:id/permissions";
  const changing = { ...needs("update:users"), schema: { body: permissionsSchema } };
  type Change = ById & { Body: { permissions: PermissionReference[] } };
  const sources = [{ source_id: "", source_name: "", source_type: "DIRECT" }];

  app.get<ById & { Querystring: Query }>(path, needs("read:users"), (request) => {
    const { permissions = [] } = findUser(context, request.params.id);
    const views = permissions.map((permission) => ({ ...permissionView(context, permission), sources }));
    return listEnvelope("permissions", views, request.query);
  });

  app.post<Change>(path, changing, (request, reply) => {
    const user = findUser(context, request.params.id);
    checkPermissions(context, request.body.permissions);
    user.permissions = withPermissions(user.permissions ?? [], request.body.permissions);
    return reply.code(201).send({});
  });

  app.delete<Change>(path, changing, (request, reply) => {
    const user = findUser(context, request.params.id);
    user.permissions = withoutPermissions(user.permissions ?? [], request.body.permissions);
    return reply.code(204).send();
  });
}
