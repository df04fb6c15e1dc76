import { readFileSync } from "node:fs";
import { envVar, type Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { recordOf } from "../../lib/json.ts";
import { publicNetwork } from "./probe-picture-url.ts";
import type { ProbeNetwork } from "./public-network.ts";

/** Whose pictures are fetched. */
export interface FetchingStack {
  readonly stack: string;
  readonly config: { readonly auth0Domain: string };
  readonly env: Environment;
}

/**
 * Where a stack's command fetches pictures: from public addresses. Stack `local` with a tenant on this machine has stand-ins for some
 * providers' names; every other stack ignores the variable that tells of them.
 *
 * @throws ExpectedError `local-names-invalid`.
 */
export function networkOf({ stack, config, env }: FetchingStack): ProbeNetwork {
  const file = envVar(env, variable);
  if (file === undefined || stack !== "local" || !/^localhost:\d+$/.test(config.auth0Domain)) {
    return publicNetwork;
  }
  return { ...publicNetwork, standIns: standInsOf(file) };
}

/** Set by `npm run local` alone: a file such as `{"names": ["lh3.googleusercontent.com"], "port": 1234, "caFile": "…/ca.pem"}`. */
const variable = "PICTURES_LOCAL_NAMES";

function standInsOf(file: string): NonNullable<ProbeNetwork["standIns"]> {
  try {
    const { names, port, caFile } = recordOf(JSON.parse(readFileSync(file, "utf8")));
    if (!Array.isArray(names) || typeof port !== "number") throw new Error("names or port missing");
    return { names: new Set(names.map(String)), port, ca: readFileSync(String(caFile)) };
  } catch (cause) {
    throw new ExpectedError(
      "local-names-invalid",
      `The file that ${variable} names cannot be read. npm run local sets it: unset it, and run the command that way.`,
      { cause },
    );
  }
}
