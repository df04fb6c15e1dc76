import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Command } from "commander";
import { picturesProgram } from "../../cli/pictures-program.ts";
import type { TenantWork } from "../../cli/tenant-lock.ts";
import { projectRoot, typescriptLoader } from "../../lib/project.ts";
import { lockHolders } from "./held-tenant.ts";
import { recordedRun } from "./recorded-run.ts";
import { rolledStack } from "./rollback/rolled-stack.ts";

interface Writing {
  /** Behind the command's name; `--yes` is added where the command has it, and `--no-wait`. */
  readonly options: string;
  /** What it changes: the locks of which each one stops it. */
  readonly work: readonly TenantWork[];
  /** Command lines that have to be done before. */
  readonly after?: readonly string[];
}

const user = "auth0|1";
const url = "https://img.acme.com/1.png";

/** Every command that changes a tenant, a stack's pins or its client, by its name; some of them in more than one way. */
const writing: Readonly<Record<string, readonly Writing[]>> = {
  set: [{ options: `${user} ${url} --no-probe`, work: ["users"] }],
  clear: [{ options: user, work: ["users"] }],
  "use-original": [{ options: user, work: ["users"] }],
  gravatar: [{ options: `${user} off`, work: ["users"] }],
  "set-root": [{ options: `${user} ${url} --no-probe`, work: ["users"] }],
  forget: [{ options: user, work: ["users"] }],
  review: [{ options: user, work: ["blocks"] }],
  block: [
    { options: `${user} --reason x`, work: ["blocks"] },
    { options: `${user} --reason x --purge`, work: ["users", "blocks"] },
  ],
  unblock: [{ options: user, work: ["blocks"] }],
  undo: [
    { options: user, work: ["users"], after: [`clear ${user}`] },
    { options: user, work: ["blocks"], after: [`block ${user} --reason x`] },
  ],
  rollback: [{ options: "user-picture", work: ["deployment"] }],
  unpin: [{ options: "user-picture", work: ["deployment"] }],
  redeploy: [{ options: "user-picture", work: ["deployment"] }],
  recover: [{ options: "", work: ["deployment"] }],
  adopt: [{ options: "", work: ["deployment"] }],
  rotate: [
    { options: "", work: ["deployment"] },
    { options: "--finish", work: ["deployment"] },
  ],
  "keys create": [{ options: "", work: ["deployment"] }],
  certify: [{ options: "", work: ["certificate"] }],
};

/** Every other command, with the reason why it needs no lock, or where it is tested. */
const others: Readonly<Record<string, string>> = {
  show: "reads",
  history: "reads",
  audit: "reads",
  console: "each decision is made as its own command makes it: console/decisions/decide.test.ts",
  doctor: "reads",
  drift: "reads",
  impact: "reads",
  mirror: "works in stretches, and waits as apply does: mirror/mirror-run.test.ts",
  "impact merge": "reads",
  versions: "reads",
  setup: "writes the stack's file",
  bundle: "writes files that are named for it",
  completion: "asks nobody",
  try: "makes an Action of its own, which is bound to nothing",
  "discourse sync": "writes to the forum",
  "discourse clear": "writes to the forum",
  apply: "works in stretches, as undo --run does: bulk/stretches.test.ts",
  keys: "has commands below it",
  discourse: "has commands below it",
};

