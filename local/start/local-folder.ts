import { rm } from "node:fs/promises";
import { join } from "node:path";

/** What lies where in the folder of a local world; git ignores it. */
export interface LocalFolder {
  readonly root: string;
  /** Kept from run to run: browsers and the AWS stand-in's cache profit from it. */
  readonly certificates: string;
  readonly awsPlugin: string;
  /** Made anew by each run. */
  readonly bin: string;
  readonly pulumiHome: string;
  readonly pulumiState: string;
  readonly s3: string;
  readonly passphrase: string;
  readonly projectFile: string;
  readonly stackFile: string;
  readonly runFile: string;
  /** What the tenant was asked, line by line. */
  readonly tenantLog: string;
}

export function localFolder(root: string): LocalFolder {
  return {
    root,
    certificates: join(root, "certificates"),
    awsPlugin: join(root, "aws"),
    bin: join(root, "bin"),
    pulumiHome: join(root, "pulumi-home"),
    pulumiState: join(root, "state"),
    s3: join(root, "s3"),
    passphrase: join(root, "passphrase"),
    projectFile: join(root, "Pulumi.yaml"),
    stackFile: join(root, "Pulumi.local.yaml"),
    runFile: join(root, "run.json"),
    tenantLog: join(root, "tenant.log"),
  };
}

/** Every run starts from an empty tenant, so state and objects of an earlier one describe nothing that exists. */
export async function removeFormerRun(folder: LocalFolder): Promise<void> {
  const { root: _root, certificates: _certificates, awsPlugin: _awsPlugin, ...former } = folder;
  await Promise.all(Object.values<string>(former).map((path) => rm(path, { recursive: true, force: true })));
}
