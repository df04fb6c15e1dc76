import type { CertifyContext } from "./context.ts";

/** One thing that this product, or its local tenant, takes for true of Auth0. Each stands in a module of its own in facts/. */
export interface Fact {
  /** Stable: reports are compared by it. */
  readonly id: string;
  /** What holds, as one sentence without its full stop. */
  readonly title: string;
  readonly reliedOnBy: {
    /** The page that says so. */
    readonly document: string;
    /** The files that would be wrong. */
    readonly code: readonly string[];
  };
  /** All that it needs of the Management API, for taking away what it makes too. */
  readonly scopes: readonly string[];
  /** Whether it needs an Action in the Login flow, and logs its own user in. */
  readonly binds?: true;
  /** The step whose failure is this fact's difference, and for every other fact a reason not to know. */
  readonly shows?: string;
  readonly check: (context: CertifyContext) => Promise<Finding>;
}

export type Finding =
  | { readonly result: "holds" }
  | { readonly result: "differs"; readonly expected: string; readonly found: string }
  /** A scope is missing, the plan lacks it, or it was not asked for. */
  | { readonly result: "not-allowed"; readonly why: string }
  /** It could be asked, and there is no answer. */
  | { readonly result: "unknown"; readonly why: string };

export const holds: Finding = { result: "holds" };

export function notAllowed(why: string): Finding {
  return { result: "not-allowed", why };
}

export function unknown(why: string): Finding {
  return { result: "unknown", why };
}

/** For each thing that was looked at, by its name: what is expected and what was found, both JSON values or undefined. */
export type Comparisons = Readonly<Record<string, readonly [expected: unknown, found: unknown]>>;

/** Holds where every found value is the expected one; the order of an object's keys does not count. */
export function compare(comparisons: Comparisons): Finding {
  const different = Object.entries(comparisons).filter(
    ([, [expected, found]]) => canonical(expected) !== canonical(found),
  );
  if (different.length === 0) return holds;
  const told = (side: 0 | 1) => different.map(([name, pair]) => `${name}: ${shown(pair[side])}`).join("; ");
  return { result: "differs", expected: told(0), found: told(1) };
}

function canonical(value: unknown): string {
  return JSON.stringify({ value }, (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Longer values are cut: a report is to be read. */
const longestShown = 300;

function shown(value: unknown): string {
  const text = value === undefined ? "nothing" : JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
