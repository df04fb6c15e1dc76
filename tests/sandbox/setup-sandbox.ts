import type { Sandbox, SandboxOptions } from "../../sandbox/create-sandbox.ts";
import { createSandbox } from "../../sandbox/create-sandbox.ts";
import type { FlowResult } from "../../sandbox/flow.ts";
import { action } from "./action.ts";

export interface TestSandbox {
  sandbox: Sandbox;
  /** Runs one Action whose handler has this body. */
  run: (body: string, event?: unknown) => Promise<FlowResult>;
}

/** A sandbox for each test of the surrounding suite, stopped after it. */
export function setupSandbox(options: SandboxOptions = { size: 1 }): () => TestSandbox {
  let sandbox: Sandbox;
  beforeEach(() => {
    sandbox = createSandbox(options);
  });
  afterEach(() => sandbox.stop());
  return () => ({ sandbox, run: (body, event = {}) => sandbox.runFlow([action(body)], event) });
}
