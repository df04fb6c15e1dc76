import assert from "node:assert/strict";
import { startFlowProcess, type FlowProcess } from "../../../sandbox/flow-process.ts";
import { answerKinds, frame, requestKinds, type BatchOutcome } from "../../../sandbox/frames.ts";
import { action } from "../action.ts";

/** An index into the circumstances, how many logins there were, and the user's profile. */
type Login = readonly [circumstances: number, count: number, user: object];

/** What is there of every event's user. */
const bare = { identities: [], user_metadata: {}, app_metadata: {} };

describe("A batch", () => {
  let started: FlowProcess;
  afterEach(() => started.kill());

  /** What a flow of these handlers makes of the logins, after so many batches of the same. */
  async function outcomesOf(
    bodies: readonly string[],
    circumstances: readonly object[],
    logins: readonly Login[],
    { timeLimit = { seconds: 20, logins: 10 }, earlier = 0 } = {},
  ): Promise<readonly BatchOutcome[] | "hanging"> {
    started = startFlowProcess({
      actions: bodies.map((body, index) => action(body, `Action ${index}`)),
      timeLimit,
    });
    const texts = circumstances.map((each) => JSON.stringify(each));
    const request = frame(
      requestKinds.batch,
      JSON.stringify({
        circumstances: texts,
        logins: logins.map(([index, count]) => [index, count]),
        users: logins.map(([, , user]) => ({ ...bare, ...user })),
      }),
    );
    for (let before = 0; before < earlier; before += 1) await started.request(request, 30_000);
    const { kind, content } = await started.request(request, 30_000);
    if (kind === answerKinds.hanging) return "hanging";
    return JSON.parse(content.toString()) as readonly BatchOutcome[];
  }

  it("gives each login its own circumstances, however often they come", async () => {
    const circumstances = [
      { connection: { name: "db" } },
      { connection: { name: 'a\u2028"\\u0000' } },
      JSON.parse('{"connection":{"name":"own"},"__proto__":{"connection":{"name":"inherited"}}}') as object,
    ];
    const logins = Array.from({ length: 60 }, (_, index): Login => [
      index % 3,
      index,
      { user_id: `auth0|${index}` },
    ]);
    const outcomes = await outcomesOf(
      [
        "api.idToken.setCustomClaim('picture', [event.connection.name, event.stats.logins_count, event.user.user_id, Object.getPrototypeOf(event) === Object.prototype])",
      ],
      circumstances,
      logins,
      { earlier: 3 },
    );
    const names = ["db", 'a\u2028"\\u0000', "own"];
    assert.deepEqual(
      outcomes,
      logins.map(([index, count, user]) => [
        [names[index], count, (user as { user_id: string }).user_id, true],
      ]),
    );
  });

  it("gives each login circumstances that an earlier one has not changed", async () => {
    const body = `
      const seen = JSON.stringify([event.connection, event.user, event.secrets, event.stats]);
      event.connection.name = "changed"; event.connection.metadata.left = 1;
      event.user.left = 1; event.secrets.left = 1; event.stats.left = 1;
      api.idToken.setCustomClaim("picture", seen);`;
    const login: Login = [0, 1, { user_id: "auth0|1" }];
    const outcomes = await outcomesOf(
      [body],
      [{ connection: { name: "db", metadata: {} } }],
      Array<Login>(30).fill(login),
      { earlier: 3 },
    );
    const user = { ...bare, ...login[2], enrolledFactors: [] };
    const fresh = JSON.stringify([{ name: "db", metadata: {} }, user, {}, { logins_count: 1 }]);
    assert.deepEqual(outcomes, Array(30).fill([fresh]));
  });

  it("shows a later Action what an earlier one set, and not the next user", async () => {
    const outcomes = await outcomesOf(
      [
        "if (event.user.first) api.user.setAppMetadata('seen', true)",
        "api.idToken.setCustomClaim('picture', event.user.app_metadata.seen ?? 'not seen')",
      ],
      [{}],
      [
        [0, 1, { first: true, app_metadata: {} }],
        [0, 1, { app_metadata: {} }],
      ],
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
    const outcomes = await outcomesOf(
      [body],
      [{}],
      users.map((user): Login => [0, 1, user]),
    );
    assert.deepEqual(outcomes, [1, 2, [null], 0, 1, [null]]);
  });

  it("goes on after a login that does not end, and gives up after too many", async () => {
    const body =
      "if (event.user.waits) await new Promise(() => {}); api.idToken.setCustomClaim('picture', 'x')";
    const logins: Login[] = [{ waits: 1 }, {}, { waits: 1 }, {}].map((user) => [0, 1, user]);
    assert.deepEqual(await outcomesOf([body], [{}], logins, { timeLimit: { seconds: 1, logins: 2 } }), [
      1,
      ["x"],
      1,
      ["x"],
    ]);
    await started.kill();
    assert.equal(await outcomesOf([body], [{}], logins, { timeLimit: { seconds: 1, logins: 1 } }), "hanging");
  });

  it("ends with its process where an Action has broken the program that runs it", async () => {
    // No login ever reaches the limit: without an end there would be none.
    const never = { timeLimit: { seconds: 1e9, logins: 1 } };
    const body = "Array.prototype.push = () => { throw new Error('broken'); };";
    await assert.rejects(outcomesOf([body], [{}], [[0, 1, {}]], never), { why: "ended" });
  });
});
