import assert from "node:assert/strict";
import type { AnswerBody } from "../answer-body.ts";
import { setupTenant } from "../setup-tenant.ts";

describe("/api/v2/logs", () => {
  const setup = setupTenant();
  const list = async (query: string): Promise<AnswerBody[]> =>
    (await setup().api("GET", `/logs?${query}`)).body as unknown as AnswerBody[];

  beforeEach(async () => {
    for (const name of ["A", "B", "C"]) await setup().api("POST", "/roles", { name });
  });

  it("has writes that were accepted and no reads", async () => {
    const { api } = setup();
    await api("POST", "/roles", { name: "A" });
    await api("GET", "/roles");
    const { logs, total } = (await api("GET", "/logs?include_totals=true")).body;
    assert.equal(total, 3);
    assert.deepEqual(new Set(logs.map(({ type }) => type)), new Set(["sapi"]));
    assert.equal((await api("GET", "/logs/none")).status, 404);
    assert.deepEqual((await api("GET", `/logs/${logs[0]!.log_id}`)).body, logs[0]);
  });

  it("is newest first by page and oldest first from a checkpoint to the end", async () => {
    const pages = await list("per_page=2");
    const first = await list("take=2");
    const rest = await list(`take=2&from=${first[1]!.log_id}`);
    assert.deepEqual(
      [...first, ...rest]
        .toReversed()
        .slice(0, 2)
        .map(({ log_id }) => log_id),
      pages.map(({ log_id }) => log_id),
    );
    assert.deepEqual(await list(`take=2&from=${rest[0]!.log_id}`), []);
  });

  it("has logins that failed, with the user's id and nothing that was typed", async () => {
    const { application, api, tenant } = setup();
    tenant.users.create({ user_id: "auth0|1", email: "db@example.com", password: "right" });
    const app = await application();
    await assert.rejects(app.login({ username: "db@example.com", password: "typed" }));
    await assert.rejects(app.login({ username: "nobody@example.com", password: "typed" }));
    const { text } = await api("GET", "/logs?per_page=2");
    const failed = JSON.parse(text) as AnswerBody[];
    assert.deepEqual(
      failed.map(({ type, user_id }) => [type, user_id]),
      [
        ["fu", undefined],
        ["fp", "auth0|1"],
      ],
    );
    assert.doesNotMatch(text, /typed|example\.com/);
  });
});
