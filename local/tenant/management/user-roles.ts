import type { FastifyInstance } from "fastify";
import type { PermissionReference } from "../state/role-record.ts";
import { withoutPermissions, withPermissions } from "../state/role-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import { needs } from "./authorize.ts";
import type { Query } from "./paging.ts";
import { listEnvelope } from "./paging.ts";
import { checkPermissions, permissionsSchema, permissionView } from "./permissions.ts";
import { findRole, roleView } from "./roles.ts";
import { findUser } from "./users.ts";

const rolesSchema = {
  type: "object",
  required: ["roles"],
  additionalProperties: false,
  properties: { roles: { type: "array", minItems: 1, items: { type: "string", minLength: 1 } } },
} as const;

interface ById {
  Params: { id: string };
}

/** /api/v2/users/{id}/roles: the DELETE takes a body, as observed. */
export function registerUserRoles(app: FastifyInstance, context: TenantContext): void {
  const path = "/users/:id/roles";
  const changing = { ...needs("update:users"), schema: { body: rolesSchema } };
  type Change = ById & { Body: { roles: string[] } };

  app.get<ById & { Querystring: Query }>(path, needs("read:users", "read:role_members"), (request) => {
    const { roles = [] } = findUser(context, request.params.id);
    const views = roles.map((id) => roleView(findRole(context, id)));
    return listEnvelope("roles", views, request.query);
  });

  app.post<Change>(path, changing, (request, reply) => {
    const user = findUser(context, request.params.id);
    const added = request.body.roles.map((id) => findRole(context, id).id);
    user.roles = [...new Set([...(user.roles ?? []), ...added])];
    return reply.code(204).send();
  });

  app.delete<Change>(path, changing, (request, reply) => {
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
