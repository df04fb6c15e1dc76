import { readFileSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { replaceFile } from "../../lib/durable-file.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { projectRoot } from "../../lib/project.ts";
import { currentRun } from "../processes/claim-run.ts";

/** What lies where in the folder of a local world; git ignores it. */
export interface LocalFolder {
  readonly root: string;
  /** Kept from run to run, so that a browser that was told to trust them still does. */
  readonly certificates: string;
  /** Created again by each run. */
  readonly bin: string;
  readonly pulumiHome: string;
  readonly pulumiState: string;
  readonly s3: string;
  readonly passphrase: string;
  /** Names the folders of an application's uploads. */
  readonly uploadKey: string;
  readonly projectFile: string;
  readonly stackFile: string;
  /** What `pictures rollback` keeps. */
  readonly pins: string;
  readonly runFile: string;
  /** The providers' names that lead to this machine. */
  readonly localNames: string;
  /** Where commands keep what they remember between runs. */
  readonly commandState: string;
  /** What the tenant was asked, line by line. */
  readonly tenantLog: string;
}

export function localFolder(root: string): LocalFolder {
  return {
    root,
    certificates: join(root, "certificates"),
    bin: join(root, "bin"),
    pulumiHome: join(root, "pulumi-home"),
    pulumiState: join(root, "state"),
    s3: join(root, "s3"),
    passphrase: join(root, "passphrase"),
    uploadKey: join(root, "upload-key"),
    projectFile: join(root, "Pulumi.yaml"),
    stackFile: join(root, "Pulumi.local.yaml"),
    pins: join(root, "pins"),
    runFile: join(root, "run.json"),
    localNames: join(root, "local-names.json"),
    commandState: join(root, "command-state"),
    tenantLog: join(root, "tenant.log"),
  };
}

/** The repository's own folder for it, ignored by git: whatever is in there may be removed. */
export const ownFolder = join(projectRoot, ".local");

/** Says that the folder is a local world's: everything else in it may then be removed. */
const markerName = ".local-world";

/** What other commands put there before the first run. */
const harmless = new Set(["certificates", "run.lock", markerName]);

/**
 * Makes the folder a local world's.
 *
 * @throws ExpectedError `folder-not-ours` where something else lives there, `folder-unusable` where it cannot be made.
 */
export async function prepareFolder({ root }: LocalFolder): Promise<void> {
  const names = await makeFolder(root);
  if (root !== ownFolder && !names.includes(markerName) && names.some((name) => !harmless.has(name))) {
    throw new ExpectedError(
      "folder-not-ours",
      `--folder ${root} contains other files, which a run would remove. Name a new or an empty folder.`,
    );
  }
  await writeFile(join(root, markerName), "npm start deletes and recreates everything in this folder.\n");
}

async function makeFolder(root: string): Promise<string[]> {
  try {
    await mkdir(root, { recursive: true });
    return await readdir(root);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("folder-unusable", `--folder ${root} cannot be used: ${why}. Name another one.`, {
      cause,
    });
  }
}

/** Every run starts from an empty tenant, so state and objects of an earlier one describe nothing that exists. */
export async function removeFormerRun(folder: LocalFolder): Promise<void> {
  const { root: _root, certificates: _certificates, ...former } = folder;
  await Promise.all(Object.values<string>(former).map((path) => rm(path, { recursive: true, force: true })));
}

/** Where everything of a running local world is; `.local/run.json`. */
export interface RunFile {
  readonly page: string;
  readonly tenant: {
    readonly domain: string;
    readonly caFile: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly s3: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly bucket: string;
  };
}

/** It holds credentials: for the user's eyes only. */
export async function writeRunFile(file: string, run: RunFile): Promise<void> {
  await replaceFile(file, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
}

/** @throws ExpectedError `not-running` where no run goes; a killed one may have left its file. */
export function readRunFile({ root, runFile }: LocalFolder): RunFile {
  try {
    if (currentRun(root) !== undefined) return JSON.parse(readFileSync(runFile, "utf8")) as RunFile;
  } catch (cause) {
    throw new ExpectedError("not-running", "The local world is still starting: wait for its table.", {
      cause,
    });
  }
  throw new ExpectedError("not-running", "Nothing runs here. Start it in another terminal with: npm start");
}

/** The user's own of these would reach a real tenant, account or backend, or change what Pulumi does. */
const foreign = /^(AUTH0|AWS|PULUMI|PICTURES)_|^(https?|all)_proxy$/i;

/**
 * The environment for `pulumi` and everything else that works on a running local world: its credentials and its
 * certificate authority, with nothing of the user's own Auth0, AWS and Pulumi settings in it.
 */
export function localEnvironment(
  base: NodeJS.ProcessEnv,
  folder: LocalFolder,
  { tenant, s3 }: Pick<RunFile, "tenant" | "s3">,
): NodeJS.ProcessEnv {
  const kept = Object.entries(base).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [folder.bin, join(folder.pulumiHome, "bin"), base["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: folder.pulumiHome,
    PULUMI_BACKEND_URL: `file://${folder.pulumiState}`,
    PULUMI_CONFIG_PASSPHRASE: readFileSync(folder.passphrase, "utf8"),
    PULUMI_STACK: "local",
    // The `pictures` command reads the stack's file there.
    PICTURES_STACK_FOLDER: folder.root,
    PICTURES_UPLOAD_KEY: readFileSync(folder.uploadKey, "utf8"),
    // In no configuration of the stack: only commands that are run here know of the stand-ins.
    PICTURES_LOCAL_NAMES: folder.localNames,
    // The journal of `pictures` is of a tenant that is gone after the run.
    XDG_STATE_HOME: folder.commandState,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Only what lies beside `pulumi` itself and in its home: the user's path may have plugins of other versions.
    PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_REGION: s3.region,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    // Programs in Go, in Node and the AWS tools each have a variable of their own for this.
    SSL_CERT_FILE: tenant.caFile,
    NODE_EXTRA_CA_CERTS: tenant.caFile,
    AWS_CA_BUNDLE: tenant.caFile,
  };
}
