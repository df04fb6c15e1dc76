import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundleActions, type ActionBundle } from "../infra/bundle-actions.ts";
import { ConfigError } from "../infra/config-error.ts";
import { ExpectedError } from "../infra/expected-error.ts";
import { orderedSettings } from "../infra/ordered-settings.ts";
import { overrideSettings } from "../infra/override-settings.ts";
import { projectRoot } from "../infra/project-root.ts";
import { readStack } from "../infra/read-stack.ts";
import { readStackFile } from "../infra/read-stack-file.ts";
import type { PictureSettings } from "../policy/settings.ts";

/**
 * Writes `<name>.js` for every Action and `manifest.json`, which lists them in the order in which they run.
 *
 * @param out The folder.
 * @param stack Its `Pulumi.<stack>.yaml` gives the settings.
 * @param settingsFile JSON with settings that override the stack's.
 * @throws ExpectedError where the stack, the settings or the folder cannot be used.
 */
export async function writeBundle(out: string, stack: string, settingsFile?: string): Promise<void> {
  const ofStack = await settingsOfStack(stack);
  const settings =
    settingsFile === undefined ? ofStack : overrideSettings(settingsFile, ofStack, readJson(settingsFile));
  const bundles = bundleActions(settings);
  try {
    mkdirSync(out, { recursive: true });
    for (const { name, code } of bundles) writeFileSync(join(out, `${name}.js`), code);
    writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest(settings, bundles), null, 2)}\n`);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExpectedError("out-not-writable", `--out ${out} cannot be written: ${why}.`, { cause });
  }
}

async function settingsOfStack(stack: string): Promise<PictureSettings> {
  return (await readStack(stack, readStackFile(stackFile(stack)))).settings;
}

/** The generated stack `local` keeps its file in `.local/`; every other one lies in the project. */
function stackFile(stack: string): string {
  const name = `Pulumi.${stack}.yaml`;
  const generated = join(projectRoot, ".local", name);
  const own = join(projectRoot, name);
  return !existsSync(own) && existsSync(generated) ? generated : own;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
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
      sha256: createHash("sha256").update(code).digest("hex"),
      bytes: Buffer.byteLength(code),
    })),
  };
}
