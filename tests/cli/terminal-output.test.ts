import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { picturesProgram } from "../../cli/pictures-program.ts";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import { assertPrintable, hostile } from "../printable.ts";
import { hostileWorld, type HostileWorld } from "./hostile-world.ts";
import { recordedRun } from "./recorded-run.ts";

/** Command lines by what they are about; together they are every command. */
const lines: Readonly<Record<string, (world: HostileWorld) => readonly (readonly string[])[]>> = {
  "one user": ({ userId: user }) => [
    ["show", user],
    ["show", user, "--compare", hostile],
    ["show", hostile],
    ["show", `auth0|${hostile}`],
    ["history", user],
    ["history", `auth0|${hostile}`],
    ["undo", user, "--yes"],
    ["undo", "--yes"],
    ["gravatar", user, "on", "--yes"],
    ["gravatar", user, hostile, "--yes"],
    ["set", user, `https://acme.com/${hostile}`, "--no-probe", "--yes"],
    ["set", user, "https://acme.com/eve.png", "--no-probe", "--yes"],
    ["set", user, "--file", hostile, "--yes"],
    ["set", user, "--file", join(projectRoot, "assets/default-picture.png"), "--yes"],
    ["set-root", user, hostile, "--no-probe", "--yes"],
    ["set-root", user, "https://acme.com/eve.png", "--no-probe", "--yes"],
    ["clear", user, "--yes"],
    ["use-original", user, "--yes"],
    ["review", user, "--yes"],
    ["block", user, "--reason", hostile, "--yes"],
    ["unblock", user, "--yes"],
    ["forget", user, "--yes"],
    ["discourse", "sync", user, "--no-probe", "--yes"],
    ["discourse", "clear", user, "--no-probe", "--yes"],
  ],
  "many users": ({ file }) => [
    ["apply", file("rows.ndjson")],
    ["apply", file("rows.csv")],
    ["apply", file("columns.csv")],
    ["apply", file("unknown-users.csv"), "--no-import", "--yes"],
    ["apply", file("blocks.ndjson")],
    ["apply", file("blocks.ndjson"), "--no-import", "--yes"],
    ["apply", file("gone.ndjson"), "--no-import", "--yes"],
    ["apply", hostile, "--format", "csv"],
    ["undo", "--run", hostile, "--yes"],
    ["audit"],
    ["audit", "--users", file("users.ndjson")],
    ["audit", "--users", file("broken.json")],
    ["audit", "--users", hostile],
    ["impact", "--users", file("users.ndjson")],
    ["impact", "--users", file("users.ndjson"), "--against", hostile],
    ["impact", "--users", file("users.ndjson"), "--max-changed", hostile],
    ["impact", "merge", file("other.json"), hostile],
    ["discourse", "sync", "--all", "--no-probe", "--yes"],
    ["mirror"],
    ["mirror", "--users", file("users.ndjson")],
    ["mirror", "--users", file("users.ndjson"), "--connection", hostile, "--limit", hostile],
    ["mirror", "--users", hostile],
    ["mirror", "--yes"],
    ["mirror", "--prune"],
    ["mirror", "--prune", "--older-than", hostile],
  ],
  Actions: ({ file }) => [
    ["versions", "user-picture"],
    ["versions", hostile],
    ["try", "user-picture", "--event", file("event.json"), "--yes"],
    ["try", "user-picture", "--event", file("broken.json"), "--yes"],
    ["try", "user-picture", "--user", hostile, "--yes"],
    ["redeploy", "user-picture", "--yes"],
    ["rollback", "user-picture", "--to", "1", "--yes"],
    ["rollback", "--all", "--to-source", hostile, "--yes"],
    ["unpin", "user-picture"],
    ["drift"],
    ["drift", "--format", "markdown"],
    ["drift", "--format", "github"],
  ],
  "a stack": ({ folder, file }) => [
    ["doctor"],
    ["doctor", "--stack", hostile],
    ["recover", "--yes"],
    ["adopt", "--client", hostile, "--yes"],
    ["rotate", "--yes"],
    ["rotate", "--finish", "--yes"],
    ["keys", "create"],
    ["console", "--stack", hostile],
    ["console", "--port", hostile],
    ["setup"],
    ["setup", "--domain", hostile],
    ["setup", "--stack", hostile],
    ["certify", "--yes"],
    ["certify", "--domain", hostile, "--yes"],
    ["bundle", "--out", join(folder, "bundles"), "--settings", file("other.json"), "--stack", "local"],
    ["bundle", "--out", join(folder, "bundles"), "--settings", file("broken.json"), "--stack", "local"],
    ["bundle", "--out", `${file("event.json")}/${hostile}`, "--stack", "local"],
  ],
  "a wrong command line": () => [
    [hostile],
    ["help", hostile],
    ["show"],
    ["show", `--${hostile}`],
    ["show", "eve", `--stack=${hostile}`],
    ["completion", hostile],
    ["completion", "bash"],
    ["rollback", "user-picture", "--to", hostile],
    ["drift", "--format", hostile],
  ],
};

