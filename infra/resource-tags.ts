import { configNamespace } from "./read-config.ts";

/** Says whose a cloud resource is, to people and to the commands that look for what the state lacks. */
export function resourceTags(stack: string): Record<string, string> {
  return { project: configNamespace, stack, "managed-by": "auth0-user-pictures" };
}
