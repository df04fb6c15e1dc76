import childProcess from "node:child_process";
import cluster from "node:cluster";
import dgram from "node:dgram";
import dns from "node:dns";
import dnsPromises from "node:dns/promises";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import http from "node:http";
import http2 from "node:http2";
import https from "node:https";
import inspector from "node:inspector";
import module, { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import tls from "node:tls";
import v8 from "node:v8";
import vm from "node:vm";
import workerThreads from "node:worker_threads";

/** What the program itself goes on using after everything else is gone. */
export interface ClosedProcess {
  readonly exit: (code: number) => never;
}

/** Modules by which code reaches beyond its process, should it ever get hold of one. */
const closedModules: readonly object[] = [
  childProcess,
  cluster,
  dgram,
  dns,
  dnsPromises,
  fs,
  fsPromises,
  http,
  http2,
  https,
  inspector,
  module,
  net,
  tls,
  v8,
  vm,
  workerThreads,
];

/** What Node's own functions, those that Actions may use, ask the process object for. */
const keptOfProcess: ReadonlySet<string> = new Set([
  "_exiting",
  "_fatalException",
  "_tickCallback",
  "arch",
  "features",
  "hrtime",
  "nextTick",
  "platform",
  "release",
  "version",
  "versions",
]);

/**
 * Takes everything out of this process that reaches beyond it, for good. It is the third layer only: Node's permission model and
 * the kernel close the same doors for code that gets around it. Call it once, before any code of an Action is there.
 *
 * @param onError Takes errors from outside of any promise, such as those of a timer's callback.
 */
export function closeProcess(onError: (error: unknown) => void): ClosedProcess {
  const own = process;
  // The public exit() calls it by name, and the name is taken away.
  const reallyExit = (own as unknown as { reallyExit: (code: number) => never }).reallyExit.bind(own);
  own.setUncaughtExceptionCaptureCallback(onError);
  const language = languageGlobals();
  const sync = syncBuiltinESMExports;
  for (const closing of closedModules) closeModule(closing);
  // What import() would give, too.
  sync();
  closeProcessObject(own);
  for (const name of Object.getOwnPropertyNames(globalThis)) {
    if (!language.has(name) && !platformGlobals.has(name)) remove(globalThis, name);
  }
  return { exit: (code) => reallyExit(code) };
}

/** Those of the language itself, whatever this version of Node has. */
function languageGlobals(): ReadonlySet<string> {
  return new Set(vm.runInNewContext("Object.getOwnPropertyNames(globalThis)") as string[]);
}

/** Of the platform's globals those that compute, and nothing else. */
const platformGlobals: ReadonlySet<string> = new Set([
  "AbortController",
  "AbortSignal",
  "Blob",
  "Buffer",
  "Event",
  "EventTarget",
  "TextDecoder",
  "TextEncoder",
  "URL",
  "URLSearchParams",
  "atob",
  "btoa",
  "crypto",
  "queueMicrotask",
]);

/** Every function and class of the module throws, and so does every method of its classes. */
function closeModule(closing: object): void {
  for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(closing))) {
    const value: unknown = descriptor.value;
    if (typeof value !== "function") continue;
    if (typeof value.prototype === "object" && value.prototype !== null)
      closePrototype(value.prototype as object);
    Reflect.set(closing, name, closed);
  }
}

/**
 * A message to a port is a clone, and a clone may name any class of Node's own to be brought back by: that of an open file, which
 * writes to the pipes.
 */
const closedMethods = [
  "connect",
  "listen",
  "bind",
  "send",
  "request",
  "postMessage",
  "_read",
  "_write",
  "_writev",
];

function closePrototype(prototype: object): void {
  for (const name of closedMethods) {
    if (Object.hasOwn(prototype, name)) Reflect.set(prototype, name, closed);
  }
}

function closed(): never {
  throw new Error("The local sandbox has no network, files, processes or workers.");
}

/**
 * Node hands the process object to whatever listens to its events, by methods that code can replace on the prototype: it gets
 * methods of its own, and no prototype.
 */
function closeProcessObject(own: object): void {
  for (const name of Object.getOwnPropertyNames(own)) {
    if (!keptOfProcess.has(name)) remove(own, name);
  }
  const nothing = (): undefined => undefined;
  const stubs = { cwd: () => "/", emit: () => false, listenerCount: () => 0, emitWarning: nothing };
  const listening = ["addListener", "off", "on", "once", "prependListener", "removeListener"];
  for (const [name, value] of Object.entries({
    ...stubs,
    ...Object.fromEntries(listening.map((method) => [method, nothing])),
    env: {},
  })) {
    Object.defineProperty(own, name, { value });
  }
  Object.setPrototypeOf(own, null);
}

/** Deletes, or hides behind `undefined` what cannot be deleted. */
function remove(target: object, name: string): void {
  if (Reflect.deleteProperty(target, name)) return;
  Reflect.set(target, name, undefined);
}
