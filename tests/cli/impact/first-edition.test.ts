import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { firstEdition } from "../../../bench/actions.ts";
import { commitNamed } from "../../../cli/commit-folder.ts";
import type { ImpactReport } from "../../../cli/impact/impact-report.ts";
import { runImpact } from "../../../cli/impact/run-impact.ts";
import { projectRoot } from "../../../lib/project.ts";
import { configNamespace } from "../../../stack/read-config.ts";
import { readStackNamed } from "../../../stack/stack-file.ts";
import { policyCases } from "../../cases/picture-policy.ts";
import { arbitraryEvent } from "../../policy/arbitrary-login.ts";
import { restate } from "../../policy/restatement.ts";
import { rolledStack } from "../rollback/rolled-stack.ts";
import { restateFirst } from "./first-edition.ts";
import { lines, type SomeUser } from "./impact-of.ts";

const providers = ["auth0", "google-oauth2", "samlp", "email"];

/** Users as an export's file holds them: those of the policy's cases, and as many made ones of every kind. */
function exportedUsers(): SomeUser[] {
  const events = [
    ...policyCases.map(({ event }) => event),
    ...fc.sample(arbitraryEvent, { seed: 13, numRuns: 3000 }),
  ];
  return events.flatMap((event, index) => {
    const { user } = Object(event) as { user?: unknown };
    const { picture, user_metadata, app_metadata } = Object(user) as Partial<SomeUser>;
    // Files of megabytes make the test slow, and no other kind.
    if (typeof picture === "string" && picture.length > 10_000) return [];
    const provider = providers[index % providers.length]!;
    const identities = [{ connection: provider, provider, user_id: String(index) }];
    const made = { user_id: `${provider}|${index}`, picture, user_metadata, app_metadata, identities };
    try {
      return [JSON.parse(JSON.stringify(made)) as SomeUser];
    } catch {
      // What JSON cannot say is in no file.
      return [];
    }
  });
}

/** A copy by `pulumi new` has another history or none, in which that commit cannot be. A shallow clone only has to fetch it. */
function hasOtherHistory(): boolean {
  if (commitNamed(firstEdition) !== undefined) return false;
  if (commitNamed("HEAD") === undefined) return true;
  const args = ["rev-parse", "--is-shallow-repository"];
  return execFileSync("git", args, { cwd: projectRoot, encoding: "utf8" }).trim() === "false";
}

const subject = "what the second edition of the policy changes";
// Skipped with its hooks, which start a tenant.
const suite = hasOtherHistory()
  ? describe.skip.bind(undefined, `${subject} (skipped: commit ${firstEdition} is not in this history)`)
  : describe.bind(undefined, subject);

suite(() => {
  const stack = rolledStack();

  for (const [name, changes] of Object.entries({
    "by default": { gravatar: "fallback" },
    "with hosts that are listed, and Gravatars as they are": {
      gravatar: "keep",
      allowedHosts: '["*.acme.com", "*.gravatar.com", "i0.wp.com"]',
      maxLength: "110",
    },
    "where nothing of others is shown": { gravatar: "never", social: "replace" },
  })) {
    it(`is told by pictures impact for exactly the users that it is about, ${name}`, async () => {
      assert.ok(
        commitNamed(firstEdition) !== undefined,
        "This test needs the repository's whole history: git fetch --unshallow",
      );
      const folder = stack().env["PICTURES_STACK_FOLDER"]!;
      const own = readFileSync(join(folder, "Pulumi.local.yaml"), "utf8");
      const added = Object.entries(changes).map(([key, value]) => `  ${configNamespace}:${key}: ${value}\n`);
      writeFileSync(join(folder, "Pulumi.editions.yaml"), own.replace(/^.*:gravatar:.*\n/m, added.join("")));
      const users = exportedUsers();
      const file = join(folder, "users.json");
      writeFileSync(file, lines(...users));
      const changed = join(folder, "changed");

      const { json } = await runImpact({
        stack: "editions",
        users: file,
        against: firstEdition,
        changed,
        sample: 0,
        pairs: 2,
        env: stack().env,
        progress: { write: () => assert.fail("wrote progress to what is no terminal") },
      });

      const { settings } = await readStackNamed("editions", stack().env);
      const expected = users.filter((user) => {
        const [{ provider }] = user.identities as [{ provider: string }];
        const before = restateFirst({ user, connection: { strategy: provider } }, settings);
        return before.picture !== restate({ user }, settings).picture;
      });
      const report = json as ImpactReport;
      assert.deepEqual(
        readFileSync(changed, "utf8")
          .split("\n")
          .filter((line) => line !== "")
          .map((line) => JSON.parse(line) as string),
        expected.map(({ user_id }) => user_id),
      );
      assert.equal(report.users, users.length);
      assert.equal(report.changed, expected.length);
      assert.ok(expected.length > 50, "the users are of enough kinds");
    });
  }
});
