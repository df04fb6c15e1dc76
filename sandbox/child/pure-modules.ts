import assert from "node:assert";
import buffer from "node:buffer";
import crypto from "node:crypto";
import events from "node:events";
import path from "node:path";
// The package of this name is not meant: an Action that asks for the builtin gets the builtin.
import punycode from "node:punycode";
import querystring from "node:querystring";
import stringDecoder from "node:string_decoder";
import url from "node:url";
import util from "node:util";

/** The builtins that compute and nothing else. */
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

/** `require` of an Action: a pure builtin, with or without `node:`, or an error that names what was asked for. */
export function requirePureModule(name: string): unknown {
  const module = pureModules.get(name.replace(/^node:/, ""));
  if (module !== undefined) return module;
  const known = [...pureModules.keys()].join(", ");
  throw new Error(`Cannot require '${name}' in the local sandbox, which has only ${known}.`);
}
