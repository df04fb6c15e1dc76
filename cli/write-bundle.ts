import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExpectedError } from "../lib/errors.ts";
import { sha256 } from "../lib/hash.ts";
import { decodeText } from "../lib/text-encoding.ts";
import type { PictureSettings } from "../policy/settings.ts";
import { orderedSettings } from "../stack/actions.ts";
import { bundleActions, type ActionBundle } from "../stack/bundle-actions.ts";
import { ConfigError } from "../stack/config-error.ts";
import { overrideSettings } from "../stack/picture-settings.ts";
import { readStackNamed } from "../stack/stack-file.ts";

/**
 * Writes `<name>.js` for every Action and `manifest.json`, which lists them in the order in which they run.
 *
 * @param out The folder.
 * @param stack Its `Pulumi.<stack>.yaml` gives the settings.
 * @param settingsFile JSON with settings that override the stack's.
 * @returns The manifest.
 * @throws ExpectedError where the stack, the settings or the folder cannot be used.
 */
export async function writeBundle(out: string, stack: string, settingsFile?: string): Promise<object> {
  const ofStack = await settingsOfStack(stack);
  const settings =
    settingsFile === undefined ? ofStack : overrideSettings(settingsFile, ofStack, readJson(settingsFile));
  const bundles = bundleActions(settings);
  const listed = manifest(settings, bundles);
  try {
    mkdirSync(out, { recursive: true });
    for (const { name, code } of bundles) writeFileSync(join(out, `${name}.js`), code);
    writeFileSync(join(out, "manifest.json"), `${JSON.stringify(listed, null, 2)}\n`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("out-not-writable", `--out ${out} cannot be written: ${why}.`, { cause });
  }
  return listed;
}

async function settingsOfStack(stack: string): Promise<PictureSettings> {
  return (await readStackNamed(stack, process.env)).settings;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(decodeText(readFileSync(file)));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const problem = {
      key: "the file",
      found: undefined,
      why: `cannot be used (${why})`,
      remedy: "write a JSON object",
    };
    throw new ConfigError(file, [problem]);
  }
}

function manifest(settings: PictureSettings, bundles: readonly ActionBundle[]): object {
  return {
    settings: orderedSettings(settings),
    actions: bundles.map(({ name, code }) => ({
      name,
      file: `${name}.js`,
      sha256: sha256(code),
      bytes: Buffer.byteLength(code),
    })),
  };
}
