import type { ManagementApi } from "../management-api.ts";

/** What a deployment puts into a tenant, without what differs from one deployment to the next. */
export interface TenantContents {
  readonly actions: readonly unknown[];
  readonly bindings: readonly unknown[];
  readonly clients: readonly unknown[];
  readonly grants: readonly unknown[];
}

interface Action {
  readonly name: string;
  readonly deployed_version?: { readonly code: string };
}

/** Reads it through the Management API: times, ids and secrets left out, applications by their names, all but the flow sorted. */
export async function tenantContents(api: ManagementApi): Promise<TenantContents> {
  const { actions } = (await api.call("GET", "/actions/actions?per_page=100")) as { actions: Action[] };
  const flow = (await api.call("GET", "/actions/triggers/post-login/bindings")) as { bindings: unknown[] };
  const clients = (await api.call("GET", "/clients?per_page=100")) as { client_id: string; name: string }[];
  const grants = (await api.call("GET", "/client-grants?per_page=100")) as { client_id: string }[];
  const names = new Map(clients.map(({ client_id, name }) => [client_id, name]));
  return {
    actions: sorted(actions.map(lasting)),
    bindings: flow.bindings.map(lasting),
    clients: sorted(clients.map(lasting)),
    grants: sorted(
      grants.map((grant) => lasting({ ...grant, client_id: undefined, of: names.get(grant.client_id) })),
    ),
  };
}

/** Keys whose values are made anew for each thing. */
const passing = /^(id|kid|client_id|client_secret|created_at|updated_at|built_at|build_time|expires_at)$/;

function lasting(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lasting);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(
    // A trigger's id is its name.
    ([key, entry]) => entry !== undefined && (!passing.test(key) || entry === "post-login"),
  );
  return Object.fromEntries(entries.map(([key, entry]) => [key, lasting(entry)]));
}

function sorted(values: readonly unknown[]): unknown[] {
  const text = (value: unknown) => JSON.stringify(value);
  return values.toSorted((a, b) => text(a).localeCompare(text(b)));
}
