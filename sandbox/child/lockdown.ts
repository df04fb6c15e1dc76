import assert from "node:assert";
import buffer from "node:buffer";
import childProcess from "node:child_process";
import cluster from "node:cluster";
import crypto from "node:crypto";
import dgram from "node:dgram";
import dns from "node:dns";
import dnsPromises from "node:dns/promises";
import events from "node:events";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import path from "node:path";
// The package of this name is not meant: an Action that asks for the builtin gets the builtin.
import punycode from "node:punycode";
import querystring from "node:querystring";
import stringDecoder from "node:string_decoder";
import tls from "node:tls";
import url from "node:url";
import util from "node:util";
import workerThreads from "node:worker_threads";

/** What the child itself goes on using after everything else is gone. */
export interface KeptProcess {
  /** To a parent that started it with an IPC channel. @throws Error where there is none. */
  send: (message: object) => void;
  exit: (code: number) => never;
}

/** Names that an Action's code could use from the child's own realm, had it broken out of its context. */
const removedGlobals = [
  "EventSource",
  "WebSocket",
  "Worker",
  "XMLHttpRequest",
  "__dirname",
  "__filename",
  "exports",
  "fetch",
  "module",
  "navigator",
  "process",
  "require",
];

const removedFromProcess = [
  "_debugEnd",
  "_debugProcess",
  "_getActiveHandles",
  "_getActiveRequests",
  "_kill",
  "_linkedBinding",
  "_rawDebug",
  "_startProfilerIdleNotifier",
  "_stopProfilerIdleNotifier",
  "abort",
  "allowedNodeEnvironmentFlags",
  "argv",
  "argv0",
  "binding",
  "chdir",
  "config",
  "cwd",
  "debugPort",
  "dlopen",
  "execArgv",
  "execPath",
  "execve",
  "exit",
  "finalization",
  "getActiveResourcesInfo",
  "getBuiltinModule",
  "getegid",
  "geteuid",
  "getgid",
  "getgroups",
  "getuid",
  "initgroups",
  "kill",
  "loadEnvFile",
  "mainModule",
  "moduleLoadList",
  "openStdin",
  "permission",
  "pid",
  "ppid",
  "reallyExit",
  "report",
  "send",
  "setegid",
  "seteuid",
  "setgid",
  "setgroups",
  "setuid",
  "stderr",
  "stdin",
  "stdout",
  "title",
  "umask",
];

/**
 * Takes the network, and every way to get hold of it again, out of this process permanently; files, processes, workers and
 * addons are already closed by Node's permission model, code made from strings by a flag. Call it once, after
 * everything was loaded.
 */
export function lockDown(): KeptProcess {
  const own = process;
  const send = own.send?.bind(own);
  // The public exit() calls it by name, and the name is taken away.
  const reallyExit = (own as unknown as { reallyExit: (code: number) => never }).reallyExit.bind(own);

  for (const module of [
    net,
    tls,
    dgram,
    dns,
    dnsPromises,
    http,
    https,
    http2,
    childProcess,
    cluster,
    workerThreads,
  ]) {
    closeModule(module);
  }
  syncBuiltinESMExports();
  for (const name of Object.keys(own.env)) Reflect.deleteProperty(own.env, name);
  for (const name of removedFromProcess) remove(own, name);
  for (const name of removedGlobals) remove(globalThis, name);
  return {
    send: (message) => {
      if (!send) throw new Error("The sandbox child was started without a channel to its parent.");
      send(message);
    },
    exit: (code) => reallyExit(code),
  };
}

/** Every function and class of the module throws, and so does every method of its classes. */
function closeModule(module: object): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(module))) {
    const value: unknown = descriptor.value;
    if (typeof value !== "function") continue;
    if (typeof value.prototype === "object" && value.prototype !== null)
      closePrototype(value.prototype as object);
    Reflect.set(module, name, closed);
  }
}

function closePrototype(prototype: object): void {
  for (const name of ["connect", "listen", "bind", "send", "request", "_read", "_write", "_writev"]) {
    if (Object.hasOwn(prototype, name)) Reflect.set(prototype, name, closed);
  }
}

function closed(): never {
  throw new Error("The local sandbox has no network, processes or workers.");
}

/** Deletes, or hides behind `undefined` what cannot be deleted. */
function remove(target: object, name: string): void {
  if (Reflect.deleteProperty(target, name)) return;
  Reflect.set(target, name, undefined);
}

/** The builtins that compute and nothing else. Frozen, for they outlive the flow that required them. */
const pureModules: ReadonlyMap<string, unknown> = new Map<string, object>([
  ["assert", assert],
  ["buffer", buffer],
  ["crypto", withoutEngines()],
  ["events", events],
  ["path", path],
  ["punycode", punycode],
  ["querystring", querystring],
  ["string_decoder", stringDecoder],
  ["url", url],
  ["util", util],
]);

/** `crypto` has no way to load a native library left. */
function withoutEngines(): object {
  for (const name of ["setEngine", "setFips"] as const) Reflect.deleteProperty(crypto, name);
  return crypto;
}

export function freezePureModules(): void {
  for (const module of pureModules.values()) Object.freeze(module);
}

/** `require` of an Action: a pure builtin, with or without `node:`, or an error that names what was asked for. */
export function requirePureModule(name: string): unknown {
  const module = pureModules.get(name.replace(/^node:/, ""));
  if (module !== undefined) return module;
  const known = [...pureModules.keys()].join(", ");
  throw new Error(`Cannot require '${name}' in the local sandbox, which has only ${known}.`);
}
