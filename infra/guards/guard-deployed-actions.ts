import type { ProviderResource } from "@pulumi/pulumi";
import { allInOrder } from "../all-in-order.ts";
import { askTenant } from "../ask-tenant.ts";
import type { ActionBundle } from "../bundle-actions.ts";
import { codeHash, shortHash } from "../code-hash.ts";
import { ExpectedError } from "../expected-error.ts";
import type { Pins } from "../read-pins.ts";
import type { StackResources } from "../read-stack-resources.ts";
import { lastRecords, type DeploymentRecords } from "./deployment-record.ts";
import { guardDeployed, nextRecord, type DeployedSituation, type DeployedVersion } from "./guard-deployed.ts";

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
        program: codeHash(code),
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
    "Somebody rolled back or edited an Action by hand, and this run would undo it:",
    ...refused.map(([name, situation]) => line(name, situation)),
    "Nothing was changed. If it was pictures rollback, commit its pin where it ran and pull it here: " +
      `${refused.map(([name]) => `pins/${stack}/${name}.js and .json`).join(", ")}.`,
    "To keep what runs otherwise, bring it into the source. To replace it:",
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
