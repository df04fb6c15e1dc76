import { existsSync } from "node:fs";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { terminalLines } from "../../lib/terminal-text.ts";
import { behindSource, describeBehind } from "../../stack/pin-findings.ts";
import { pinFiles, readPin, type Pin } from "../../stack/pins.ts";
import { stackName } from "../../stack/stack-file.ts";
import type { CommandReport } from "../command.ts";
import { tenantDomain } from "../pulumi/stack-tenant.ts";
import { withTenantLock } from "../tenant-lock.ts";
import { programNow, sourceCode } from "./program-now.ts";
import { readUnfinished, removePin, resumes } from "./unfinished-rollback.ts";

/**
 * Takes an Action's pin away. Nothing is deployed: the next `pulumi up` does that.
 *
 * @param wait Whether to wait for another command on this machine that changes what is deployed.
 * @throws ExpectedError `not-pinned`, `rollback-unfinished`, or what `withTenantLock` throws.
 */
export async function unpin(
  stack: string,
  action: string,
  env: Environment,
  wait = false,
): Promise<CommandReport> {
  const lock = { command: "pictures unpin", env, wait };
  return withTenantLock(tenantDomain(stack, env), ["deployment"], lock, () =>
    takePinAway(stack, action, env),
  );
}

async function takePinAway(stack: string, action: string, env: Environment): Promise<CommandReport> {
  const files = pinFiles(stackName(stack), env);
  const unfinished = readUnfinished(files);
  if (unfinished !== undefined) resumes(unfinished, [], "unpin");
  if (![files.code(action), files.record(action)].some((file) => existsSync(file))) {
    throw new ExpectedError("not-pinned", `Action ${action} is not pinned in stack ${stack}.`);
  }
  const pin = usable(() => readPin(files, action));
  const source = sourceCode(await programNow(stack, env), action);
  removePin(files, action, pin?.deployed.id);
  const behind = pin === undefined || source === undefined ? undefined : behindSource(pin.code, source);
  const was =
    pin === undefined
      ? "The pin was broken."
      : `It was pinned to version ${pin.version} since ${pin.pinnedAt}` +
        `${behind === undefined ? "" : `; ${describeBehind(behind)}`}.`;
  return {
    text: terminalLines([
      `Action ${action} is no longer pinned: the next pulumi up deploys the source. ${was}`,
      `Commit ${files.folder}, then: pulumi up --stack ${stack}`,
    ]),
    json: { stack, action, version: pin?.version ?? null, behind: behind ?? null },
  };
}

/** A broken pin can be taken away as well. */
function usable(read: () => Pin | undefined): Pin | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}
