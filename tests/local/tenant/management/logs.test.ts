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
});
