/** A JSON schema of a request's body, made by the functions below. */
export type BodySchema = Readonly<Record<string, unknown>>;

/** A string; `format` is one of JSON Schema's or of {@link bodyFormats}. */
export function text(
  limits: {
    minLength?: number;
    maxLength?: number;
    pattern?: string;
    format?: string;
    description?: string;
  } = {},
): BodySchema {
  return { type: "string", ...limits };
}

export const flag: BodySchema = { type: "boolean" };

/** An integer from `minimum` to `maximum`, both included. */
export function whole(minimum?: number, maximum?: number): BodySchema {
  return {
    type: "integer",
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
  };
}

export function oneOf(...values: string[]): BodySchema {
  return { type: "string", enum: values };
}

export function list(items: BodySchema, limits: { minItems?: number; maxItems?: number } = {}): BodySchema {
  return { type: "array", items, ...limits };
}

/** An object of these properties and no others. */
export function closed(properties: Record<string, BodySchema>, ...required: string[]): BodySchema {
  return { type: "object", additionalProperties: false, properties, required };
}

/** An object that may have further properties. */
export function open(properties: Record<string, BodySchema> = {}, ...required: string[]): BodySchema {
  return { type: "object", properties, required };
}

/** An object whose keys are free and whose values are alike. */
export function dictionary(values: BodySchema, maxProperties?: number): BodySchema {
  return {
    type: "object",
    additionalProperties: values,
    ...(maxProperties === undefined ? {} : { maxProperties }),
  };
}

/** An object that has at least one property. */
export function notEmpty(schema: BodySchema): BodySchema {
  return { ...schema, minProperties: 1 };
}

/** The same, or null. */
export function orNull(schema: BodySchema): BodySchema {
  const values = schema["enum"];
  return {
    ...schema,
    type: [schema["type"], "null"],
    ...(Array.isArray(values) ? { enum: [...(values as unknown[]), null] } : {}),
  };
}

/** The properties, each of which may be null too. */
export function allOrNull(properties: Record<string, BodySchema>): Record<string, BodySchema> {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, orNull(schema)]));
}

/** Formats of Auth0's own, as far as their names tell what they check. `*` and `{placeholders}` stand in hosts. */
export const bodyFormats: Readonly<Record<string, (value: string) => boolean>> = {
  "email-or-empty": (value) => value === "" || /^[^\s@]+@[^\s@]+$/.test(value),
  "absolute-uri-or-empty": (value) => value === "" || isAddress(value),
  "absolute-https-uri-or-empty": (value) => value === "" || isAddress(value, ["https:"]),
  "absolute-https-uri-with-placeholders-or-empty": (value) =>
    value === "" || isAddress(withoutPlaceholders(value), ["https:"]),
  "url-with-placeholders": (value) => isAddress(withoutPlaceholders(value)),
  // Applications of phones call back to schemes of their own.
  "callback-url": (value) => /^[a-z][a-z0-9+.-]*:/i.test(value),
};

function isAddress(value: string, protocols?: readonly string[]): boolean {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  return url !== undefined && (protocols === undefined || protocols.includes(url.protocol));
}

function withoutPlaceholders(value: string): string {
  return value.replace(/\{[^{}]*\}|\*/g, "placeholder");
}
