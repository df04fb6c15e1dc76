import { ExpectedError } from "../../lib/errors.ts";
import { isJsonObject } from "../../lib/json.ts";

/** Every way in which the tenant can fail on demand. */
export const faultKinds = [
  /** The answer comes `ms` later. */
  "latency",
  /** 429 with `x-ratelimit-*` and `retry-after`, the limit's reset being `ms` away. */
  "429",
  "500",
  "502",
  /** A search for users takes too long. */
  "503",
  /** The connection ends before the request has had any effect. */
  "drop-before",
  /** The request has its effect and the connection ends without an answer. */
  "drop-after",
  /** The build of a written Action takes `ms`. */
  "slow-build",
  /** The build of a written Action fails. */
  "failing-build",
  /** An import of users ends as failed, without a summary, and changes no user. */
  "failing-import",
  /** A PATCH that would take a database user's root picture away with null is refused, as Auth0's API description has it. */
  "kept-root-picture",
  /** A GET answers what the same GET answered last, if that is at most `ms` ago. */
  "stale-read",
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** Which requests fail, and how. */
export interface FaultRule {
  kind: FaultKind;
  /** How likely it is for each request that matches, from 0 to 1; 1 where it is left out. */
  probability?: number;
  /** Any one where it is left out. */
  method?: string;
  /**
   * The path without the query, `*` standing for any characters, `/` included; the Management API (`/api/v2/*`) where it
   * is left out. The routes under /local never fail.
   */
  path?: string;
  /** Milliseconds; what they mean is said at each kind. Without them: {@link defaultMs}. */
  ms?: number;
  /** This many matching requests are let through first. */
  skip?: number;
  /** It happens no more often than this. */
  times?: number;
}

/** A fault to inject now. */
export interface Fault {
  kind: FaultKind;
  ms: number;
}

export const defaultPath = "/api/v2/*";

export const defaultMs: Readonly<Record<FaultKind, number>> = {
  latency: 500,
  "429": 1000,
  "500": 0,
  "502": 0,
  "503": 0,
  "drop-before": 0,
  "drop-after": 0,
  "slow-build": 5000,
  "failing-build": 0,
  "failing-import": 0,
  "kept-root-picture": 0,
  "stale-read": 5000,
};

/** What a field has to be, in words, and the test for it. */
type Check = readonly [expected: string, holds: (value: unknown) => boolean];

const wholeNumber: Check = [
  "a whole number from 0",
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
];

const checks: Readonly<Record<keyof FaultRule, Check>> = {
  kind: [`one of ${faultKinds.join(", ")}`, isFaultKind],
  probability: ["a number from 0 to 1", (value) => typeof value === "number" && value >= 0 && value <= 1],
  method: [
    "an HTTP method in capital letters",
    (value) => typeof value === "string" && /^[A-Z]+$/.test(value),
  ],
  path: ["a path that begins with / or *", (value) => typeof value === "string" && /^[/*]/.test(value)],
  // Timers hold no more.
  ms: ["milliseconds, at most 2147483647", (value) => wholeNumber[1](value) && Number(value) < 2 ** 31],
  skip: wholeNumber,
  times: wholeNumber,
};

/**
 * Rules as a request's body or a program gives them.
 *
 * @throws ExpectedError `bad-fault` that names the rule and its field.
 */
export function parseFaultRules(value: unknown): FaultRule[] {
  if (!Array.isArray(value)) throw badFault("rules must be a list");
  return value.map((rule: unknown, index) => parseRule(rule, `rules[${index}]`));
}

/**
 * One `--fault`: the kind, and after a colon the rule's other fields, such as `429:probability=0.2,method=POST`.
 *
 * @throws ExpectedError `bad-fault` that names the field.
 */
export function parseFaultOption(text: string): FaultRule {
  const [kind = "", ...rest] = text.split(":");
  const parts = rest
    .join(":")
    .split(",")
    .filter((part) => part !== "");
  const fields = parts.map((part): [string, string | number] => {
    const [name = "", ...values] = part.split("=");
    const value = values.join("=");
    const isText = name === "method" || name === "path" || value.trim() === "";
    return [name, isText ? value : Number(value)];
  });
  return parseRule({ ...Object.fromEntries(fields), kind }, `--fault ${text}`);
}

function parseRule(rule: unknown, place: string): FaultRule {
  if (!isJsonObject(rule)) throw badFault(`${place} must be an object`);
  if (rule["kind"] === undefined) throw badFault(`${place}: kind must be ${checks.kind[0]}`);
  for (const [name, value] of Object.entries(rule)) {
    if (!isField(name)) {
      throw badFault(`${place}: ${name} is unknown; the fields are ${Object.keys(checks).join(", ")}`);
    }
    const [expected, holds] = checks[name];
    if (!holds(value)) throw badFault(`${place}: ${name} must be ${expected}`);
  }
  return rule as unknown as FaultRule;
}

function isField(name: string): name is keyof FaultRule {
  return Object.hasOwn(checks, name);
}

function isFaultKind(value: unknown): value is FaultKind {
  return faultKinds.some((kind) => kind === value);
}

function badFault(problem: string): ExpectedError {
  return new ExpectedError("bad-fault", `A fault cannot be injected: ${problem}.`);
}
