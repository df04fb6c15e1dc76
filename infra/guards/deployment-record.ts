import { ComponentResource, type ComponentResourceOptions } from "@pulumi/pulumi";
import type { StackResources } from "../read-stack-resources.ts";
import type { RecordedDeployment } from "./guard-deployed.ts";

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

/** Records before anything is deployed: whatever interrupts the run later, the next one knows what it was about to do. */
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
export function lastRecords(resources: StackResources): DeploymentRecords {
  const [, outputs] = [...resources].find(([urn]) => urn.includes(`::${DeploymentRecord.type}::`)) ?? [];
  const records = outputs?.["records"];
  if (typeof records !== "object" || records === null) return {};
  return Object.fromEntries(Object.entries(records).filter(isRecord));
}

function isRecord(entry: [string, unknown]): entry is [string, RecordedDeployment] {
  const value = entry[1] as Partial<RecordedDeployment> | null;
  return typeof value?.codeHash === "string" && typeof value.replacedVersion === "string";
}
