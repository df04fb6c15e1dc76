import { readBundleHeader } from "../../infra/bundle-header.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import type { PinFiles } from "../../infra/pin-files.ts";
import { readPin } from "../../infra/read-pins.ts";
import type { ActionsApi } from "../actions-api/actions-api.ts";
import type { ActionNow, ActionVersion } from "../actions-api/action-version.ts";
import { chooseVersion, deployedOf } from "./choose-version.ts";
import { codeDiff } from "./code-diff.ts";
import { rollbackWarnings } from "./rollback-warnings.ts";
import { knownVersion, type RollbackStep } from "./unfinished-rollback.ts";

/** One Action's part of a rollback, before anything is done. */
export interface PlannedStep {
  readonly step: RollbackStep;
  readonly action: ActionNow;
  /** For people. */
  readonly diff: string;
  readonly warnings: readonly string[];
}

/** The Action to the version with this number, or to the one before. Two reads. */
export async function planOne(
  api: ActionsApi,
  files: PinFiles,
  name: string,
  to?: number,
): Promise<PlannedStep> {
  const action = await api.find(name);
  const versions = await api.versions(action.id);
  return planned(action, versions, chooseVersion({ action, versions, to, pin: usablePin(files, name) }));
}

/**
 * The Action to its newest version that was made from these sources. Two reads.
 *
 * @throws ExpectedError `version-missing`.
 */
export async function planToSource(
  api: ActionsApi,
  name: string,
  source: { readonly commit: string; readonly sourceHash: string },
): Promise<PlannedStep> {
  const action = await api.find(name);
  const versions = await api.versions(action.id);
  const target = versions.find(({ code }) => readBundleHeader(code)?.sourceHash === source.sourceHash);
  if (target !== undefined) return planned(action, versions, target);
  const message =
    `No version of Action ${name} was made from the sources of ${source.commit} (sha256 ${source.sourceHash.slice(0, 12)}); ` +
    "Auth0 keeps the last 50. Nothing was changed.";
  throw new ExpectedError("version-missing", message);
}

function planned(action: ActionNow, versions: readonly ActionVersion[], target: ActionVersion): PlannedStep {
  const from = deployedOf(action);
  return {
    step: {
      action: action.name,
      actionId: action.id,
      from: knownVersion(from),
      target: knownVersion(target),
    },
    action,
    diff: codeDiff(action.name, from, target),
    warnings: rollbackWarnings(action, versions, target),
  };
}

/** A broken pin says nothing of the version before, and a rollback writes it anew. */
function usablePin(files: PinFiles, name: string) {
  try {
    return readPin(files, name);
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}
