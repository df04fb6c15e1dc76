import { readPath } from "../../policy/login.ts";

/** A stack's configuration by key with its namespace, as far as it is text. Never shown: secrets are in plain text. */
export type StackConfig = Readonly<Record<string, { readonly value: string; readonly secret: boolean }>>;

/** Reads what `pulumi config --json --show-secrets` printed; values that are no text are left out. */
export function parseStackConfig(json: unknown): StackConfig {
  if (typeof json !== "object" || json === null) return {};
  const entries = Object.entries(json).flatMap(([key, entry]: [string, unknown]) => {
    const value = readPath(entry, "value");
    return typeof value === "string"
      ? [[key, { value, secret: readPath(entry, "secret") === true }] as const]
      : [];
  });
  return Object.fromEntries(entries);
}
