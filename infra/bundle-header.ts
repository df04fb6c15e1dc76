import type { PictureSettings } from "../policy/settings.ts";
import { orderedSettings } from "./ordered-settings.ts";

/** The lines above an Action's code: whose it is, what it was made from, and the settings that the code below reads. */
export interface BundleHeader {
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
