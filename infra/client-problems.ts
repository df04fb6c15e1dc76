import type { KeyProblem } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";

/** Auth0's limit, which is what a rotation needs. */
const mostKeys = 2;

/** What is wrong with the keys of the Management API client together; keys that are wrong alone are absent. */
export function clientProblems(values: Partial<ConfigValues>): KeyProblem[] {
  const { clientAuthentication, clientPublicKeys } = values;
  if (clientPublicKeys === undefined) return [];
  const key = "clientPublicKeys";
  const found = undefined;
  if (clientPublicKeys.length > mostKeys) {
    const why = `holds ${clientPublicKeys.length} keys; Auth0 takes ${mostKeys} for a client`;
    return [{ key, found, why, remedy: "remove those that are out of use" }];
  }
  if (new Set(clientPublicKeys).size < clientPublicKeys.length) {
    return [{ key, found, why: "holds the same key twice", remedy: "remove one of them" }];
  }
  if (clientAuthentication !== "private_key_jwt" || clientPublicKeys.length > 0) return [];
  const why = "holds no key, but clientAuthentication is private_key_jwt";
  return [{ key, found, why, remedy: "run pictures keys create" }];
}
