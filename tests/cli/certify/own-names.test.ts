import assert from "node:assert/strict";
import { newRun, ownMark, ownNames, runOf, startOf, userSlots } from "../../../cli/certify/own-names.ts";

describe("the names of what certify makes", () => {
  const at = new Date("2026-11-27T09:00:00Z");

  it("are not those of anything else, however near they come", () => {
    const run = newRun(at);
    const others = [
      undefined,
      42,
      "",
      ownMark,
      `${ownMark}notes`,
      `x${ownMark}${run}`,
      `${ownMark}${run}-database-2`,
      `${ownMark}${run}-`,
      `${ownMark}${run}\n`,
      `${ownMark}${run.toUpperCase()}`,
      ownMark.slice(0, -1) + run,
    ];
    for (const name of others) assert.equal(runOf(name), undefined, String(name));
  });

  it("tell the run that made them, and when it began", () => {
    const names = ownNames(newRun(at));
    const { action, database, importDatabase, social, limitedClient, loginClient } = names;
    for (const name of [action, database, importDatabase, social, limitedClient, loginClient]) {
      assert.equal(runOf(name), names.run);
    }
    assert.deepEqual(startOf(names.run), at);
  });

  it("fit what Auth0 takes for a connection, an id and an email", () => {
    const names = ownNames(newRun(at));
    for (const name of [names.database, names.importDatabase, names.social]) {
      assert.match(name, /^[a-zA-Z0-9](-[a-zA-Z0-9]|[a-zA-Z0-9])*$/);
      assert.ok(name.length <= 128);
    }
    for (const slot of userSlots) {
      const [local = "", domain] = names.email(slot).split("@");
      assert.ok(local.length <= 64, local);
      assert.equal(domain, "example.invalid");
      assert.equal(names.userId(slot), `auth0|${names.localUserId(slot)}`);
    }
  });
});
