import { ExpectedError } from "../../infra/expected-error.ts";
import type { PinRecord } from "../../infra/pin.ts";
import { sameContent, type ActionNow, type ActionVersion } from "../actions-api/action-version.ts";

export interface Choice {
  readonly action: ActionNow;
  /** Newest first. */
  readonly versions: readonly ActionVersion[];
  /** What `--to` names. */
  readonly to?: number | undefined;
  /** The Action's pin, if it has one. */
  readonly pin?: PinRecord | undefined;
}

/** The version that logins run. @throws ExpectedError `nothing-deployed`. */
export function deployedOf({ name, deployed }: ActionNow): ActionVersion {
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
export function chooseVersion({ action, versions, to, pin }: Choice): ActionVersion {
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
