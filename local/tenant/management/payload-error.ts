import type { FastifySchemaValidationError } from "fastify/types/schema.js";
import { ManagementError } from "./management-error.ts";

/** With `verbose`, ajv also tells the value that failed and the schema that refused it. */
interface VerboseError extends FastifySchemaValidationError {
  data?: unknown;
  parentSchema?: { description?: string };
}

/**
 * A violation of a body's schema in Auth0's words: `Payload validation error: 'Expected type string but found type
 * integer' on property name (The name of the action).`
 */
export function payloadError(errors: FastifySchemaValidationError[], dataVar: string): ManagementError {
  const first: VerboseError | undefined = errors[0];
  if (!first) return new ManagementError(400, "Payload validation error.", "invalid_body");
  const kind = dataVar === "body" ? "Payload" : dataVar === "params" ? "Path" : "Query";
  const property = first.instancePath.slice(1).replaceAll("/", ".");
  const description = first.parentSchema?.description;
  const where = property && ` on property ${property}${description ? ` (${description})` : ""}`;
  const errorCode = { Payload: "invalid_body", Path: "invalid_uri", Query: "invalid_query_string" }[kind];
  return new ManagementError(400, `${kind} validation error: '${violation(first)}'${where}.`, errorCode);
}

function violation(error: VerboseError): string {
  const { params } = error;
  switch (error.keyword) {
    case "type":
      return `Expected type ${String(params["type"])} but found type ${typeOf(error.data)}`;
    case "required":
      return `Missing required property: ${String(params["missingProperty"])}`;
    case "additionalProperties":
      return `Additional properties not allowed: ${String(params["additionalProperty"])}`;
    case "enum":
      return `No enum match for: ${String(error.data)}`;
    case "minLength":
      return `String is too short (${String(error.data).length} chars), minimum ${String(params["limit"])}`;
    case "maxLength":
      return `String is too long (${String(error.data).length} chars), maximum ${String(params["limit"])}`;
    case "minItems":
    case "maxItems":
      return `Array has the wrong number of items, ${error.keyword} is ${String(params["limit"])}`;
    case "format":
      return `Object didn't pass validation for format ${String(params["format"])}: ${String(error.data)}`;
    default:
      return error.message ?? error.keyword;
  }
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return Number.isInteger(value) ? "integer" : typeof value;
}
