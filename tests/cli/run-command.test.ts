import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { closeSync, openSync, statSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { reporting, type CommandReport } from "../../cli/command.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import { term } from "../../lib/terminal-text.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { recordedRun } from "./recorded-run.ts";

/** A program with one command that ends as the test says, below a group of its own. */
function program(end: () => CommandReport): Command {
  const look = new Command("look")
    .option("--json", "as JSON")
    .option("--stack <name>", "the stack")
    .action(reporting(() => Promise.resolve().then(end)));
  return new Command("pictures").addCommand(new Command("keys").addCommand(look));
}

const fine = () => ({ text: term`All well.`, json: { well: true } });

describe("a command whose output goes to a file", () => {
  const folder = temporaryFolder();

  it("fails where not all of it can be written", function () {
    if (spawnSync("prlimit", ["--version"]).error !== undefined) this.skip();
    const file = openSync(join(folder(), "completion"), "w");
    const args = [
      "--fsize=1000",
      process.execPath,
      "--require",
      typescriptLoader,
      "cli/main.ts",
      "completion",
      "bash",
    ];
    const { status, stderr } = spawnSync("prlimit", args, {
      cwd: projectRoot,
      encoding: "utf8",
      stdio: ["ignore", file, "pipe"],
    });
    closeSync(file);
    assert.equal(statSync(join(folder(), "completion")).size, 1000);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /^error: Standard output could not be written completely: EFBIG.*\[output-not-written\]\n$/,
    );
  });
});

describe("a process that ends before its command does", () => {
  it("fails and says so, as JSON too, where Node alone would end it with 0", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ["--require", typescriptLoader, join(__dirname, "never-ending-command.ts"), "--json"],
      { cwd: projectRoot, encoding: "utf8" },
    );
    assert.equal(status, 1);
    assert.match(stderr, /^error: .*its result is not known.*\[ended-early\]\n$/);
    assert.equal((JSON.parse(stdout) as { error: { code: string } }).error.code, "ended-early");
  });
});

describe("a command line", () => {
  const refused = (error: Error) =>
    program(() => {
      throw error;
    });

  it("that names no command ends with 3 and shows the help", async () => {
    const { code, out, err } = await recordedRun(program(fine));
    assert.equal(code, 3);
    assert.equal(out, "");
    assert.match(err, /Usage: pictures/);
  });

  it("with a mistyped command ends with 3 and suggests the nearest one", async () => {
    const { code, err } = await recordedRun(program(fine), "kyes");
    assert.equal(code, 3);
    assert.match(err, /unknown command 'kyes'\n  \(Did you mean keys\?\)\nTry pictures --help\.\n$/);
  });

  it("with a mistyped option ends with 3, also two levels down, and says how to get help", async () => {
    const { code, err } = await recordedRun(program(fine), "keys", "look", "--stak", "dev");
    assert.equal(code, 3);
    assert.match(err, /Did you mean --stack\?\)\nTry pictures keys look --help\.\n$/);
  });

  it("that is wrong prints the error as JSON too, where JSON is asked for", async () => {
    const { code, out } = await recordedRun(program(fine), "keys", "look", "--json", "--stak");
    assert.equal(code, 3);
    const { error } = JSON.parse(out) as { error: { code: string; message: string } };
    assert.equal(error.code, "bad-usage");
    assert.match(error.message, /^unknown option '--stak'/);
  });

  it("whose command fails as expected ends with 1 and shows message and code, without a stack trace", async () => {
    const failing = refused(new ExpectedError("bucket-gone", "The bucket is gone: run pulumi up."));
    assert.deepEqual(await recordedRun(failing, "keys", "look"), {
      code: 1,
      out: "",
      err: "error: The bucket is gone: run pulumi up. [bucket-gone]\n",
    });
  });

  it("whose command fails as expected prints one JSON document, and the text for people beside it", async () => {
    const failing = refused(new ExpectedError("bucket-gone", "The bucket is gone."));
    const { code, out, err } = await recordedRun(failing, "keys", "look", "--json");
    assert.equal(code, 1);
    assert.deepEqual(JSON.parse(out), { error: { code: "bucket-gone", message: "The bucket is gone." } });
    assert.match(err, /The bucket is gone\. \[bucket-gone\]/);
  });

  it("that lacks something only the command notices ends with 3", async () => {
    const { code } = await recordedRun(refused(new UsageError("stack-not-named", "…")), "keys", "look");
    assert.equal(code, 3);
  });

  it("whose command has a bug ends with 1 and shows where", async () => {
    const { code, err } = await recordedRun(refused(new TypeError("x is undefined")), "keys", "look");
    assert.equal(code, 1);
    assert.match(err, /bug in pictures.*x is undefined\n\s+at .*\[internal-error\]/s);
  });

  it("whose command found something ends with 2 and prints what", async () => {
    const found = program(() => ({ exitCode: 2, text: term`One problem.`, json: {} }));
    assert.deepEqual(await recordedRun(found, "keys", "look"), { code: 2, out: "One problem.\n", err: "" });
  });

  it("whose command is done ends with 0 and prints its text, or its document", async () => {
    assert.deepEqual(await recordedRun(program(fine), "keys", "look"), {
      code: 0,
      out: "All well.\n",
      err: "",
    });
    const { code, out } = await recordedRun(program(fine), "keys", "look", "--json");
    assert.equal(code, 0);
    assert.deepEqual(JSON.parse(out), { well: true });
  });

  it("that asks for help ends with 0", async () => {
    const { code, out } = await recordedRun(program(fine), "keys", "look", "--help");
    assert.equal(code, 0);
    assert.match(out, /^Usage: pictures keys look/);
  });
});
