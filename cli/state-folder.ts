import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { envVar, type Environment } from "../lib/environment.ts";

/**
 * Where these commands keep what they know on this machine: `$XDG_STATE_HOME/auth0-user-pictures`, by the XDG Base
 * Directory Specification, which has relative paths ignored.
 */
export function stateFolder(env: Environment): string {
  const named = envVar(env, "XDG_STATE_HOME");
  const home = named !== undefined && isAbsolute(named) ? named : join(homedir(), ".local", "state");
  return join(home, "auth0-user-pictures");
}
