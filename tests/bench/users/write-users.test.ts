import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exportLine, writeUsers } from "../../../bench/users/write-users.ts";
import { projectRoot } from "../../../lib/project.ts";
import { decide } from "../../../policy/decide.ts";
import { bundleActions } from "../../../stack/bundle-actions.ts";
import { settingsWith } from "../../policy/settings.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

interface ExportedUser {
  readonly user_id: string;
  readonly picture: string;
  readonly identities: readonly { readonly provider: string }[];
}

describe("the benchmark's users", () => {
  const folder = temporaryFolder();

  it("are always the same, one on each line, no two alike", async () => {
    const file = join(folder(), "users.json");
    await writeUsers(file, 2500);
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    assert.equal(lines.length, 2500);
    assert.equal(`${lines[1234] ?? ""}\n`, exportLine(1234));
    assert.equal(new Set(lines.map((line) => (JSON.parse(line) as ExportedUser).user_id)).size, 2500);
  });

  it("meet every row of the policy", () => {
    const settings = settingsWith({ allowedHosts: ["img.example.com"] });
    const reasons = new Set(
      Array.from({ length: 1000 }, (_, number) => {
        const user = JSON.parse(exportLine(number)) as ExportedUser;
        const strategy = user.identities[0]?.provider ?? "";
        return decide({ user, connection: { strategy } }, settings).reason;
      }),
    );
    for (const reason of ["blocked", "removed", "user", "gravatar", "placeholder"]) {
      assert.ok(
        [...reasons].some((found) => found.includes(reason)),
        `${reason} in ${[...reasons].join()}`,
      );
    }
  });

  it("change for the naive script as they do for the policy", async () => {
    const users = join(folder(), "users.json");
    await writeUsers(users, 500);
    const [before, after] = (["keep", "replace"] as const).map((social) => settingsWith({ social }));
    const files = [before, after].map((settings, index) => {
      const file = join(folder(), `codes-${index}.json`);
      writeFileSync(file, JSON.stringify(bundleActions(settings!).map(({ code }) => code)));
      return file;
    });
    const program = join(projectRoot, "bench/users/naive-impact.js");
    const out = execFileSync(process.execPath, [program, users, ...files], { encoding: "utf8" });
    const shown = (number: number, settings: ReturnType<typeof settingsWith>) => {
      const user = JSON.parse(exportLine(number)) as ExportedUser;
      return decide({ user, connection: { strategy: user.identities[0]?.provider ?? "" } }, settings).picture;
    };
    const numbers = Array.from({ length: 500 }, (_, number) => number);
    const changed = numbers.filter((number) => shown(number, before!) !== shown(number, after!)).length;
    assert.ok(changed > 0);
    assert.deepEqual(JSON.parse(out), { users: 500, changed });
  });
});
