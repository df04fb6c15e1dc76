import type { SandboxAction } from "../../sandbox/flow.ts";

/** An Action whose handler has this body; `event` and `api` are there. */
export function action(body: string, name = "Test", secrets: Record<string, string> = {}): SandboxAction {
  return { id: name, name, secrets, code: `exports.onExecutePostLogin = async (event, api) => {${body}};` };
}
