import { createSandbox } from "../../../sandbox/create-sandbox.ts";
import type { SandboxAction } from "../../../sandbox/flow.ts";
import { isRecord } from "../../../lib/json.ts";
import type { Attempt } from "./attempt.ts";
import type { Targets } from "./targets.ts";
import type { Tried } from "./layer-run.ts";

/** Two at a time: an attempt is mostly the start of its process. */
const atOnce = 2;

/** Makes each attempt as an Action of a flow of its own, behind all layers. */
export async function runAsActions(attempts: readonly Attempt[], targets: Targets): Promise<Tried[]> {
  const sandbox = createSandbox({ size: atOnce, flowTimeLimitMs: 5000 });
  try {
    return await Promise.all(
      attempts.map(async (attempt) => {
        const { idTokenClaims, denied } = await sandbox.runFlow([attackingAction(attempt, targets)], {});
        return judged(attempt, targets, idTokenClaims["tried"], denied?.reason);
      }),
    );
  } finally {
    await sandbox.stop();
  }
}

/** Tells in a claim what it has found, or what it was told instead. */
export function attackingAction({ name, code }: Attempt, { prelude }: Targets): SandboxAction {
  return {
    id: name,
    name,
    secrets: {},
    code: `
      const attempt = async (require, module, api) => {${prelude}${code}\n};
      exports.onExecutePostLogin = async (event, api) => {
        let tried;
        try { tried = { returned: String(await attempt(require, module, api)) }; }
        catch (error) { tried = { threw: String(error?.message ?? error).slice(0, 300) }; }
        api.idToken.setCustomClaim("tried", tried);
      };`,
  };
}

function judged(
  { name }: Attempt,
  { secret, proof, touched }: Targets,
  tried: unknown,
  denial: string | undefined,
): Tried {
  const { returned, threw } = isRecord(tried) ? tried : {};
  const found = typeof returned === "string" ? returned : "";
  const got = found.includes(secret) || found.includes(proof) ? "it got what it was after" : touched();
  return { name, words: String(denial ?? threw ?? returned), ...(got === undefined ? {} : { got }) };
}
