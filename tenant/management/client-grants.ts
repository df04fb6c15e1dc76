import type { FastifyInstance } from "fastify";
import { randomAlphanumeric } from "../state/ids-and-timestamps.ts";
import type { ClientGrantRecord } from "../state/tenant-state.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, queryValue, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { closed, flag, list, notEmpty, oneOf, orNull, text } from "./body-schema.ts";
import { findClient } from "./clients.ts";
import { findResourceServer } from "./resource-servers.ts";

type GrantChanges = Partial<
  Pick<
    ClientGrantRecord,
    "authorization_details_types" | "organization_usage" | "allow_any_organization" | "allow_all_scopes"
  >
> & { scope?: string[] | null };
type GrantInput = GrantChanges & {
  client_id?: string;
  audience: string;
  default_for?: "third_party_clients";
  subject_type?: ClientGrantRecord["subject_type"];
};

const scopes = list(text({ minLength: 1, maxLength: 280 }));
const organizationUsage = oneOf("deny", "allow", "require");
const detailTypes = list(text({ minLength: 1, maxLength: 255 }));

const createSchema = closed(
  {
    client_id: text({ minLength: 1 }),
    audience: text({ minLength: 1 }),
    default_for: oneOf("third_party_clients"),
    subject_type: oneOf("client", "user"),
    scope: scopes,
    organization_usage: organizationUsage,
    allow_any_organization: flag,
    authorization_details_types: detailTypes,
    allow_all_scopes: flag,
  },
  "audience",
);

const updateSchema = notEmpty(
  closed({
    scope: orNull(scopes),
    organization_usage: orNull(organizationUsage),
    allow_any_organization: orNull(flag),
    authorization_details_types: detailTypes,
    allow_all_scopes: orNull(flag),
  }),
);

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
  if (!grant) throw new ManagementError(404, "The grant does not exist.", "inexistent_grant");
  return grant;
}

function newGrant(context: TenantContext, input: GrantInput): ClientGrantRecord {
  const { client_id, default_for } = input;
  if (client_id !== undefined) findClient(context, client_id);
  else if (default_for === undefined) {
    throw new ManagementError(
      400,
      "Payload validation error: 'Missing required property: client_id'.",
      "invalid_body",
    );
  }
  findResourceServer(context, input.audience);
  const subjectType = input.subject_type ?? "client";
  const twin = [...context.state.clientGrants.values()].some(
    (grant) =>
      grant.client_id === client_id &&
      grant.audience === input.audience &&
      grant.subject_type === subjectType,
  );
  // The words were not observed.
  if (twin) {
    throw new ManagementError(409, "A client grant for this client and audience already exists.", "conflict");
  }
  const grant: ClientGrantRecord = {
    id: `cgr_${randomAlphanumeric(16)}`,
    ...(client_id === undefined ? {} : { client_id }),
    ...(default_for === undefined ? {} : { default_for }),
    audience: input.audience,
    scope: [],
    subject_type: subjectType,
  };
  return changeGrant(grant, input);
}

/** `allow_all_scopes` and a `scope` list take turns: while it is true there is no list. Null leaves a field away. */
function changeGrant(grant: ClientGrantRecord, changes: GrantChanges): ClientGrantRecord {
  const { scope, ...fields } = changes;
  Object.assign(grant, fields);
  if (grant.allow_all_scopes === true) delete grant.scope;
  else grant.scope = scope ?? grant.scope ?? [];
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (value === null) Reflect.deleteProperty(grant, name);
  }
  return grant;
}