describe("while another command on the machine is at work on the tenant", () => {
  const stack = rolledStack();
  const hold = lockHolders();
  const former = new Map<string, string | undefined>();

  beforeEach(() => {
    for (const [name, value] of Object.entries(stack().env)) {
      former.set(name, process.env[name]);
      process.env[name] = value;
    }
    stack().tenant.tenant.users.create({ user_id: user, email: "jane@acme.com" });
  });
  afterEach(() => {
    for (const [name, value] of former) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  });

  const domain = () => stack().tenant.tenant.domain;
  const stateHome = () => stack().env["XDG_STATE_HOME"] ?? "";
  const pictures = (line: string, ...more: string[]) =>
    recordedRun(
      picturesProgram(),
      ...line.split(" ").filter((word) => word !== ""),
      "--stack",
      "local",
      ...more,
    );
  const writes = () => {
    const count = (method: string) =>
      stack().tenant.tenant.requests.count({ method, pathPrefix: "/api/v2/" });
    return ["POST", "PATCH", "PUT", "DELETE"].map(count).reduce((sum, each) => sum + each, 0);
  };

  it("every command says whether it needs a lock", () => {
    const named = (command: Command, before: string): string[] => [
      `${before}${command.name()}`,
      ...command.commands.flatMap((each) => named(each, `${before}${command.name()} `)),
    ];
    const names = picturesProgram().commands.flatMap((command) => named(command, ""));
    assert.deepEqual(names.sort(), [...Object.keys(writing), ...Object.keys(others)].sort());
  });

  for (const [name, rows] of Object.entries(writing)) {
    for (const { options, work, after = [] } of rows) {
      for (const kind of work) {
        it(`${`pictures ${name} ${options}`.trim()} is refused by name, and changes nothing (${kind})`, async () => {
          for (const line of after) assert.equal((await pictures(line, "--yes")).code, 0);
          const { pid } = await hold(stateHome(), domain(), kind);
          const before = writes();
          const has = (long: string) => optionsOf(name).includes(long);
          const flags = ["--yes", "--no-wait"].filter(has);
          const { code, err } = await pictures(`${name} ${options}`, ...flags);
          assert.equal(code, 1, err);
          assert.match(err, new RegExp(`pictures test \\(process ${pid}, since 20.*\\[tenant-busy\\]`));
          assert.equal(writes(), before);
        });
      }
    }
  }

  it("a picture is blocked all the same while an import is under way", async () => {
    await hold(stateHome(), domain(), "users");
    const { code, err } = await pictures(`block ${user} --reason x --yes`);
    assert.equal(code, 0, err);
  });

  it("a change waits, says for whom, and is planned afterwards", async () => {
    const holder = await hold(stateHome(), domain(), "users");
    const args = [
      "--require",
      typescriptLoader,
      "cli/main.ts",
      "clear",
      user,
      "--stack",
      "local",
      "--yes",
      "--json",
    ];
    const child = spawn(process.execPath, args, { cwd: projectRoot, env: process.env });
    let out = "";
    let err = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    const ended = once(child, "close");
    await new Promise<void>((resolve) => {
      child.stderr.setEncoding("utf8").on("data", (text: string) => {
        err += text;
        if (err.includes("\n")) resolve();
      });
    });
    const before = { user_metadata: { picture: url } };
    await stack().tenant.api("PATCH", `/users/${encodeURIComponent(user)}`, before);
    await holder.end();
    assert.deepEqual(await ended, [0, null], err);
    assert.match(err, new RegExp(`^Waiting for pictures test \\(process ${holder.pid}, .*\n$`));
    assert.equal((JSON.parse(out) as { before: { picture: string } }).before.picture, url);
  });

  it("a rollback waits where it is asked to, and is planned afterwards", async () => {
    const holder = await hold(stateHome(), domain(), "deployment");
    const run = pictures("rollback user-picture --yes --wait");
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal((await stack().action("user-picture")).deployed_version.number, 3);
    await stack().deploy(1);
    await holder.end();
    const { code, err, out } = await run;
    assert.equal(code, 0, err);
    assert.match(err, new RegExp(`^Waiting for pictures test \\(process ${holder.pid}, `));
    assert.match(out, /runs the code of version 3 .*, deployed as version 5 after version 4/);
  });

  it("what changes nothing is not held up", async () => {
    for (const kind of ["users", "blocks", "deployment"] as const) await hold(stateHome(), domain(), kind);
    for (const line of [`show ${user}`, `history ${user}`, "versions user-picture"]) {
      const { code, err } = await pictures(line);
      assert.equal(code, 0, err);
    }
  });
});

function optionsOf(name: string): (string | undefined)[] {
  let command: Command | undefined = picturesProgram();
  for (const word of name.split(" ")) command = command?.commands.find((each) => each.name() === word);
  return (command?.options ?? []).map(({ long }) => long);
}
