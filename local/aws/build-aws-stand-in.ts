import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";

/** The name under which the engine looks for the plugin in its folder. */
const pluginName = "pulumi-resource-aws";
const root = join(__dirname, "../..");
const sourceFolders = [__dirname, join(__dirname, "../processes"), join(root, "grpc-provider")];

/**
 * Bundles the stand-in of the AWS provider plugin into one executable for Node, unless the folder has it already
 * from the same sources and packages. A project file finds it by `plugins.providers: [{name: aws, path: <outDir>}]`.
 *
 * @returns the path of the executable.
 */
export async function buildAwsStandIn(outDir: string): Promise<string> {
  const file = join(outDir, pluginName);
  const header = `#!/usr/bin/env node\n// Stand-in of the AWS provider, made from ${await sourceHash()}\n`;
  if ((await beginning(file, header.length)) === header) return file;
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "main.ts")],
    bundle: true,
    write: false,
    platform: "node",
    target: "node20",
    minify: true,
    // Nothing of the surroundings may change the bundle.
    tsconfigRaw: {},
    legalComments: "none",
    logLevel: "silent",
  });
  await mkdir(outDir, { recursive: true });
  await replaceFile(file, header + (outputFiles[0]?.text ?? ""));
  return file;
}

/** Hex SHA-256 of what goes in: our sources, and the lock file for the packages' sake. */
async function sourceHash(): Promise<string> {
  const files = [join(root, "package-lock.json")];
  for (const folder of sourceFolders) {
    const names = (await readdir(folder)).filter((name) => name.endsWith(".ts")).sort();
    files.push(...names.map((name) => join(folder, name)));
  }
  const hash = createHash("sha256");
  for (const content of await Promise.all(files.map((file) => readFile(file)))) {
    hash.update(`${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}

async function beginning(file: string, length: number): Promise<string | undefined> {
  let handle;
  try {
    handle = await open(file);
  } catch {
    return undefined;
  }
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** At once: another run may look for the file at any time, or write it too. */
async function replaceFile(file: string, content: string): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString("hex")}`;
  try {
    await writeFile(draft, content, { mode: 0o755 });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}
