/**
 * The configuration keys, with their namespace, whose values are encrypted in the stack's file. Pulumi's language hosts
 * name them in this variable beside the values, which are plain there. Whatever cannot be read as a list of names names
 * none: the variable is not documented for programs.
 */
export function encryptedKeys(env: Readonly<Record<string, string | undefined>>): ReadonlySet<string> {
  const names = parseJson(env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]");
  if (!Array.isArray(names)) return new Set();
  // Older hosts write `namespace:config:key`.
  const texts = (names as unknown[]).filter((name) => typeof name === "string");
  return new Set(texts.map((name) => name.replace(":config:", ":")));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
