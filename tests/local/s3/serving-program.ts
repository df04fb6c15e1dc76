/** For start-s3.test.ts: starts a server in the folder of the first argument, says its endpoint and runs on. */
import { startS3 } from "../../../local/s3/start-s3.ts";
import { s3Options } from "./s3-options.ts";

async function main(): Promise<void> {
  const { endpoint } = await startS3(await s3Options(process.argv[2] ?? ""));
  process.stdout.write(`${endpoint}\n`);
}

void main();
