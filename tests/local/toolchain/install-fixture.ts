import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { installToolchain } from "../../../local/toolchain/install-toolchain.ts";
import { fakeArtifact, writeExecutable } from "./fake-artifact.ts";

/** A process of its own that installs one slow artifact: <home> <log of builds> <milliseconds a build takes>. */
async function main([home = "", log = "", milliseconds = "0"]: readonly string[]): Promise<void> {
  const slow = fakeArtifact("slow", {
    build: async ({ folder }) => {
      await appendFile(log, "build\n");
      await delay(Number(milliseconds));
      await writeExecutable(join(folder, "bin", "slow"), "built slow");
    },
  });
  const progress = (line: string): unknown => process.stdout.write(`${line}\n`);
  await installToolchain({ home, artifacts: [slow], env: process.env, progress });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
