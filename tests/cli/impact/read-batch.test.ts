import assert from "node:assert/strict";
import fc from "fast-check";
import type { ComparisonSetup, Shard } from "../../../cli/impact/comparison.ts";
import { isInShard } from "../../../cli/impact/example-sample.ts";
import { createBatchReader } from "../../../cli/impact/read-batch.ts";
import type { BatchRequest } from "../../../sandbox/frames.ts";
import { frameHeaderBytes, readFrameHeader, requestKinds } from "../../../sandbox/frames.ts";

const setup = (shard: Shard | undefined): ComparisonSetup => ({
  old: { actions: [], settings: {} },
  new: { actions: [], settings: {} },
  shard,
  sample: 0,
  listChanged: false,
});

/** What JSON takes for white space, and what only this project's readers take away from around a line. */
const space = fc.constantFrom("", "", "", " ", "\t", "\r", "\uFEFF", "\u00A0", "\u2028 ");
const user = fc.record(
  {
    user_id: fc.integer({ min: 0, max: 9999 }).map((number) => `auth0|${number}`),
    name: fc.constantFrom("Ann", "Zoë", "李", "\uD83D\uDE00", "a\nb", '{"x":1},'),
    logins_count: fc.integer({ min: 0, max: 9 }),
    identities: fc.constantFrom<object[]>([], [{ connection: "db", provider: "auth0" }]),
  },
  { requiredKeys: ["user_id"] },
);
const lines = fc.array(
  fc.oneof(
    { arbitrary: fc.tuple(space, user, space), weight: 9 },
    fc.tuple(space, fc.constant(undefined), space),
  ),
  { maxLength: 12 },
);
const shards = fc.constantFrom(undefined, { index: 1, of: 2 });

describe("a batch that is read", () => {
  it("asks the flows for the users of its lines, whatever stands around and between them", () => {
    fc.assert(
      fc.property(lines, shards, fc.boolean(), (given, shard, endsWithLineFeed) => {
        const text = given
          .map(([before, profile, after]) => `${before}${profile ? JSON.stringify(profile) : ""}${after}`)
          .join("\n");
        const bytes = Buffer.from(endsWithLineFeed ? `${text}\n` : text);
        // What an earlier batch left behind the end.
        const buffer = Buffer.concat([bytes, Buffer.from('"}\n{"user_id":"left"}\n')]);
        const batch = createBatchReader(setup(shard))({ buffer, length: bytes.length });
        assert.ok("request" in batch);
        const request = Buffer.concat([batch.request].flat());
        const { kind, contentBytes } = readFrameHeader(request);
        assert.equal(kind, requestKinds.batch);
        assert.equal(contentBytes, request.length - frameHeaderBytes);
        const { users, logins } = JSON.parse(request.toString("utf8", frameHeaderBytes)) as BatchRequest;
        const expected = given.flatMap(([, profile]) =>
          profile && (!shard || isInShard(profile.user_id, shard)) ? [profile] : [],
        );
        assert.deepEqual(
          users.map(({ identities: _, ...rest }) => rest),
          expected.map(({ identities: _, ...rest }) => rest),
        );
        assert.ok(users.every(({ identities }) => Array.isArray(identities)));
        assert.deepEqual(
          logins.map(([, count]) => count),
          expected.map(({ logins_count: count = 0 }) => count),
        );
      }),
      { numRuns: 1500 },
    );
  });
});
