import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { seenClaim } from "../../../../cli/certify/steps/actions.ts";
import { isJsonObject, isRecord, type JsonObject } from "../../../../lib/json.ts";
import type { FlowResult } from "../../../../sandbox/flow.ts";
import type { Tenant } from "../../../../tenant/create-tenant.ts";

/** One way in which a tenant may differ from what is known, and the one fact that shows it. */
export interface ChangedBehaviour {
  readonly fact: string;
  /** What such a tenant does. */
  readonly behaviour: string;
  /** After the body and the scopes were checked, before anything is done; true where it answers itself. */
  readonly taken?: (request: TenantRequest, reply: FastifyReply, tenant: Tenant) => boolean | undefined;
  /** What is answered instead. */
  readonly answered?: (answer: TenantAnswer, tenant: Tenant) => unknown;
  /** Changes what a flow set. */
  readonly ran?: (result: FlowResult, seen: JsonObject) => void;
}

/** A request, by its route's pattern. */
export interface TenantRequest {
  /** `PATCH /users/:id`. */
  readonly route: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: JsonObject;
  readonly body: JsonObject;
}

export interface TenantAnswer extends TenantRequest {
  readonly body: JsonObject;
  readonly sent: JsonObject;
  readonly reply: FastifyReply;
}

export interface Changeable {
  /** From now on; undefined for the tenant as it is. */
  readonly change: (behaviour: ChangedBehaviour | undefined) => void;
  /** To be called with each flow's result, before the tenant uses it. */
  readonly onFlow: (result: FlowResult) => void;
  /** Before the tenant's first request. */
  readonly install: (tenant: Tenant) => void;
}

/** Lets one tenant take on one changed behaviour after the other. */
export function changeable(): Changeable {
  let current: ChangedBehaviour | undefined;
  return {
    change: (behaviour) => {
      current = behaviour;
    },
    onFlow: (result) => {
      const seen: unknown = result.idTokenClaims[seenClaim];
      if (isJsonObject(seen)) current?.ran?.(result, seen);
    },
    install: (tenant) => {
      install(tenant.app, tenant, () => current);
    },
  };
}

function install(app: FastifyInstance, tenant: Tenant, current: () => ChangedBehaviour | undefined): void {
  app.addHook("preHandler", async (request, reply) => {
    const isAnswered = current()?.taken?.(seenRequest(request), reply, tenant) === true;
    return isAnswered ? reply : undefined;
  });
  app.addHook("onSend", async (request, reply, payload) => {
    const answered = current()?.answered;
    if (answered === undefined || typeof payload !== "string") return payload;
    const body = JSON.parse(payload === "" ? "{}" : payload) as JsonObject;
    const seen = seenRequest(request);
    const changed = answered({ ...seen, sent: seen.body, body, reply }, tenant) ?? body;
    return payload === "" ? payload : JSON.stringify(changed);
  });
}

function seenRequest({ method, routeOptions, params, query, body }: FastifyRequest): TenantRequest {
  const url = (routeOptions.url ?? "").replace("/api/v2", "");
  const record = (value: unknown) => (isRecord(value) ? (value as JsonObject) : {});
  return {
    route: `${method} ${url}`,
    params: params as Record<string, string>,
    query: record(query),
    body: record(body),
  };
}
