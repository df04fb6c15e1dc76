import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pollUntil } from "../../lib/clock.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { findMarkedProcesses } from "../../local/processes/marked-processes.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("a run that is killed with -9 in the middle of a deployment", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  let program: ChildProcess | undefined;
  afterEach(() => program?.kill("SIGKILL"));

  it("leaves neither pulumi nor its language host, its program and its plugins running", async function () {
    if (process.platform !== "linux") this.skip();
    const args = ["--require", typescriptLoader, join(__dirname, "deploying-program.ts"), folder()];
    program = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(program.stdout!, "data")) as [Buffer];
    const runId = line.toString().trim();
    const parts = [
      /pulumi up /,
      /pulumi-language-nodejs/,
      /@pulumi\/pulumi\/cmd\/run/,
      /pulumi-resource-aws /,
    ];
    const allRun = async () => {
      const commands = (await findMarkedProcesses(runId)).map(({ pid }) => commandOf(pid));
      return parts.every((part) => commands.some((command) => part.test(command)));
    };
    assert.ok(await pollUntil(allRun, { withinMs: 60_000 }));

    const exited = once(program, "exit");
    program.kill("SIGKILL");
    await exited;

    const noneRuns = async () => (await findMarkedProcesses(runId)).length === 0;
    assert.ok(await pollUntil(noneRuns, { withinMs: 45_000 }));
  });
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}
