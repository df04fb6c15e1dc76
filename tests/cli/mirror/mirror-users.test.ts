import assert from "node:assert/strict";
import type { User } from "../../../auth0/user.ts";
import type { FetchedSource } from "../../../cli/mirror/fetch-source.ts";
import { noCounts, countOutcome, type MirrorCounts } from "../../../cli/mirror/mirror-counts.ts";
import { mirrorUsers } from "../../../cli/mirror/mirror-users.ts";
import { selectionBy } from "../../../cli/mirror/noted-copy.ts";
import { createPreparer } from "../../../cli/mirror/prepare-copies.ts";
import type { ReadyCopy } from "../../../cli/mirror/write-copy.ts";
import { createProgress } from "../../../lib/progress.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import { settings } from "../people/people-of.ts";
import { asAsync } from "./mirror-world.ts";

const gravatar = "https://s.gravatar.com/avatar/0f?s=480";
const copy = {
  of: fingerprintOf(gravatar),
  url: `https://img.acme.com/users/${"ab".repeat(16)}/copy-0123456789abcdef.jpg`,
  at: "2026-11-20T00:00:00Z",
};

describe("users whose source has no picture", () => {
  const written: ReadyCopy[] = [];
  let counts: MirrorCounts;

  async function mirror(found: FetchedSource, ...users: readonly User[]): Promise<void> {
    counts = noCounts();
    written.length = 0;
    const selected = { connection: undefined, maxAge: undefined, limit: undefined };
    await mirrorUsers(
      {
        settings,
        selection: selectionBy(selected, settings, new Date()),
        ledger: {
          isSettled: () => false,
          settle: (_user, outcome) => countOutcome(counts, outcome),
          noteFolder: () => undefined,
          folderOf: () => undefined,
          close: () => undefined,
        },
        files: { isMissing: () => false },
        fetch: () => Promise.resolve(found),
        prepare: () => Promise.reject(new Error("nothing is to be prepared")),
        writer: {
          write: (ready) => {
            written.push(ready);
            return Promise.resolve({ outcome: "skipped", why: "no-gravatar" });
          },
        },
        progress: createProgress({}, { write: () => undefined }),
      },
      asAsync(users),
    );
  }
  const user = (app_metadata = {}) => ({ user_id: "auth0|1", picture: gravatar, app_metadata });

  it("keep their copy where the source only fails", async () => {
    await mirror({ kind: "failed", code: "http-403" }, user({ picture_copy: copy }));
    assert.deepEqual([counts.counts.failed, written], [1, []]);
  });

  it("lose its note where they deleted the Gravatar, and need none where there is no copy", async () => {
    await mirror({ kind: "none" }, user({ picture_copy: copy }));
    assert.deepEqual(
      written.map(({ userId, image }) => [userId, image]),
      [["auth0|1", undefined]],
    );
    await mirror({ kind: "none" }, user());
    assert.deepEqual([counts.counts.skipped, written], [1, []]);
  });
});

describe("the preparing of pictures", () => {
  it("does the same one once, a few at a time, and goes on after one that fails", async () => {
    let running = 0;
    let most = 0;
    let prepared = 0;
    const prepare = createPreparer(async (file) => {
      prepared += 1;
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setTimeout(resolve, 2));
      running -= 1;
      if (file.toString() === "3") throw new Error("broken");
      return { bytes: file, contentType: "image/png", sha256: "", width: 512 };
    });
    const files = Array.from({ length: 40 }, (_, n) => Buffer.from(String(n % 20)));
    const results = await Promise.allSettled(files.map(prepare));
    assert.equal(results.filter(({ status }) => status === "rejected").length, 2);
    assert.equal(prepared, 20);
    assert.ok(most <= 4, String(most));
  });
});
