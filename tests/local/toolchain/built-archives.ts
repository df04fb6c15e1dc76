import { readFileSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import type { Artifact } from "../../../local/toolchain/artifact.ts";
import { toolchainArtifacts } from "../../../local/toolchain/artifacts.ts";
import { toolchainPaths } from "../../../local/toolchain/ensure-toolchain.ts";
import { versions, type Platform } from "../../../local/toolchain/pins.ts";
import { archiveOf, type Archive } from "./archive.ts";

/** An archive like an official one, made of the installed toolchain. */
export interface BuiltArchive extends Archive {
  readonly fileName: string;
}

/** By what they are pinned as. */
export type BuiltArchives = Readonly<Record<"pulumi" | "versitygw" | "auth0Provider", BuiltArchive>>;

/** Takes some seconds: the archives hold 200 MB. */
export function builtArchives(folder: string): BuiltArchives {
  const { pulumi } = toolchainPaths();
  const artifacts = toolchainArtifacts(`${process.platform}-${process.arch}` as Platform, pulumi);
  const named = (id: string) =>
    officialArchive(
      folder,
      artifacts.find((artifact) => artifact.id === id),
    );
  return {
    pulumi: named("pulumi"),
    versitygw: named("versitygw"),
    auth0Provider: {
      ...archiveOf(folder, { "pulumi-resource-auth0": { file: installed(auth0Plugin) } }),
      fileName: `pulumi-resource-auth0-v${versions.auth0Provider}-${process.platform}-${goArchitecture}.tar.gz`,
    },
  };
}

const auth0Plugin = `plugins/resource-auth0-v${versions.auth0Provider}/pulumi-resource-auth0`;
const goArchitecture = process.arch === "x64" ? "amd64" : process.arch;

function installed(file: string): string {
  return join(toolchainPaths().home, file);
}

function officialArchive(folder: string, artifact: Artifact | undefined): BuiltArchive {
  const { url = "", entries = {} } = artifact?.download ?? {};
  const members = Object.entries(entries).map(
    ([file, member]) => [member, memberOf(installed(file))] as const,
  );
  return {
    ...archiveOf(folder, Object.fromEntries(members)),
    fileName: posix.basename(new URL(url).pathname),
  };
}

/** The launcher of a built language host finds the host beside itself; in an official archive there is only one file. */
function memberOf(file: string): string | { file: string } {
  if (statSync(file).size > 10_000) return { file };
  return readFileSync(file, "utf8").replace(
    `"$(dirname "$0")/pulumi-language-nodejs-host"`,
    `'${file}-host'`,
  );
}
