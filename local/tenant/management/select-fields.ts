import type { Query } from "./paging.ts";
import { queryValue } from "./paging.ts";

/** `?fields=a,b`: only those and the ones in `always`; with `include_fields=false` all but those. */
export function selectFields(record: object, query: Query, always: string[] = []): object {
  const fields = queryValue(query, "fields")?.split(",");
  if (!fields) return record;
  const included = queryValue(query, "include_fields") !== "false";
  const entries = Object.entries(record).filter(
    ([key]) => always.includes(key) || fields.includes(key) === included,
  );
  return Object.fromEntries(entries);
}
