import assert from "node:assert/strict";
import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import { runPictures } from "./run-pictures.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

interface Binding {
  readonly action: { readonly name: string; readonly deployed_version: { readonly code: string } };
}

const up = ["up", "--yes", "--skip-preview"];
const unchanged = ["preview", "--refresh", "--expect-no-changes"];

/** `npm run rollback-matrix` takes 10, and goes back to each. */
const versionCount = Number(process.env["ROLLBACK_VERSIONS"] ?? "2");

/** One life of a stack, in the order in which the tests stand. */
describe("a rollback", function () {
  this.timeout(180_000 * versionCount);
  const world = worldForSuite();
  const api = apiForSuite(world);
  /** The code of each version, from 1 on. */
  const codes: string[] = [];

  before(async () => {
    await requirePulumi(world(), ["stack", "init", "local"]);
    for (let version = 1; version <= versionCount; version += 1) {
      await world().configure({ maxLength: 1000 + version });
      await requirePulumi(world(), up);
      codes.push(await codeOfLogins());
    }
  });

  /** What a login runs: the bound version. */
  async function codeOfLogins(): Promise<string> {
    const { bindings } = (await api.call("GET", "/actions/triggers/post-login/bindings")) as {
      bindings: Binding[];
    };
    return bindings.find(({ action }) => action.name === "user-picture")!.action.deployed_version.code;
  }

  const pinFile = () => join(world().folder.pins, "local", "user-picture.js");

  it("is pinned byte by byte, in state and program too, for each version", async () => {
    assert.equal(new Set(codes).size, versionCount);
    const times: string[] = [];
    for (const [index, code] of codes.entries()) {
      const to = String(index + 1);
      const { code: exit, output } = await runPictures(
        world(),
        "rollback",
        "user-picture",
        "--to",
        to,
        "--yes",
      );
      assert.equal(exit, 0, output);
      assert.match(output, /The state of stack local is up to date/);
      times.push(/It took (.*) until/.exec(output)?.[1] ?? "");
      assert.equal(await codeOfLogins(), code);
      assert.equal(readFileSync(pinFile(), "utf8"), code);
      const preview = await runPulumi(world(), unchanged);
      assert.equal(preview.code, 0, preview.output);
      assert.match(preview.output, new RegExp(`user-picture is pinned to version ${to} `));
    }
    console.log(`      from the command to logins with the old code: ${times.join(", ")}`);
  });

  it("says how long it took, and that its pin is to be committed", async () => {
    const { code, output } = await runPictures(world(), "rollback", "user-picture", "--to", "1", "--yes");
    assert.equal(code, 0, output);
    assert.match(output, /It took \d+\.\d s until logins ran it/);
    assert.match(output, /commit the pin/);
    assert.equal(await codeOfLogins(), codes[0]);
  });

  it("stops a deployment from a clone without the pin, and nothing changes", async () => {
    const away = `${world().folder.pins}-away`;
    renameSync(world().folder.pins, away);
    const { requests } = world().tenant;
    const writes = () =>
      (["POST", "PATCH", "PUT", "DELETE"] as const)
        .map((method) => requests.count({ method, pathPrefix: "/api/v2" }))
        .reduce((sum, count) => sum + count);
    const before = writes();
    const { code, output } = await runPulumi(world(), up);
    renameSync(away, world().folder.pins);
    assert.notEqual(code, 0, output);
    assert.match(
      output,
      /there is no pin here.*pins\/local\/user-picture\.js.*\[deployed-version-unknown\]/s,
    );
    assert.equal(writes(), before, "nothing was written");
    assert.equal(await codeOfLogins(), codes[0]);
  });

  it("ends with unpin: the next deployment puts the source back", async () => {
    const { code, output } = await runPictures(world(), "unpin", "user-picture");
    assert.equal(code, 0, output);
    assert.match(output, /the source differs by 1 line added and 1 line removed/);
    assert.equal(existsSync(pinFile()), false);
    await requirePulumi(world(), up);
    assert.equal(await codeOfLogins(), codes.at(-1));
    await requirePulumi(world(), unchanged);
  });
});
