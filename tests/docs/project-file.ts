import { isMap, isScalar, parseDocument, type YAMLMap } from "yaml";
import type { ConfigKey } from "../../stack/config-keys.ts";

/**
 * Pulumi.yaml with its `config` section made from the keys; everything else stays, comments too. So do keys of others in that
 * section: `pulumi new` leaves `pulumi:tags` there.
 */
export function projectFile(former: string, keys: Readonly<Record<string, ConfigKey<unknown>>>): string {
  const document = parseDocument(former);
  const section = Object.entries(keys).map(([key, { description, fallback }]) => [
    key,
    { description, default: fallback ?? "" },
  ]);
  const there: unknown = document.get("config");
  const others = isMap(there)
    ? there.items.filter(({ key }) => isScalar(key) && String(key.value).includes(":"))
    : [];
  const made = document.createNode(Object.fromEntries(section)) as YAMLMap;
  for (const other of others) made.add(other);
  document.set("config", made);
  return document.toString({ lineWidth: 0 });
}
