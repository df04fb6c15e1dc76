import type { KeyProblem } from "./config-error.ts";
import type { ConfigValues } from "./config-keys.ts";

/**
 * What is wrong with the allow-list of hosts as a whole: on stack `prod` somebody has to say that users may show
 * a picture from anywhere, and nobody may say both.
 */
export function hostProblems(stack: string, values: Partial<ConfigValues>): KeyProblem[] {
  const { allowedHosts, allowAnyHost } = values;
  if (allowedHosts === undefined || allowAnyHost === undefined) return [];
  if (allowedHosts.length > 0 && allowAnyHost) {
    const why = "contradicts allowedHosts, which names hosts";
    return [{ key: "allowAnyHost", found: "true", why, remedy: "remove one of the two keys" }];
  }
  if (stack !== "prod" || allowedHosts.length > 0 || allowAnyHost) return [];
  const why = "is empty, so that a picture of a user of stack prod may live on any public host";
  const remedy =
    "name the hosts (the pictures in the stack's own bucket are always allowed), or set allowAnyHost to true";
  return [{ key: "allowedHosts", found: undefined, why, remedy }];
}
