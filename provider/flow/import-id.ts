import type { Binding } from "./binding.ts";

/** What a Read looks for in a flow. */
export interface Sought {
  readonly trigger: string;
  readonly position: string;
  readonly isOurs: (binding: Binding) => boolean;
}

/**
 * Reads the id that an import names: `post-login` takes every Action of the flow for ours, `post-login/NAME,NAME` those
 * of the names, `post-login/NAME,NAME/before:OTHER` says their position too, which is `last` otherwise.
 */
export function parseImportId(id: string): Sought {
  const [trigger = "", names = "", ...position] = id.split("/");
  const sought = names.split(",").filter((name) => name !== "");
  return {
    trigger,
    position: position.length === 0 ? "last" : position.join("/"),
    isOurs: ({ action }) => sought.length === 0 || sought.includes(action.name),
  };
}
