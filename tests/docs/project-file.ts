import { parseDocument } from "yaml";
import type { ConfigKey } from "../../stack/config-keys.ts";

/** Pulumi.yaml with its `config` section made from the keys; everything else stays, comments too. */
export function projectFile(former: string, keys: Readonly<Record<string, ConfigKey<unknown>>>): string {
  const document = parseDocument(former);
  const section = Object.entries(keys).map(([key, { description, fallback }]) => [
    key,
    { description, default: fallback ?? "" },
  ]);
  document.set("config", document.createNode(Object.fromEntries(section)));
  return document.toString({ lineWidth: 0 });
}
