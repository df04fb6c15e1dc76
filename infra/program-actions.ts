import type { ActionBundle } from "./bundle-actions.ts";
import type { ActionDependency, Pin } from "./pin.ts";

/** An Action as a run deploys it. */
export interface ProgramAction extends ActionBundle {
  readonly runtime: string;
  readonly dependencies: readonly ActionDependency[];
}

/** What the sources are bundled for. */
const sourceRuntime = "node22";

/** The Actions from the source; a pinned one as its pin says. */
export function programActions(bundles: readonly ActionBundle[], pins: readonly Pin[]): ProgramAction[] {
  return bundles.map(({ name, code }) => {
    const pin = pins.find(({ action }) => action === name);
    if (pin === undefined) return { name, code, runtime: sourceRuntime, dependencies: [] };
    return { name, code: pin.code, runtime: pin.runtime, dependencies: pin.dependencies };
  });
}
