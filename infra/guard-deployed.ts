import {
  ComponentResource,
  runtime,
  type ComponentResourceOptions,
  type ProviderResource,
} from "@pulumi/pulumi";
import { allInOrder } from "../lib/concurrency.ts";
import { ExpectedError } from "../lib/errors.ts";
import { sha256, shortHash } from "../lib/hash.ts";
import type { ActionBundle } from "../stack/bundle-actions.ts";
import type { Pins } from "../stack/pins.ts";
import type { StackResources } from "./read-stack-resources.ts";

export interface GuardedRun {
  readonly stack: string;
  /** As they are deployed: a pinned one is its pin's. */
  readonly bundles: readonly ActionBundle[];
  /** Config key `replaceDeployed`: the Actions whose deployed version may be replaced, whatever it is. */
  readonly replaceDeployed: readonly string[];
  readonly pinned: Pins;
  /** The state before this run. */
  readonly resources: Promise<StackResources>;
}

interface DeployedVersions {
  readonly actions: readonly (DeployedVersion & { readonly name: string })[];
}

type Situations = ReadonlyMap<string, DeployedSituation>;

/**
 * Fails where the tenant runs a version of one of our Actions that neither this stack nor this program knows. Costs one
 * read.
 *
 * @param provider Our own one: it asks the tenant.
 * @returns What is to be recorded before anything is deployed.
 * @throws ExpectedError `deployed-version-unknown`, naming each such Action and what to do; `auth0-refused`.
 */
export async function guardDeployedActions(
  run: GuardedRun,
  provider: ProviderResource,
): Promise<DeploymentRecords> {
  const [{ actions }, resources] = await allInOrder([
    askTenant<DeployedVersions>("userpictures:index:deployedVersions", {}, provider),
    run.resources,
  ]);
  const records = lastRecords(resources);
  const situations: Situations = new Map(
    run.bundles.map(({ name, code }) => [
      name,
      {
        deployed: actions.find((action) => action.name === name),
        lastState: records[name],
        program: sha256(code),
        ...pinOf(name, run.pinned),
        replaceDeployed: run.replaceDeployed.includes(name),
      },
    ]),
  );
  refuseUnknownVersions(run, situations);
  return Object.fromEntries([...situations].map(([name, situation]) => [name, nextRecord(situation)]));
}

function pinOf(name: string, { pins, released }: Pins): Pick<DeployedSituation, "pin" | "released"> {
  const pin = pins.find(({ action }) => action === name);
  const former = released[name];
  return {
    ...(pin === undefined ? {} : { pin: pin.codeHash }),
    ...(former === undefined ? {} : { released: former }),
  };
}

function refuseUnknownVersions({ stack, replaceDeployed }: GuardedRun, situations: Situations): void {
  const refused = [...situations].filter(([, situation]) => guardDeployed(situation) === "refused");
  if (refused.length === 0) return;
  const names = JSON.stringify([...replaceDeployed, ...refused.map(([name]) => name)]);
  const message = [
    "An Action was rolled back or edited by hand, and this run would undo that:",
    ...refused.map(([name, situation]) => line(name, situation)),
    "Nothing was changed. If it was pictures rollback, commit its pin on the machine where it ran, and pull it here: " +
      `${refused.map(([name]) => `pins/${stack}/${name}.js and .json`).join(", ")}.`,
    "To keep another version, put its code into the source. To replace it:",
    `  pulumi config set replaceDeployed '${names}' --stack ${stack}`,
    `and, when it is replaced: pulumi config rm replaceDeployed --stack ${stack}.`,
  ];
  throw new ExpectedError("deployed-version-unknown", message.join("\n"));
}

function line(name: string, { deployed, lastState, program, pin }: DeployedSituation): string {
  const version = deployed?.number === 0 ? "a version" : `version ${deployed?.number}`;
  return (
    `  - ${name}: ${version} runs (code ${shortHash(deployed?.codeHash)}), which is neither what this stack deployed last ` +
    `(${shortHash(lastState?.codeHash)}) nor what the program deploys (${shortHash(program)}` +
    `${pin === undefined ? "; there is no pin here" : ", its pin"}).`
  );
}

/**
 * Asks the tenant through our own provider, before anything is registered.
 *
 * @param token Of the provider's function.
 * @throws ExpectedError `auth0-refused` with what the provider says: a scope that is missing, a tenant that does not answer.
 */
export async function askTenant<T>(
  token: string,
  args: Readonly<Record<string, unknown>>,
  provider: ProviderResource,
): Promise<T> {
  try {
    return (await runtime.invoke(token, args, { provider })) as T;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("auth0-refused", why, { cause });
  }
}

/** What a stack's last run knew of one Action. */
interface RecordedDeployment {
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
  /** The hash of a version that was rolled back to on purpose. */
  readonly pin?: string;
  /** The id of a version that was pinned once: `pictures unpin` let the source replace it. */
  readonly released?: string;
  /** Whether the configuration names the Action in `replaceDeployed`. */
  readonly replaceDeployed: boolean;
}

type DeployedVerdict =
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
 * nor what the program would deploy nor a pin: it was rolled back or edited by hand.
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

/** By the Action's name. */
export type DeploymentRecords = Readonly<Record<string, RecordedDeployment>>;

/** Keeps in the stack's state what its runs deployed. It has no provider: a refresh leaves it as it is. */
class DeploymentRecord extends ComponentResource {
  static readonly type = "auth0-user-pictures:index:DeploymentRecord";

  constructor(name: string, records: DeploymentRecords, options: ComponentResourceOptions) {
    super(DeploymentRecord.type, name, {}, options);
    this.registerOutputs({ records });
  }
}

/** Records before anything is deployed: if the run is interrupted later, the next one knows what it was about to do. */
export async function recordDeployments(
  records: DeploymentRecords,
  options: ComponentResourceOptions,
): Promise<void> {
  const { urn } = new DeploymentRecord("deployments", records, options);
  await new Promise((resolve) => {
    urn.apply(resolve);
  });
}

/** What the last run recorded; empty for a new stack and for one whose state was lost. */
function lastRecords(resources: StackResources): DeploymentRecords {
  const [, outputs] = [...resources].find(([urn]) => urn.includes(`::${DeploymentRecord.type}::`)) ?? [];
  const records = outputs?.["records"];
  if (typeof records !== "object" || records === null) return {};
  return Object.fromEntries(Object.entries(records).filter(isRecord));
}

function isRecord(entry: [string, unknown]): entry is [string, RecordedDeployment] {
  const value = entry[1] as Partial<RecordedDeployment> | null;
  return typeof value?.codeHash === "string" && typeof value.replacedVersion === "string";
}
