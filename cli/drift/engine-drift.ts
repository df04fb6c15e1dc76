import { isDeepStrictEqual } from "node:util";
import { isRecord } from "../../lib/json.ts";
import { unifiedDiff } from "../code-diff.ts";
import type { DriftFinding } from "./drift.ts";
import type { PreviewStep } from "./preview.ts";

/** What the engine's preview would change, one finding for each property. */
export function engineDrift(stack: string, steps: readonly PreviewStep[]): DriftFinding[] {
  const before = new Map(
    steps.filter(({ op }) => op === "refresh").map((step) => [step.urn, step.old.inputs]),
  );
  return steps.flatMap((step) => findingsOf(stack, step, before.get(step.urn)));
}

/** @param deployed The inputs of the last deployment; undefined where the stack never had the resource. */
function findingsOf(
  stack: string,
  step: PreviewStep,
  deployed: Readonly<Record<string, unknown>> | undefined,
): DriftFinding[] {
  const whole = { resource: resourceName(step), property: "" };
  const up = `pulumi up --refresh --stack ${stack}`;
  switch (step.op) {
    case "create": {
      const code = deployed === undefined ? "program-ahead" : "resource-missing";
      return [{ code, ...whole, expected: "there", found: "missing", mend: up }];
    }
    case "delete":
      return [{ code: "program-ahead", ...whole, expected: "not in the program", found: "there", mend: up }];
    case "update":
    case "replace":
      return propertyFindings(step, deployed ?? {}, up);
    default:
      return [];
  }
}

function propertyFindings(
  step: PreviewStep,
  deployed: Readonly<Record<string, unknown>>,
  mend: string,
): DriftFinding[] {
  const resource = resourceName(step);
  const properties = [...new Set(step.changed.map(propertyOf))];
  // An engine that names no property says that something differs all the same.
  return (properties.length === 0 ? [""] : properties).map((property) => {
    const wanted = valueAt(step.wanted.inputs, property);
    const found = valueAt(step.old.outputs, property) ?? valueAt(step.old.inputs, property);
    const isAhead = !isDeepStrictEqual(plain(wanted), plain(valueAt(deployed, property)));
    return {
      code: isAhead ? "program-ahead" : "resource-changed",
      resource,
      property,
      ...(property === "code" && typeof wanted === "string" && typeof found === "string"
        ? { expected: "the program's code", found: "other code", diff: codeDiff(step.name, wanted, found) }
        : { expected: shown(wanted), found: shown(found) }),
      mend,
    };
  });
}

/** A list is shown as a whole: `grantTypes` of `grantTypes[1]`. */
function propertyOf(path: string): string {
  return path.split("[")[0] ?? path;
}

function valueAt(values: unknown, path: string): unknown {
  if (path === "") return values;
  return path.split(".").reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), values);
}

/** Without what the engine keeps for itself. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).filter(([key]) => !key.startsWith("__"));
  return Object.fromEntries(entries.map(([key, item]) => [key, plain(item)]));
}

const longest = 300;

function shown(value: unknown): string {
  if (value === undefined || value === null) return "none";
  const text = typeof value === "string" ? value : JSON.stringify(plain(value));
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}

/** Types that read better under another name; the others are called what they are. */
const kinds: Readonly<Record<string, (name: string) => string>> = {
  "auth0:index/action:Action": (name) => `Action ${name}`,
  "auth0:index/triggerActions:TriggerActions": () => "Login flow",
  "userpictures:index:SharedFlow": () => "Login flow",
  "userpictures:index:ConnectionSync": (name) => `Connection ${name}`,
  "auth0:index/client:Client": (name) => `Client ${name}`,
  "auth0:index/clientGrant:ClientGrant": (name) => `Grant of client ${name}`,
  "auth0:index/clientCredentials:ClientCredentials": (name) => `Credentials of client ${name}`,
};

export function resourceName({ type, name }: Pick<PreviewStep, "type" | "name">): string {
  return kinds[type]?.(name) ?? `${type.slice(type.lastIndexOf(":") + 1)} ${name}`;
}

/** A unified diff of an Action's code, from what the program has to what the tenant has. */
export function codeDiff(action: string, expected: string, found: string): string {
  return unifiedDiff(
    { name: `${action}.js (program)`, code: expected },
    { name: `${action}.js (tenant)`, code: found },
  );
}
