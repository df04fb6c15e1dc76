import assert from "node:assert/strict";
import { checkConfig } from "../../../cli/doctor/check-stack.ts";
import { checkActions } from "../../../cli/doctor/check-tenant.ts";
import type { Facts } from "../../../cli/doctor/check.ts";
import { stackActions } from "../../../cli/rollback/stack-actions.ts";
import { rolledStack } from "../rollback/rolled-stack.ts";
import { surroundings } from "./surroundings.ts";

describe("the check of the deployed Actions", () => {
  const stack = rolledStack();

  it("takes a pinned Action's pin for the program's code, and no other", async () => {
    await stack().rollback({ to: 2 });
    const { env } = stack();
    const facts: Facts = { access: (await stackActions("local", env)).access };
    const here = surroundings({ stack: "local", env });
    await checkConfig.run(here, facts);
    const { detail } = await checkActions.run(here, facts);
    assert.match(detail, /default-picture runs other code than the program's/);
    assert.doesNotMatch(detail, /user-picture runs/);
  });

  it("finds a draft that was saved and not deployed, and none where saving changed nothing", async () => {
    const { api } = stack().tenant;
    const { env } = stack();
    await stack().rollback({ to: 2 });
    const { id } = await stack().action("user-picture");
    const detail = async (): Promise<string> => {
      const facts: Facts = { access: (await stackActions("local", env)).access };
      const here = surroundings({ stack: "local", env });
      await checkConfig.run(here, facts);
      return (await checkActions.run(here, facts)).detail;
    };
    const { code } = (await api("GET", `/actions/actions/${id}`)).body;
    await api("PATCH", `/actions/actions/${id}`, { code });
    assert.doesNotMatch(await detail(), /not deployed/);
    await api("PATCH", `/actions/actions/${id}`, { code: `${code} // later` });
    assert.match(await detail(), /user-picture has a draft that is not deployed/);
  });
});
