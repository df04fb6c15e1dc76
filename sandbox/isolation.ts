import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { ExpectedError } from "../lib/errors.ts";
import { isAtLeast } from "../lib/versions.ts";

/** What keeps an Action's code in its process. Each layer holds by itself, whatever another one lets through. */
export interface Layers {
  /** Node's permission model: no files, processes, workers, native code. From Node 25 on no network either. */
  readonly permissions: boolean;
  readonly networkPermission: boolean;
  /** The kernel gives the process no new descriptor, thread or process once it has started. */
  readonly limits: boolean;
  /** Namespaces of the kernel: no network interface, and a file system with nothing but Node and the system's libraries. */
  readonly namespaces: boolean;
}

/** How a process is started on this machine: the command, and what stands before its program. */
export interface Isolation {
  readonly command: string;
  readonly args: readonly string[];
  /** What starts another program as the same user, so that it may limit the process. */
  readonly sameUser: readonly string[];
  /** Whether `moveToBackground` works here. */
  readonly background: boolean;
  readonly layers: Layers;
}

let probed: Isolation | undefined;

/** The strongest isolation that works here. What works is tried once. */
export function isolation(): Isolation {
  probed ??= probe();
  return probed;
}

const doors: readonly (readonly [door: string, layers: readonly (keyof Layers)[]])[] = [
  // A limit on descriptors does not keep a process from making folders, from renaming and deleting.
  ["names of files", ["permissions", "namespaces"]],
  ["contents of files", ["permissions", "limits", "namespaces"]],
  ["the network", ["networkPermission", "limits", "namespaces"]],
  ["unix sockets", ["networkPermission", "limits", "namespaces"]],
  ["child processes", ["permissions", "limits"]],
  ["workers", ["permissions", "limits"]],
  ["native code", ["permissions", "limits", "namespaces"]],
];

/** The ways out of a process that fewer than two layers close. */
export function weakDoors(layers: Layers): string[] {
  return doors.flatMap(([door, closing]) =>
    closing.filter((layer) => layers[layer]).length < 2 ? [door] : [],
  );
}

/** One line for people where the isolation is weaker than it should be. */
export function weaknessWords(layers: Layers = isolation().layers): string | undefined {
  const weak = weakDoors(layers);
  if (weak.length === 0) return undefined;
  const missing = [
    ...(layers.limits ? [] : ["the kernel's limits (Linux, with prlimit and setpriv of util-linux)"]),
    ...(layers.namespaces ? [] : ["namespaces (Linux, unshare of util-linux, user namespaces allowed)"]),
    ...(layers.networkPermission ? [] : ["Node 25 or newer"]),
  ];
  return (
    `The sandbox closes these to Actions' code in fewer than two ways on this machine: ${weak.join(", ")}. ` +
    `What helps: ${missing.join("; ")}. SECURITY.md says what that means.`
  );
}

/**
 * For code that was fetched from a tenant.
 *
 * @param weakAllowed Whether `--weak-sandbox` was given.
 * @throws ExpectedError `sandbox-weak`.
 */
export function requireStrongSandbox(weakAllowed: boolean): void {
  const words = weaknessWords();
  if (words === undefined || weakAllowed) return;
  const message = `${words} Code that was fetched from a tenant runs here only with --weak-sandbox.`;
  throw new ExpectedError("sandbox-weak", message);
}

const nodeFlags = [
  permissionFlag(),
  "--max-old-space-size=256",
  // With half as much an impact takes 5 % longer, with twice as much each process takes 8 MB more.
  "--max-semi-space-size=4",
  "--v8-pool-size=1",
  // The engine writes files by itself where one of its flags says so, and the permission model does not know of it.
  "--freeze-flags-after-init",
  // So does the database of Node, which the permission model does not know of either.
  ...(isAtLeast(process.versions.node, "22.5") ? ["--no-experimental-sqlite"] : []),
  // What an Action does not wait for it does not learn about, in Auth0 as here.
  "--unhandled-rejections=none",
  "--no-warnings",
];

