import {
  keptVersions,
  moduleNames,
  sameContent,
  type ActionNow,
  type ActionsApi,
  type ActionVersion,
} from "../../auth0/actions-api.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { readBundleHeader } from "../../stack/actions.ts";
import { readPin, type PinFiles, type PinRecord } from "../../stack/pins.ts";
import { unifiedDiff } from "../code-diff.ts";
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

/** A broken pin says nothing of the version before, and a rollback writes it again. */
function usablePin(files: PinFiles, name: string) {
  try {
    return readPin(files, name);
  } catch (error) {
    if (error instanceof ExpectedError) return undefined;
    throw error;
  }
}

interface Choice {
  readonly action: ActionNow;
  /** Newest first. */
  readonly versions: readonly ActionVersion[];
  /** What `--to` names. */
  readonly to?: number | undefined;
  /** The Action's pin, if it has one. */
  readonly pin?: PinRecord | undefined;
}

/** The version that logins run. @throws ExpectedError `nothing-deployed`. */
function deployedOf({ name, deployed }: ActionNow): ActionVersion {
  if (deployed !== undefined) return deployed;
  throw new ExpectedError(
    "nothing-deployed",
    `Action ${name} was never deployed. Deploy the stack: pulumi up.`,
  );
}

/**
 * The version to roll back to: the one with the number, else the newest before the deployed one that is not the same.
 * A deployed version that a rollback made counts as the one that it was made of, so that a second rollback goes further
 * back and not to what the first one was for.
 *
 * @throws ExpectedError `nothing-deployed`, `version-missing` or `no-earlier-version`.
 */
function chooseVersion({ action, versions, to, pin }: Choice): ActionVersion {
  const deployed = deployedOf(action);
  if (to !== undefined) return numbered(action.name, versions, to);
  const origin = pin?.codeHash === deployed.codeHash ? pin.version : deployed.number;
  const earlier = versions.find((version) => version.number < origin && !sameContent(version, deployed));
  if (earlier !== undefined) return earlier;
  throw new ExpectedError(
    "no-earlier-version",
    `Action ${action.name} has no version before ${origin} that differs from what runs. Name one with --to: ${numbers(versions)}.`,
  );
}

function numbered(name: string, versions: readonly ActionVersion[], to: number): ActionVersion {
  const found = versions.find(({ number }) => number === to);
  if (found !== undefined) return found;
  const message = `Action ${name} has no version ${to}; Auth0 keeps the last 50. It has ${numbers(versions)}.`;
  throw new ExpectedError("version-missing", message);
}

function numbers(versions: readonly ActionVersion[]): string {
  const listed = versions.map(({ number }) => number);
  return listed.length === 0 ? "none" : listed.join(", ");
}

/** A target that fewer deployments than this will push out is worth a word. */
const fewLeft = 10;

/**
 * What the user should know before a version is deployed again, in sentences.
 *
 * @param versions Newest first.
 */
function rollbackWarnings(
  { name, deployed, draft, allChangesDeployed }: ActionNow,
  versions: readonly ActionVersion[],
  target: ActionVersion,
): string[] {
  return [
    ...limitWarning(versions, target),
    ...secretWarning(name, deployed, target),
    ...(allChangesDeployed || draft.codeHash === deployed?.codeHash
      ? []
      : [
          `${name} has a draft that was never deployed (code ${draft.codeHash.slice(0, 12)}): it will be overwritten.`,
        ]),
  ];
}

/** The rollback itself makes one more version. */
function limitWarning(versions: readonly ActionVersion[], target: ActionVersion): string[] {
  const newer = versions.filter(({ number }) => number > target.number).length;
  const left = keptVersions - newer - 1;
  if (left > fewLeft) return [];
  const when =
    left <= 1
      ? "with this very deployment"
      : `after ${left === 2 ? "1 more deployment" : `${left - 1} more deployments`}`;
  return [
    `Auth0 keeps ${keptVersions} versions of an Action: it deletes version ${target.number} ${when}. ` +
      "Its code stays in the pin and in the new version that the rollback creates.",
  ];
}

function secretWarning(name: string, deployed: ActionVersion | undefined, target: ActionVersion): string[] {
  if (target.secrets.length === 0) return [];
  const changed = target.secrets.filter(
    (secret) =>
      !deployed?.secrets.some((now) => now.name === secret.name && now.updatedAt === secret.updatedAt),
  );
  const names = target.secrets.map((secret) => secret.name).join(", ");
  if (changed.length === 0) return [`${name} has secrets (${names}); this version has the same values.`];
  return [
    `The values that ${name}'s secrets had at that time come back with version ${target.number}: ` +
      `${changed.map((secret) => secret.name).join(", ")}. Set them again if they were replaced since.`,
  ];
}

/** What a rollback changes in the code, as a unified diff, and in runtime and modules. */
function codeDiff(name: string, from: ActionVersion, to: ActionVersion): string {
  const other = [
    ...(from.runtime === to.runtime ? [] : [`runtime: ${from.runtime} becomes ${to.runtime}`]),
    ...(modules(from) === modules(to) ? [] : [`modules: ${modules(from)} become ${modules(to)}`]),
  ];
  if (from.code === to.code) {
    const same = sameContent(from, to) ? "nothing differs" : "the code is the same";
    return [`${name}: version ${to.number} against version ${from.number}: ${same}`, ...other].join("\n");
  }
  const patch = unifiedDiff(
    { name: `${name} version ${from.number}, which runs`, code: from.code },
    { name: `${name} version ${to.number}`, code: to.code },
  );
  return [patch, ...other].join("\n");
}

function modules(version: ActionVersion): string {
  return moduleNames(version).join(", ") || "none";
}
