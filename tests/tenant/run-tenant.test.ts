import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pollUntil } from "../../lib/clock.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { faultKinds } from "../../tenant/faults/fault-rule.ts";
import { parseTenantArguments, runTenant, tenantUsage } from "../../tenant/run-tenant.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("runTenant", () => {
  const folder = temporaryFolder();
  const setup = () => {
    const out: string[] = [];
    const errors: string[] = [];
    const stopping = new AbortController();
    const run = (...args: string[]): Promise<number> =>
      runTenant(args, {
        projectRoot: folder(),
        stdout: (text) => out.push(text),
        stderr: (text) => errors.push(text),
        stop: stopping.signal,
      });
    return { errors, out, run, stopping };
  };

  for (const args of [["--port", "x"], ["--port", "65536"], ["--port"], ["--wat"], ["extra"]]) {
    it(`ends with 3 for ${args.join(" ")}, names it, and starts nothing`, async () => {
      const { errors, out, run } = setup();
      assert.equal(await run(...args), 3);
      assert.deepEqual(out, []);
      assert.match(errors.join(""), /--help \[bad-usage\]$/);
      assert.match(errors.join(""), new RegExp(args.at(-1)!));
      assert.equal(existsSync(join(folder(), ".local")), false);
    });
  }

  it("ends with 1 where the port is in use", async () => {
    const first = setup();
    const running = first.run("--port", "0");
    assert.ok(await pollUntil(() => first.out.length > 0, { withinMs: 45_000 }));
    const { domain } = JSON.parse(first.out[0]!) as { domain: string };
    const second = setup();
    assert.equal(await second.run("--port", domain.split(":")[1]!), 1);
    assert.match(second.errors.join(""), /is in use.*\[port-in-use\]/);
    assert.deepEqual(second.out, []);
    first.stopping.abort();
    assert.equal(await running, 0);
  });

  it("prints one JSON object, and everything else elsewhere", async () => {
    const { errors, out, run, stopping } = setup();
    const running = run("--port", "0", "--empty");
    assert.ok(await pollUntil(() => errors.length > 0, { withinMs: 45_000 }));
    stopping.abort();
    assert.equal(await running, 0);
    assert.equal(out.length, 1);
    const started = JSON.parse(out[0]!) as Record<string, string>;
    assert.deepEqual(Object.keys(started), ["domain", "caFile", "clientId", "clientSecret"]);
    assert.equal(started["caFile"], join(folder(), ".local", "certificates", "ca.pem"));
    assert.equal(errors.join("").includes(started["clientSecret"]!), false);
  });

  it("explains itself", async () => {
    const { out, run } = setup();
    assert.equal(await run("--help"), 0);
    assert.match(out.join(""), /^Usage: npm run --silent tenant/);
  });
});

describe("The program of npm run tenant", () => {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`prints its JSON first and ends cleanly at ${signal}`, async () => {
      const program = join(__dirname, "../../tenant/main.ts");
      const child = spawn(process.execPath, ["--require", typescriptLoader, program, "--port", "0"], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      const exited = once(child, "exit");
      const [line] = (await once(createInterface(child.stdout), "line")) as [string];
      assert.match((JSON.parse(line) as { domain: string }).domain, /^localhost:\d+$/);
      child.kill(signal);
      assert.deepEqual(await exited, [0, null]);
    });
  }
});

describe("parseTenantArguments with faults", () => {
  for (const [args, named] of [
    [["--fault", "418"], /--fault 418: kind must be one of/],
    [["--fault", "429:often=1"], /often is unknown/],
    [["--fault-seed", "x"], /--fault-seed must be a whole number from 0, not 'x'/],
  ] as const) {
    it(`refuses ${args.join(" ")} and points to the help`, () => {
      assert.throws(() => parseTenantArguments(args), { code: "bad-usage", message: named });
      assert.throws(() => parseTenantArguments(args), { message: /See npm run --silent tenant -- --help$/ });
    });
  }

  it("has no faults and seed 1 without arguments", () => {
    assert.deepEqual(parseTenantArguments([]).faults, { rules: [], seed: 1 });
  });

  it("takes several, in order", () => {
    const { faults } = parseTenantArguments([
      "--fault=500:times=1",
      "--fault",
      "drop-after",
      "--fault-seed=9",
    ]);
    assert.deepEqual(faults, { rules: [{ kind: "500", times: 1 }, { kind: "drop-after" }], seed: 9 });
  });

  it("names every kind in its help", () => {
    for (const kind of faultKinds) assert.ok(tenantUsage.includes(kind), kind);
  });
});