/** The flag lost its prefix in 22.13 and 23.5. */
function permissionFlag(): string {
  const { node } = process.versions;
  const isStable = isAtLeast(node, "23.5") || (isAtLeast(node, "22.13") && !isAtLeast(node, "23"));
  return isStable ? "--permission" : "--experimental-permission";
}

/** Nobody: no user of the machine, so that the kernel's limits hold and no signal reaches anything. */
const nobody = ["--reuid", "65534", "--regid", "65534", "--clear-groups"];

/** The kernel kills it with its parent. */
const kept = ["--no-new-privs", "--pdeathsig", "KILL"];

/** Root's privileges, also those of root in a namespace. */
const dropped = ["--bounding-set=-all", "--inh-caps=-all", ...kept];

/**
 * The file system of a process, made in its own namespace over a folder that is there anyway: Node and the libraries that it
 * needs, read-only. It ends with the process.
 */
const jailScript = `set -e
PATH=/usr/sbin:/usr/bin:/sbin:/bin
jail=$1 node=$2
shift 2
mount -t tmpfs -o mode=0755,size=64k,nosuid,nodev none "$jail"
for part in lib lib64 usr/lib usr/lib64 usr/local/lib nix; do
  if [ -L "/$part" ]; then ln -s "$(readlink "/$part")" "$jail/$part"
  elif [ -d "/$part" ]; then mkdir -p "$jail/$part"; mount --bind -o ro,nosuid,nodev "/$part" "$jail/$part"
  fi
done
program() { : > "$jail/$1"; mount --bind -o ro "$2" "$jail/$1"; }
program node "$node"
program setpriv /usr/bin/setpriv
mount -o remount,bind,ro "$jail"
exec chroot "$jail" "$@"`;

function probe(): Isolation {
  const node = process.execPath;
  const networkPermission = isAtLeast(process.versions.node, "25");
  const plain: Layers = { permissions: true, networkPermission, limits: false, namespaces: false };
  if (process.platform !== "linux") {
    return { command: node, args: nodeFlags, sameUser: [], background: false, layers: plain };
  }
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? nobody : [];
  // Limits that root sets itself do not hold for root.
  const sameUser = isRoot ? ["setpriv", ...nobody] : [];
  const limits = works([...sameUser, "prlimit", "--version"]);
  const starts = [
    { start: jailedStart(node, user), namespaces: true, limits },
    { start: ["setpriv", ...user, ...(isRoot ? dropped : kept), node], namespaces: false, limits },
  ].find(({ start }) => start !== undefined && works([...start, ...nodeFlags, "--version"]));
  const { start = [node], ...found } = starts ?? { namespaces: false, limits: limits && !isRoot };
  const [command = node, ...args] = [...start, ...nodeFlags];
  const background = works([...sameUser, "chrt", "--idle", "0", "chrt", "--version"]);
  return { command, args, sameUser, background, layers: { ...plain, ...found } };
}

/** Undefined where there is no folder to lay the process's file system over. */
function jailedStart(node: string, user: readonly string[]): string[] | undefined {
  const jail = ["/mnt", "/media", "/srv", "/opt"].find(
    (path) => existsSync(path) && !node.startsWith(`${path}/`),
  );
  if (jail === undefined) return undefined;
  const asRoot = user.length > 0 ? [] : ["--user", "--map-root-user"];
  const unshare = ["unshare", ...asRoot, "--net", "--mount", "--ipc"];
  return [...unshare, "sh", "-c", jailScript, "sh", jail, node, "/setpriv", ...user, ...dropped, "/node"];
}

function works([command = "", ...args]: string[]): boolean {
  return spawnSync(command, args, { stdio: "ignore", timeout: 5000, cwd: "/", env: {} }).status === 0;
}
