import { randomUUID } from "node:crypto";
import { createSandbox } from "../../../sandbox/create-sandbox.ts";
import { action } from "../action.ts";
import type { AttemptResult } from "./attempt.ts";
import type { Leftover } from "./leftovers.ts";

/** One flow leaves something, another one that has the same place in the sandbox looks for it. */
export async function runLeftovers(leftovers: readonly Leftover[]): Promise<AttemptResult[]> {
  const sandbox = createSandbox({ size: 1, flowTimeLimitMs: 5000 });
  try {
    const results: AttemptResult[] = [];
    for (const { name, leave, find } of leftovers) {
      const secret = `secret-of-${randomUUID()}`;
      const left = await sandbox.runFlow([action(leave, "Leaves")], { secret });
      const body = `api.idToken.setCustomClaim("found", String(await (async () => {${find}})()));`;
      const found = JSON.stringify(await sandbox.runFlow([action(body, "Finds")], {}));
      const failed = left.denied ? `it could not be left: ${left.denied.reason}` : undefined;
      const seen =
        found.includes(secret) || found.includes("secret-of-later") || found.includes(`"denied"`)
          ? `the next flow has: ${found}`
          : undefined;
      const words = failed ?? seen;
      results.push({
        attempt: name,
        outcome: words === undefined ? "refused" : "succeeded",
        words: words ?? "the next flow finds nothing",
      });
    }
    return results;
  } finally {
    await sandbox.stop();
  }
}
