import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { isAtLeast } from "../lib/versions.ts";

/** How a child is started on this machine: the command, and what stands before its program. */
export interface Isolation {
  command: string;
  args: string[];
  /** True where the kernel, too, keeps the network away. */
  networkNamespace: boolean;
}

const nodeFlags = [
  ...permissionFlags(),
  // An escape into the child's own realm finds no eval and no Function to make code with.
  "--disallow-code-generation-from-strings",
  "--max-old-space-size=256",
  "--no-warnings",
];

let probed: Isolation | undefined;

/**
 * Node under its permission model (no files, processes, workers, addons). On Linux and where the kernel allows it, also in
 * a network namespace of its own that has no interface, and killed by the kernel when its parent dies. What works
 * is tried once.
 */
export function isolation(): Isolation {
  probed ??= probe();
  return probed;
}

function probe(): Isolation {
  const node = [process.execPath, ...nodeFlags];
  if (process.platform !== "linux") return isolated([...node], false);
  const onParentDeath = ["setpriv", "--pdeathsig", "KILL"];
  const withDeathSignal = works([...onParentDeath, "true"]) ? onParentDeath : [];
  const namespaces = [
    ["unshare", "--net"],
    ["unshare", "--user", "--map-current-user", "--net"],
  ];
  const namespace = namespaces.find((prefix) => works([...prefix, ...withDeathSignal, "true"]));
  return isolated([...(namespace ?? []), ...withDeathSignal, ...node], namespace !== undefined);
}

function isolated([command = "", ...args]: string[], networkNamespace: boolean): Isolation {
  return { command, args, networkNamespace };
}

function works([command = "", ...args]: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore", timeout: 5000 }).status === 0;
}

/** The flag lost its prefix in 22.13 and 23.5. */
function permissionFlags(): string[] {
  const { node } = process.versions;
  const isStable = isAtLeast(node, "23.5") || (isAtLeast(node, "22.13") && !isAtLeast(node, "23"));
  return [isStable ? "--permission" : "--experimental-permission"];
}

let script: string | undefined;

/** The program of the sandbox's own child, built at the first call. */
export function childScript(): string {
  script ??= buildChildScript(join(__dirname, "child", "main.ts"));
  return script;
}

/** A child's whole program as one script for `--eval`: it may read no file, so everything is in it. */
export function buildChildScript(entry: string): string {
  const realm = bundle(join(__dirname, "child", "action-realm.ts"), {
    format: "iife",
    globalName: "actionRealm",
  });
  const main = bundle(entry, {
    format: "cjs",
    define: { ACTION_REALM_SOURCE: JSON.stringify(`"use strict";${realm};actionRealm.createActionRealm`) },
  });
  // A function around it: what a script given by --eval declares would be global otherwise.
  return `(() => {"use strict";${main}})();`;
}

function bundle(entry: string, options: object): string {
  const result = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    minify: true,
    logLevel: "silent",
    ...options,
  });
  return result.outputFiles[0]?.text ?? "";
}
