import { createSandbox } from "../../sandbox/create-sandbox.ts";
import type { FlowResult } from "../../sandbox/flow.ts";
import type { RunResult, TimedRun } from "./run-result.ts";

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
