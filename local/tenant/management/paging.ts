import { ManagementError } from "./management-error.ts";

/** Query values as Fastify gives them. */
export type Query = Record<string, string | string[] | undefined>;

export interface Page<T> {
  items: T[];
  page: number;
  perPage: number;
  start: number;
  total: number;
}

/** The single value of a query parameter. */
export function queryValue(query: Query, name: string): string | undefined {
  const value = query[name];
  return Array.isArray(value) ? value[0] : value;
}

/** A non-negative integer of the query, at most `maximum`; 400 otherwise. */
export function queryInteger(query: Query, name: string, fallback: number, maximum: number): number {
  const text = queryValue(query, name);
  if (text === undefined) return fallback;
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= maximum) return value;
  const problem = /^\d+$/.test(text)
    ? `Value ${text} is greater than maximum ${maximum}`
    : `Expected type integer but found type string`;
  throw new ManagementError(
    400,
    `Query validation error: '${problem}' on property ${name}.`,
    "invalid_query_string",
  );
}

/** The part of `all` that `page` (from 0) and `per_page` ask for; past the end it is empty. */
export function paged<T>(all: readonly T[], query: Query, defaultPerPage = 50): Page<T> {
  const page = queryInteger(query, "page", 0, Number.MAX_SAFE_INTEGER);
  const perPage = queryInteger(query, "per_page", defaultPerPage, 100);
  const start = page * perPage;
  return { items: all.slice(start, start + perPage), page, perPage, start, total: all.length };
}

/** The Actions family's envelope, which leaves zeros out: no `page` on the first, no `total` on an empty one. */
export function actionsEnvelope(name: string, { items, page, perPage, total }: Page<unknown>): object {
  return {
    [name]: items,
    ...(items.length > 0 ? { total } : {}),
    ...(page > 0 ? { page } : {}),
    per_page: perPage,
  };
}

/**
 * The other families: the bare list, with `include_totals=true` an envelope whose zeros are there, and with `take`
 * (checkpoint paging, which wins over the others) an envelope of the list and `next` until the last page.
 */
export function listEnvelope(name: string, all: readonly unknown[], query: Query): object {
  if (queryValue(query, "take") !== undefined) return checkpointEnvelope(name, all, query);
  const { items, perPage, start, total } = paged(all, query);
  if (queryValue(query, "include_totals") !== "true") return items;
  return { total, start, limit: perPage, [name]: items };
}

function checkpointEnvelope(name: string, all: readonly unknown[], query: Query): object {
  const take = queryInteger(query, "take", 50, 100);
  // The checkpoint is opaque to clients; here it is the position in the list.
  const from = queryInteger(query, "from", 0, Number.MAX_SAFE_INTEGER);
  const next = from + take;
  return { [name]: all.slice(from, next), ...(next < all.length ? { next: String(next) } : {}) };
}
