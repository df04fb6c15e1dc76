import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { runPulumi, selectedStack, type RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { pollUntil } from "../../../lib/clock.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("running pulumi", () => {
  const folder = temporaryFolder();
  let path: string | undefined;
  beforeEach(() => {
    path = process.env["PATH"];
  });
  afterEach(() => {
    process.env["PATH"] = path;
  });

  /** Puts another program of its name on the PATH. */
  function install(script: string): void {
    writeFileSync(join(folder(), "pulumi"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    process.env["PATH"] = `${folder()}${delimiter}${path ?? ""}`;
  }

  it("says where there is none", async () => {
    process.env["PATH"] = folder();
    await assert.rejects(runPulumi(["preview"]), { code: "pulumi-missing" });
  });

  it("is stopped by the signal, and gone then", async () => {
    const pidFile = join(folder(), "pid");
    install(`echo $$ > "${pidFile}.new"; mv "${pidFile}.new" "${pidFile}"; exec sleep 600`);
    const stopping = new AbortController();
    const run = runPulumi(["preview"], { timeoutMs: 0, signal: stopping.signal });
    const refused = assert.rejects(run, { code: "pulumi-stopped" });
    assert.ok(await pollUntil(() => existsSync(pidFile), { withinMs: 45_000 }));
    const pid = Number(readFileSync(pidFile, "utf8"));
    stopping.abort();
    await refused;
    assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  });

  it("does not go on where the signal was there before", async () => {
    install("exec sleep 600");
    const run = runPulumi(["preview"], { timeoutMs: 0, signal: AbortSignal.abort() });
    await assert.rejects(run, { code: "pulumi-stopped" });
  });

  it("gives what it printed, whatever its exit code", async () => {
    install("cat; echo no >&2; exit 7");
    const answer = await runPulumi([], { input: "yes", signal: new AbortController().signal });
    assert.deepEqual(answer, { code: 7, stdout: "yes", stderr: "no\n" });
  });
});

describe("the stack that a command works on", () => {
  const pulumi =
    (stdout: string, code = 0): RunPulumi =>
    () =>
      Promise.resolve({ code, stdout, stderr: "" });
  const noPulumi: RunPulumi = () => Promise.reject(new ExpectedError("pulumi-missing", "…"));

  it("must be named where Pulumi has none selected, or is not installed", async () => {
    const expected = { name: "UsageError", code: "stack-not-named", message: /--stack dev/ };
    await assert.rejects(selectedStack(undefined, {}, pulumi("", 255)), expected);
    await assert.rejects(selectedStack(undefined, { PULUMI_STACK: " " }, noPulumi), expected);
  });

  it("is the one of --stack, else of PULUMI_STACK, else the selected one", async () => {
    const env = { PULUMI_STACK: "staging" };
    assert.equal(await selectedStack("prod", env, pulumi("dev\n")), "prod");
    assert.equal(await selectedStack(undefined, env, pulumi("dev\n")), "staging");
    assert.equal(await selectedStack(undefined, {}, pulumi("dev\n")), "dev");
  });
});
