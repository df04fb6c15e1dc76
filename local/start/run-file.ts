import { readFileSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { currentRun } from "../processes/claim-run.ts";
import { LocalError } from "../processes/local-error.ts";
import type { LocalFolder } from "./local-folder.ts";

/** Where everything of a running local world is; `.local/run.json`. */
export interface RunFile {
  readonly page: string;
  readonly tenant: {
    readonly domain: string;
    readonly caFile: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly s3: {
    readonly endpoint: string;
    readonly region: string;
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly bucket: string;
  };
}

/** It holds credentials: for the user's eyes only. */
export async function writeRunFile(file: string, run: RunFile): Promise<void> {
  await rm(file, { force: true });
  await writeFile(file, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
}

/** @throws LocalError `not-running` where no run goes; a killed one may have left its file. */
export function readRunFile({ root, runFile }: LocalFolder): RunFile {
  try {
    if (currentRun(root) !== undefined) return JSON.parse(readFileSync(runFile, "utf8")) as RunFile;
  } catch (cause) {
    throw new LocalError("not-running", "The local world is still starting: wait for its table.", { cause });
  }
  throw new LocalError("not-running", "Nothing runs here. Start it in another terminal with: npm start");
}