describe("what a command prints", () => {
  const world = hostileWorld();

  /** Of a command line, in words and as JSON. */
  async function check(args: readonly string[]): Promise<string> {
    let printed = "";
    for (const more of [[], ["--json"]]) {
      const { out, err } = await recordedRun(picturesProgram(), ...args, ...more);
      const what = `pictures ${[...args, ...more].join(" ")}`;
      assert.notEqual(out + err, "", what);
      assertPrintable(out + err, what);
      if (more.length > 0 && out !== "") assert.doesNotThrow(() => JSON.parse(out) as unknown, what);
      printed += out + err;
    }
    return printed;
  }

  for (const [about, linesOf] of Object.entries(lines)) {
    it(`is clean, whatever others wrote: about ${about}`, async () => {
      for (const args of linesOf(world())) await check(args);
    });

    it(`is clean where the tenant refuses in hostile words: about ${about}`, async () => {
      world().setMood("refuses");
      for (const args of linesOf(world())) await check(args);
    });
  }

  it("is clean where the tenant gives no token", async () => {
    world().setMood("gives-no-token");
    assert.match(await check(["show", "auth0|eve"]), /client-refused/);
  });

  it("is of every command", () => {
    const named = Object.values(lines).flatMap((linesOf) => linesOf(world()));
    const missing = picturesProgram().commands.filter(
      (command) => !named.some(([name]) => name === command.name()),
    );
    assert.deepEqual(
      missing.map((command) => command.name()),
      [],
    );
  });

  it("shows what it is about, as escapes", async () => {
    const { userId, file } = world();
    for (const args of [
      ["show", userId],
      ["history", userId],
      ["audit", "--users", file("users.ndjson")],
      ["rollback", "user-picture", "--to", "1", "--yes"],
      ["drift"],
      ["doctor"],
      ["recover", "--yes"],
      ["discourse", "clear", userId, "--no-probe", "--yes"],
    ]) {
      assert.ok((await check(args)).includes(String.raw`\u001b]0;OWNED`), args.join(" "));
    }
  });
});

describe("an error that nothing catches", () => {
  it("is printed clean, and ends the program with 1", () => {
    const home = JSON.stringify(join(projectRoot, "lib/terminal-output.ts"));
    const script = `require(${home}).printUncaughtErrors(); setTimeout(() => { throw new Error(${JSON.stringify(hostile)}); });`;
    const args = ["--require", typescriptLoader, "--eval", script];
    const { status, stderr } = spawnSync(process.execPath, args, { cwd: projectRoot, encoding: "utf8" });
    assert.equal(status, 1);
    assertPrintable(stderr, "uncaught");
    assert.match(stderr, /^Error: zz\\u001b\]0;OWNED/);
  });
});
