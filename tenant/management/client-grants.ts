import type { FastifyInstance } from "fastify";
import { randomAlphanumeric } from "../state/ids-and-timestamps.ts";
import type { ClientGrantRecord } from "../state/tenant-state.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, queryValue, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { findClient } from "./clients.ts";
import { findResourceServer } from "./resource-servers.ts";

type GrantChanges = Partial<
  Pick<ClientGrantRecord, "scope" | "allow_all_scopes" | "authorization_details_types">
>;
type GrantInput = GrantChanges & {
  client_id: string;
  audience: string;
  subject_type?: ClientGrantRecord["subject_type"];
};

const changeFields = {
  scope: { type: "array", items: { type: "string", minLength: 1 } },
  allow_all_scopes: { type: "boolean" },
  authorization_details_types: { type: "array", items: { type: "string" } },
  organization_usage: { type: ["string", "null"] },
  allow_any_organization: { type: ["boolean", "null"] },
} as const;

const createSchema = {
  type: "object",
  required: ["client_id", "audience"],
  additionalProperties: false,
  properties: {
    ...changeFields,
    client_id: { type: "string", minLength: 1 },
    audience: { type: "string", minLength: 1 },
    subject_type: { type: "string", enum: ["client", "user"] },
  },
} as const;

const updateSchema = { type: "object", additionalProperties: false, properties: changeFields } as const;

/** /api/v2/client-grants: which application may ask which API for what. */
export function registerClientGrants(app: FastifyInstance, context: TenantContext): void {
  const { clientGrants } = context.state;

  app.get<{ Querystring: Query }>("/client-grants", needs("read:client_grants"), (request) => {
    const { query } = request;
    const matches = (name: "client_id" | "audience" | "subject_type") => (grant: ClientGrantRecord) => {
      const wanted = queryValue(query, name);
      return wanted === undefined || grant[name] === wanted;
    };
    const found = [...clientGrants.values()]
      .filter(matches("client_id"))
      .filter(matches("audience"))
      .filter(matches("subject_type"));
    return listEnvelope("client_grants", found, query);
  });

  app.post<{ Body: GrantInput }>(
    "/client-grants",
    { ...needs("create:client_grants"), schema: { body: createSchema } },
    (request, reply) => {
      const grant = newGrant(context, request.body);
      clientGrants.set(grant.id, grant);
      return reply.code(201).send(grant);
    },
  );

  app.get<{ Params: { id: string } }>("/client-grants/:id", needs("read:client_grants"), (request) =>
    findGrant(context, request.params.id),
  );

  app.patch<{ Params: { id: string }; Body: GrantChanges }>(
    "/client-grants/:id",
    { ...needs("update:client_grants"), schema: { body: updateSchema } },
    (request) => changeGrant(findGrant(context, request.params.id), request.body),
  );

  app.delete<{ Params: { id: string } }>(
    "/client-grants/:id",
    needs("delete:client_grants"),
    (request, reply) => {
      clientGrants.delete(request.params.id);
      return reply.code(204).send();
    },
  );
}

function findGrant(context: TenantContext, id: string): ClientGrantRecord {
  const grant = context.state.clientGrants.get(id);
  // The words were not observed.
  if (!grant) throw new ManagementError(404, "The client grant does not exist", "inexistent_client_grant");
  return grant;
}

function newGrant(context: TenantContext, input: GrantInput): ClientGrantRecord {
  findClient(context, input.client_id);
  findResourceServer(context, input.audience);
  const subjectType = input.subject_type ?? "client";
  const twin = [...context.state.clientGrants.values()].some(
    (grant) =>
      grant.client_id === input.client_id &&
      grant.audience === input.audience &&
      grant.subject_type === subjectType,
  );
  // The words were not observed.
  if (twin) {
    throw new ManagementError(409, "A client grant for this client and audience already exists.", "conflict");
  }
  const grant: ClientGrantRecord = {
    id: `cgr_${randomAlphanumeric(16)}`,
    client_id: input.client_id,
    audience: input.audience,
    scope: [],
    subject_type: subjectType,
    authorization_details_types: [],
  };
  return changeGrant(grant, input);
}

/** `allow_all_scopes` and a `scope` list take turns: while it is true there is no list. */
function changeGrant(grant: ClientGrantRecord, changes: GrantChanges): ClientGrantRecord {
  if (changes.authorization_details_types) {
    grant.authorization_details_types = changes.authorization_details_types;
  }
  if (changes.allow_all_scopes !== undefined) grant.allow_all_scopes = changes.allow_all_scopes;
  if (grant.allow_all_scopes === true) delete grant.scope;
  else grant.scope = changes.scope ?? grant.scope ?? [];
  return grant;
}
