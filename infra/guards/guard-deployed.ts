/** What a stack's last run knew of one Action. */
export interface RecordedDeployment {
  /** SHA-256, in hexadecimal, of the code that the run was to deploy. */
  readonly codeHash: string;
  /** The version that ran before it, empty where none did: still there, the run was interrupted before it deployed. */
  readonly replacedVersion: string;
}

/** The version of an Action that the tenant runs. */
export interface DeployedVersion {
  readonly versionId: string;
  /** Counts from 1 for each Action; 0 where the tenant does not say. */
  readonly number: number;
  readonly codeHash: string;
}

export interface DeployedSituation {
  /** What the tenant runs; undefined where nothing was deployed yet. */
  readonly deployed: DeployedVersion | undefined;
  /** What the last run knew; undefined where no run of this stack is known. */
  readonly lastState: RecordedDeployment | undefined;
  /** The hash of the code that the program would deploy. */
  readonly program: string;
  /** The hash of a version that somebody rolled back to on purpose. */
  readonly pin?: string;
  /** The id of a version that was pinned once: `pictures unpin` let the source replace it. */
  readonly released?: string;
  /** Whether the configuration names the Action in `replaceDeployed`. */
  readonly replaceDeployed: boolean;
}

export type DeployedVerdict =
  | "not-deployed"
  | "is-program"
  | "is-pin"
  | "was-pinned"
  | "first-run"
  | "is-last-state"
  | "was-interrupted"
  | "named"
  | "refused";

/**
 * Whether a deployment may replace what the tenant runs. It may not, where that is neither what this stack deployed last
 * nor what the program would deploy nor a pin: somebody rolled back or edited it by hand.
 *
 * A rollback makes a new version, with an id of its own, even of the same code. So the id of the version that the last
 * run was about to replace tells an interrupted run from a rollback to that version.
 */
export function guardDeployed(situation: DeployedSituation): DeployedVerdict {
  const { deployed, lastState, program, pin, released, replaceDeployed } = situation;
  if (deployed === undefined) return "not-deployed";
  if (deployed.codeHash === program) return "is-program";
  if (deployed.codeHash === pin) return "is-pin";
  if (deployed.versionId === released) return "was-pinned";
  if (lastState === undefined) return "first-run";
  if (deployed.codeHash === lastState.codeHash) return "is-last-state";
  if (deployed.versionId === lastState.replacedVersion) return "was-interrupted";
  return replaceDeployed ? "named" : "refused";
}

/** What the state is to hold from now on; unchanged while the program is, so that a repeated run changes nothing. */
export function nextRecord({ deployed, lastState, program }: DeployedSituation): RecordedDeployment {
  if (lastState?.codeHash === program) return lastState;
  return { codeHash: program, replacedVersion: deployed?.versionId ?? "" };
}
