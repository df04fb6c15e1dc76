import assert from "node:assert/strict";
import { startFlowProcess, type FlowProcess } from "../../../sandbox/flow-process.ts";
import { answerKinds, frame, requestKinds, type BatchOutcome } from "../../../sandbox/frames.ts";
import { action } from "../action.ts";

/** What is there of every event's user. */
const bare = { identities: [], user_metadata: {}, app_metadata: {} };

describe("A batch", () => {
  let started: FlowProcess;
  afterEach(() => started.kill());

  /** What a flow of these handlers makes of the logins, after so many batches of the same. */
  async function outcomesOf(
    bodies: readonly string[],
    users: readonly object[],
    { timeLimit = { seconds: 20, logins: 10 }, earlier = 0 } = {},
  ): Promise<readonly BatchOutcome[] | "hanging"> {
    started = startFlowProcess({
      actions: bodies.map((body, index) => action(body, `Action ${index}`)),
      timeLimit,
    });
    const lines = users.map((user) => JSON.stringify({ ...bare, ...user }));
    const request = frame(requestKinds.batch, lines.join("\n"));
    for (let before = 0; before < earlier; before += 1) await started.request(request, 30_000);
    const { kind, content } = await started.request(request, 30_000);
    if (kind === answerKinds.hanging) return "hanging";
    return JSON.parse(content.toString()) as readonly BatchOutcome[];
  }

  it("gives each login its own circumstances, however often they come", async () => {
    const names = ["db", 'a\u2028"\\u0000', "__proto__"];
    const users = Array.from({ length: 300 }, (_, index) => ({
      user_id: `auth0|${index}`,
      identities: [{ connection: names[index % 3], provider: "auth0" }],
      logins_count: index,
    }));
    const outcomes = await outcomesOf(
      [
        "api.idToken.setCustomClaim('picture', [event.connection.name, event.stats.logins_count, event.user.user_id, Object.getPrototypeOf(event) === Object.prototype])",
      ],
      users,
      { earlier: 1 },
    );
    assert.deepEqual(
      outcomes,
      users.map(({ user_id: id, identities, logins_count: count }) => [
        [identities[0]?.connection, count, id, true],
      ]),
    );
  });

  it("gives each login circumstances that an earlier one has not changed", async () => {
    const body = `
      const seen = JSON.stringify([event.connection, event.user, event.secrets, event.stats]);
      event.connection.name = "changed"; event.connection.metadata.left = 1;
      event.user.left = 1; event.user.identities[0].left = 1; event.secrets.left = 1; event.stats.left = 1;
      api.idToken.setCustomClaim("picture", seen);`;
    const user = { ...bare, user_id: "auth0|1", identities: [{ connection: "db", provider: "auth0" }] };
    const outcomes = await outcomesOf([body], Array<object>(200).fill(user), { earlier: 1 });
    const connection = { name: "db", strategy: "auth0", metadata: {} };
    const fresh = JSON.stringify([connection, { ...user, enrolledFactors: [] }, {}, { logins_count: 0 }]);
    assert.deepEqual(outcomes, Array(200).fill([fresh]));
  });

  it("fails the login of a line that is no user, and skips lines with nothing but white space", async () => {
    started = startFlowProcess({
      actions: [action("api.idToken.setCustomClaim('picture', event.user.user_id)", "Action")],
      timeLimit: { seconds: 20, logins: 10 },
    });
    const lines = ["{", "", '{"user_id":"a"}', "  \uFEFF", "7", "null", ' {"user_id":"b"}\r', "[]", ""];
    const { content } = await started.request(frame(requestKinds.batch, lines.join("\n")), 30_000);
    const outcomes = JSON.parse(content.toString()) as BatchOutcome[];
    assert.deepEqual(outcomes.slice(0, 5), [1, ["a"], 1, 1, ["b"]]);
    // A list has no user_id; the parent never counts it.
    assert.equal(outcomes.length, 6);
  });

  it("shows a later Action what an earlier one set, and not the next user", async () => {
    const outcomes = await outcomesOf(
      [
        "if (event.user.first) api.user.setAppMetadata('seen', true)",
        "api.idToken.setCustomClaim('picture', event.user.app_metadata.seen ?? 'not seen')",
      ],
      [{ first: true }, {}],
    );
    assert.deepEqual(outcomes, [[true], ["not seen"]]);
  });

  it("tells apart what throws, what denies, what sets no picture and what sets null", async () => {
    const body = `
      if (event.user.throws) throw new Error("boom");
      if (event.user.denies) api.access.deny("no");
      if (event.user.sets) api.idToken.setCustomClaim("picture", null);
      if (event.user.late) setTimeout(() => { throw new Error("late"); }, 1), await new Promise(() => {});`;
    const users = [{ throws: 1 }, { denies: 1 }, { sets: 1 }, {}, { late: 1 }, { sets: 1 }];
    const outcomes = await outcomesOf([body], users);
    assert.deepEqual(outcomes, [1, 2, [null], 0, 1, [null]]);
  });

  it("goes on after a login that does not end, and gives up after too many", async () => {
    const body =
      "if (event.user.waits) await new Promise(() => {}); api.idToken.setCustomClaim('picture', 'x')";
    const users = [{ waits: 1 }, {}, { waits: 1 }, {}];
    assert.deepEqual(await outcomesOf([body], users, { timeLimit: { seconds: 1, logins: 2 } }), [
      1,
      ["x"],
      1,
      ["x"],
    ]);
    await started.kill();
    assert.equal(await outcomesOf([body], users, { timeLimit: { seconds: 1, logins: 1 } }), "hanging");
  });

  it("ends with its process where an Action has broken the program that runs it", async () => {
    // No login ever reaches the limit: without an end there would be none.
    const never = { timeLimit: { seconds: 1e9, logins: 1 } };
    const body = "Array.prototype.push = () => { throw new Error('broken'); };";
    await assert.rejects(outcomesOf([body], [{}], never), { why: "ended" });
  });
});
