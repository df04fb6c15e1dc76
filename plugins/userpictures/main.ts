/**
 * The program of the provider plugin `userpictures`: serves on a free port of the loopback address and says which one.
 * The engine ends it; if the engine was killed, it ends by itself.
 */
import { setTimeout as pause } from "node:timers/promises";
import { serveProvider } from "../grpc/serve-provider.ts";
import { createProvider } from "./create-provider.ts";
import { ExpectedError, withCode } from "../../lib/errors.ts";

/** It lives with the program that uses it: it has no versions of its own. */
const version = "0.0.0";

function describe(error: unknown): string {
  if (error instanceof ExpectedError) return withCode(error);
  return `The provider userpictures failed: ${error instanceof Error ? error.message : String(error)}`;
}

function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(1);
  }, 500).unref();
}

serveProvider(createProvider({ env: process.env, fetch, pause, now: Date.now }), { version, describe });
endWithParent();
