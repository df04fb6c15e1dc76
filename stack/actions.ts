import { closest, distance } from "fastest-levenshtein";
import { UsageError } from "../lib/errors.ts";
import type { PictureSettings } from "../policy/settings.ts";

/** The Actions of the Login flow in the order in which they run. The order is behaviour: the last claim wins. */
export const actionList = [
  { name: "default-picture", entry: "actions/default-picture.ts" },
  { name: "user-picture", entry: "actions/user-picture.ts" },
] as const;

export type ActionName = (typeof actionList)[number]["name"];

/** @throws UsageError `action-unknown`: other people's Actions are not ours to change. */
export function actionNamed(text: string): ActionName {
  const names = actionList.map(({ name }) => name);
  const found = names.find((name) => name === text);
  if (found !== undefined) return found;
  const nearest = closest(text, names);
  const hint = distance(text, nearest) <= 4 ? ` Did you mean ${nearest}?` : "";
  throw new UsageError("action-unknown", `${text} is not one of our Actions: ${names.join(", ")}.${hint}`);
}

/** The lines above an Action's code: whose it is, what it was made from, and the settings that the code below reads. */
interface BundleHeader {
  /** The Action's. */
  readonly name: string;
  /** Of this project. */
  readonly version: string;
  /** SHA-256 over the sorted paths and contents of the sources, in hexadecimal. */
  readonly sourceHash: string;
  readonly settings: PictureSettings;
}

const pattern =
  /^\/\/ ([\w-]+): made by auth0-user-pictures (\S+), which overwrites edits\.\n\/\/ Sources: sha256 ([0-9a-f]{64})\nconst PICTURE_SETTINGS = (\{.*\});\n/;

export function writeBundleHeader({ name, version, sourceHash, settings }: BundleHeader): string {
  return [
    `// ${name}: made by auth0-user-pictures ${version}, which overwrites edits.`,
    `// Sources: sha256 ${sourceHash}`,
    `const PICTURE_SETTINGS = ${JSON.stringify(orderedSettings(settings))};`,
    "",
  ].join("\n");
}

/** The header of an Action's code; undefined where the code was not made by this project, or its header was edited. */
export function readBundleHeader(code: string): BundleHeader | undefined {
  const [, name, version, sourceHash, settings] = pattern.exec(code) ?? [];
  if (name === undefined || version === undefined || sourceHash === undefined || settings === undefined) {
    return undefined;
  }
  try {
    return { name, version, sourceHash, settings: JSON.parse(settings) as PictureSettings };
  } catch {
    return undefined;
  }
}

/** The settings with their keys in a fixed order: an object's own order would show in the code and the manifest. */
export function orderedSettings(settings: PictureSettings): PictureSettings {
  const { defaultUrl, gravatar, social, copies, allowedHosts, allowedPrefixes } = settings;
  const { maxLength, samlAttribute } = settings;
  return {
    ...{ defaultUrl, gravatar, social },
    ...(copies === undefined ? {} : { copies }),
    ...{ allowedHosts, allowedPrefixes, maxLength },
    ...(samlAttribute === undefined ? {} : { samlAttribute }),
  };
}
