import { createSandbox } from "../../sandbox/create-sandbox.ts";
import type { FlowResult } from "../../sandbox/flow.ts";

/** What one run of an Action's code on an event made of the login; undefined where the place does not say. */
export interface RunResult {
  readonly idTokenClaims: Readonly<Record<string, unknown>> | undefined;
  readonly accessTokenClaims: Readonly<Record<string, unknown>> | undefined;
  readonly userMetadata: Readonly<Record<string, unknown>> | undefined;
  readonly appMetadata: Readonly<Record<string, unknown>> | undefined;
  readonly console: readonly string[] | undefined;
  /** The message of what it threw. */
  readonly error: string | undefined;
  /** The reason that it gave for denying the login. */
  readonly denied: string | undefined;
}

/** With how long it took, in milliseconds. */
export interface TimedRun {
  readonly result: RunResult;
  readonly durationMs: number;
}

/** For people, in the order of the table. */
export const resultParts = [
  ["ID token claims", "idTokenClaims"],
  ["access token claims", "accessTokenClaims"],
  ["user_metadata", "userMetadata"],
  ["app_metadata", "appMetadata"],
  ["console", "console"],
  ["error", "error"],
  ["denied", "denied"],
] as const satisfies readonly (readonly [string, keyof RunResult])[];

/** The parts in which two runs differ; what one of them does not say is not a difference, except for errors and denials. */
export function differences(one: RunResult, other: RunResult): string[] {
  return resultParts.flatMap(([label, part]) => {
    const [a, b] = [one[part], other[part]];
    const isUnsaid = (a === undefined || b === undefined) && part !== "error" && part !== "denied";
    return isUnsaid || canonical(a) === canonical(b) ? [] : [label];
  });
}

/** JSON whose keys are in alphabetical order; in a list, since undefined alone has none. */
function canonical(value: unknown): string {
  return JSON.stringify([value], (_key, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Runs an Action's code on an event in the local tenant's sandbox: without files, network, or any of our variables, so
 * without credentials. Never rejects because of the code: a run that ends badly is a result.
 */
export async function runLocally(code: string, event: object): Promise<TimedRun> {
  const sandbox = createSandbox({ size: 1 });
  try {
    const flow = await sandbox.runFlow([{ id: "try", name: "try", code, secrets: {} }], event);
    return { result: resultOf(flow), durationMs: flow.actions[0]?.durationMs ?? 0 };
  } finally {
    await sandbox.stop();
  }
}

function resultOf(flow: FlowResult): RunResult {
  const { actions, denied, idTokenClaims, accessTokenClaims, userMetadata, appMetadata } = flow;
  const isDenied = denied?.cause === "deny";
  return {
    idTokenClaims,
    accessTokenClaims,
    userMetadata,
    appMetadata,
    console: actions[0]?.console,
    error: isDenied ? undefined : denied?.reason,
    denied: isDenied ? denied.reason : undefined,
  };
}
