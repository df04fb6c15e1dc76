import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { typescriptLoader } from "../../../lib/project.ts";
import { managementApi, type ManagementApi } from "../../management-api.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const rounds = 6;
/** Writes under way at the same time. */
const writers = 4;

/** Makes each write as long as a disk's block or more. */
const padding = Array.from({ length: 4 }, (_, n) => ({ value: `s${n}`, description: "x".repeat(500) }));

describe("A tenant with a data folder that is killed with -9 in the middle of its writes", function () {
  this.timeout(600_000);
  const folder = temporaryFolder();
  const draft = (pid: number) => join(folder(), "data", `tenant.json.${pid}-0123456789abcdef.new`);
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  async function start(): Promise<ManagementApi> {
    const program = join(__dirname, "durable-tenant-program.ts");
    const args = [
      "--require",
      typescriptLoader,
      program,
      join(folder(), "data"),
      join(folder(), "certificates"),
    ];
    child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = (await once(createInterface(child.stdout!), "line")) as [string];
    const started = JSON.parse(line) as { domain: string; clientId: string; clientSecret: string };
    return managementApi({ ...started, caFile: join(folder(), "certificates", "ca.pem") });
  }

  async function kill(): Promise<void> {
    const exited = once(child!, "exit");
    child!.kill("SIGKILL");
    await exited;
  }

  async function identifiers(api: ManagementApi): Promise<Set<string>> {
    const servers: { identifier: string }[] = [];
    for (let page = 0; servers.length === page * 100; page += 1) {
      const path = `/resource-servers?per_page=100&page=${page}`;
      servers.push(...((await api.call("GET", path)) as { identifier: string }[]));
    }
    return new Set(servers.map(({ identifier }) => identifier));
  }

  it("opens again every time, with all that it had answered", async () => {
    const answered = new Set<string>();
    let number = 0;
    let api = await start();
    for (let round = 0; round < rounds; round += 1) {
      const write = async (): Promise<void> => {
        for (;;) {
          number += 1;
          const identifier = `https://server-${number}.test/`;
          await api.call("POST", "/resource-servers", { identifier, scopes: [...padding] });
          answered.add(identifier);
        }
      };
      const writing = Promise.allSettled(Array.from({ length: writers }, write));
      await delay(Math.random() * 300);
      await kill();
      await writing;
      await api.close();
      api = await start();
      const found = await identifiers(api);
      const lost = [...answered].filter((identifier) => !found.has(identifier));
      assert.deepEqual(lost, [], `round ${round}`);
    }
    assert.ok(answered.size > rounds, `${answered.size} answered writes`);
    await api.close();
  });

  it("opens again beside a draft that was cut off, and removes it", async () => {
    const api = await start();
    await api.call("POST", "/resource-servers", { identifier: "https://kept.test/" });
    await kill();
    await api.close();
    const { pid } = child!;
    writeFileSync(draft(pid!), '{"format":1,"domain":"localh');
    const again = await start();
    assert.ok((await identifiers(again)).has("https://kept.test/"));
    assert.equal(existsSync(draft(pid!)), false);
    await again.close();
  });
});
