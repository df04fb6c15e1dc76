import assert from "node:assert/strict";
import { allFacts } from "../../../cli/certify/facts/all-facts.ts";
import { changeable } from "./changes/changeable-tenant.ts";
import { changedActions } from "./changes/changed-actions.ts";
import { changedConnections } from "./changes/changed-connections.ts";
import { changedJobs } from "./changes/changed-jobs.ts";
import { changedLogins } from "./changes/changed-logins.ts";
import { changedScopes } from "./changes/changed-scopes.ts";
import { changedUsers } from "./changes/changed-users.ts";
import { furnishedForSuite } from "./furnished-tenant.ts";

const behaviours = [
  ...changedActions,
  ...changedUsers,
  ...changedJobs,
  ...changedConnections,
  ...changedScopes,
  ...changedLogins,
];

describe("pictures certify against a tenant with one other behaviour", () => {
  const { change, install, onFlow } = changeable();
  const setup = furnishedForSuite({ onFlow }, install);
  let before: string;
  beforeEach(async () => {
    before = await setup().contents();
  });
  afterEach(async () => {
    change(undefined);
    assert.equal(await setup().contents(), before);
  });

  for (const behaviour of behaviours) {
    it(`finds just ${behaviour.fact} in one that ${behaviour.behaviour}`, async () => {
      change(behaviour);
      const { exitCode, json, text } = await setup().certify();
      const differing = json.facts.filter(({ result }) => result === "differs").map(({ id }) => id);
      assert.deepEqual(differing, [behaviour.fact], text);
      assert.equal(exitCode, 2);
    });
  }

  it("has such a tenant for every fact", () => {
    const facts = new Set(behaviours.map(({ fact }) => fact));
    assert.deepEqual(
      allFacts.map(({ id }) => id).filter((id) => !facts.has(id)),
      [],
    );
  });
});
