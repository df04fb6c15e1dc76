import assert from "node:assert/strict";
import { truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setPlan } from "../../../cli/people/set-plans.ts";
import { setRootPlan } from "../../../cli/people/set-root-plan.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { plain } from "../image/sample-images.ts";
import { peopleOfTenant } from "./tenant-people.ts";

const jane = { user_id: "auth0|jane", name: "Jane" };
const url = "https://img.acme.com/jane.png";

describe("setting a picture", () => {
  const setup = peopleOfTenant();
  const folder = temporaryFolder();
  const plan = async (source: { url?: string; file?: string; probe?: boolean }, user: object = jane) => {
    const people = await setup().people("read:users", "update:users");
    return setPlan(people, { ...jane, ...user }, { url: undefined, file: undefined, probe: true, ...source });
  };

  it("takes an address or a file, one of them", async () => {
    await assert.rejects(plan({}), { code: "picture-not-named" });
    await assert.rejects(plan({ url, file: "a.png" }), { code: "picture-not-named" });
  });

  for (const refused of ["http://img.acme.com/a.png", "https://10.0.0.1/a.png", "a.png", ""]) {
    it(`refuses ${JSON.stringify(refused)}, as a login would`, async () => {
      await assert.rejects(plan({ url: refused }), { code: "picture-url-not-allowed", message: /--file/ });
    });
  }

  for (const [refused, why] of [
    ["https://img.acme.com/a.png\u200B", /U\+200B ZERO WIDTH SPACE/],
    ["https://img.acme.com/a.png https://img.acme.com/b.png", /two addresses/],
    ["https://img.acme.com/\na.png", /line break, U\+000A/],
  ] as const) {
    it(`refuses ${JSON.stringify(refused)}, as own and as root picture`, async () => {
      const expected = { code: "picture-url-not-allowed", message: why };
      await assert.rejects(plan({ url: refused, probe: false }), expected);
      const people = await setup().people("read:users", "update:users");
      await assert.rejects(setRootPlan(people, jane, refused, false), expected);
    });
  }

  it("notes when the address ends, and refuses one that has ended, as own and as root picture", async () => {
    const people = await setup().people("read:users", "update:users");
    const at = (seconds: number) => `https://media.licdn.com/dms/image/a?e=${seconds}`;
    const note = /ends on 2030-03-17 17:46 UTC/;
    assert.match((await plan({ url: at(1_900_000_000), probe: false })).notes?.join("\n") ?? "", note);
    const root = await setRootPlan(people, jane, at(1_900_000_000), false);
    assert.match(root.notes?.join("\n") ?? "", note);
    const ended = { code: "picture-url-ended", message: /ended on 2025-01-01 02:53 UTC/ };
    await assert.rejects(plan({ url: at(1_735_700_000), probe: false }), ended);
    await assert.rejects(setRootPlan(people, jane, at(1_735_700_000), false), ended);
  });

  it("looks behind the address, unless it is told not to", async () => {
    const people = await setup().people("read:users", "update:users");
    const own = { ...people, settings: { ...people.settings, allowedHosts: ["127.0.0.1"] } };
    const source = { url: "https://127.0.0.1/a.png", file: undefined };
    await assert.rejects(setPlan(own, jane, { ...source, probe: true }), { code: "picture-url-not-public" });
    const { change } = await setPlan(own, jane, { ...source, probe: false });
    assert.equal(change["user_metadata.picture"], source.url);
  });

  it("names the file that cannot be read or is too large", async () => {
    await assert.rejects(plan({ file: join(folder(), "none.png") }), { code: "image-unreadable" });
    const large = join(folder(), "large.png");
    writeFileSync(large, "");
    truncateSync(large, 3_000_000_000);
    await assert.rejects(plan({ file: large }), { code: "image-too-large", message: /3000000000 bytes/ });
  });

  it("puts a file into the user's recorded folder, and says so where the picture is blocked", async () => {
    const file = join(folder(), "red.png");
    writeFileSync(file, await plain("red").png().toBuffer());
    const picture_folder = "0123456789abcdef0123456789abcdef";
    const { change, notes = [] } = await plan(
      { file },
      { app_metadata: { picture_folder, picture_blocked: true, picture_block: { reason: "case 1" } } },
    );
    assert.match(
      String(change["user_metadata.picture"]),
      /^https:\/\/img\.acme\.com\/users\/0123456789abcdef0123456789abcdef\/[0-9a-f]{16}\.jpg$/,
    );
    assert.match(notes.join("\n"), /blocked \(case 1\): the new one is not shown/);
    const other = await plan({ file });
    assert.notEqual(other.change["user_metadata.picture"], change["user_metadata.picture"]);
  });
});
