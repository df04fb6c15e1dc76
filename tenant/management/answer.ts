import { STATUS_CODES } from "node:http";
import type { FastifySchemaValidationError } from "fastify/types/schema.js";

/** A refusal of the Management API; `errorCode` is absent in the Actions family. */
export class ManagementError extends Error {
  override name = "ManagementError";
  readonly statusCode: number;
  readonly errorCode: string | undefined;

  constructor(statusCode: number, message: string, errorCode?: string) {
    super(message);
    this.statusCode = statusCode;
    this.errorCode = errorCode;
  }
}

/** The body that Auth0 sends with a refusal. */
export function managementErrorBody(error: ManagementError): Record<string, unknown> {
  return {
    statusCode: error.statusCode,
    error: STATUS_CODES[error.statusCode] ?? "Error",
    message: error.message,
    ...(error.errorCode === undefined ? {} : { errorCode: error.errorCode }),
  };
}

/** Query values as Fastify gives them. */
export type Query = Record<string, string | string[] | undefined>;

interface Page<T> {
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

/** With `verbose`, ajv also tells the value that failed and the schema that refused it. */
interface VerboseError extends FastifySchemaValidationError {
  data?: unknown;
  parentSchema?: { description?: string; type?: string | string[] };
}

/**
 * A violation of a body's schema in Auth0's words: `Payload validation error: 'Expected type string but found type
 * integer' on property groups[0].name (The name of the group).`
 */
export function payloadError(errors: FastifySchemaValidationError[], dataVar: string): ManagementError {
  const first: VerboseError | undefined = errors[0];
  if (!first) return new ManagementError(400, "Payload validation error.", "invalid_body");
  const kind = dataVar === "body" ? "Payload" : dataVar === "params" ? "Path" : "Query";
  const property = propertyPath(first.instancePath);
  const description = first.parentSchema?.description;
  const where = property && ` on property ${property}${description ? ` (${description})` : ""}`;
  const errorCode = { Payload: "invalid_body", Path: "invalid_uri", Query: "invalid_query_string" }[kind];
  return new ManagementError(400, `${kind} validation error: '${violation(first)}'${where}.`, errorCode);
}

/** `/groups/0/email` as Auth0 writes it: `groups[0].email`. */
function propertyPath(instancePath: string): string {
  return instancePath
    .replace(/\/(\d+)(?=\/|$)/g, "[$1]")
    .replaceAll("/", ".")
    .replace(/^\./, "");
}

/** Auth0's validator is z-schema, as the recorded words show; those that were not recorded are z-schema's too. */
function violation(error: VerboseError): string {
  const { data, keyword, params } = error;
  switch (keyword) {
    case "type":
      return `Expected type ${String(error.parentSchema?.type)} but found type ${typeOf(data)}`;
    case "required":
      return `Missing required property: ${String(params["missingProperty"])}`;
    case "additionalProperties":
      return `Additional properties not allowed: ${String(params["additionalProperty"])}`;
    case "enum":
      return `No enum match for: ${String(data)}`;
    case "pattern":
      return `String does not match pattern ${String(params["pattern"])}: ${String(data)}`;
    case "format":
      return `Object didn't pass validation for format ${String(params["format"])}: ${String(data)}`;
    default:
      return limitViolation(keyword, data, String(params["limit"])) ?? error.message ?? keyword;
  }
}

function limitViolation(keyword: string, data: unknown, limit: string): string | undefined {
  if (keyword === "minimum") return `Value ${String(data)} is less than minimum ${limit}`;
  if (keyword === "maximum") return `Value ${String(data)} is greater than maximum ${limit}`;
  return sizeViolation(keyword, sizeOf(data), limit);
}

function sizeViolation(keyword: string, size: number, limit: string): string | undefined {
  switch (keyword) {
    case "minLength":
      return `String is too short (${size} chars), minimum ${limit}`;
    case "maxLength":
      return `String is too long (${size} chars), maximum ${limit}`;
    case "minItems":
      return `Array is too short (${size}), minimum ${limit}`;
    case "maxItems":
      return `Array is too long (${size}), maximum ${limit}`;
    case "minProperties":
      return `Too few properties defined (${size}), minimum ${limit}`;
    case "maxProperties":
      return `Too many properties defined (${size}), maximum ${limit}`;
    default:
      return undefined;
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return Object.keys(value ?? {}).length;
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
