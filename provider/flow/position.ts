/** Where our Actions stand among those of others. */
export type Position =
  | { readonly at: "first" }
  | { readonly at: "last" }
  /** Right before or right after the Action of that name. */
  | { readonly at: "before" | "after"; readonly name: string };

/** Reads `first`, `last`, `before:NAME` or `after:NAME`; undefined for anything else. */
export function parsePosition(text: string): Position | undefined {
  if (text === "first" || text === "last") return { at: text };
  const match = /^(before|after):(.+)$/s.exec(text);
  const [, at, name] = match ?? [];
  if (name === undefined || (at !== "before" && at !== "after")) return undefined;
  return { at, name };
}
