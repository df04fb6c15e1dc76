import assert from "node:assert/strict";
import { changePicture } from "../../../cli/people/change-picture.ts";
import type { People } from "../../../cli/people/people.ts";
import type { PictureChange } from "../../../cli/people/picture-change.ts";
import { undoLast } from "../../../cli/people/undo.ts";
import { changeScopes, peopleOfTenant } from "./tenant-people.ts";

describe("undoing", () => {
  const setup = peopleOfTenant();
  const original = "https://img.acme.com/1.png";
  beforeEach(() => {
    for (const id of ["auth0|a", "auth0|b"])
      setup().tenant.users.create({ user_id: id, user_metadata: { picture: original, theme: "dark" } });
  });

  const change = (people: People, wanted: string, changes: PictureChange, final = false) =>
    changePicture(people, { command: "set", wanted, yes: true, plan: () => ({ change: changes, final }) });
  const own = async (id: string) =>
    (await setup().api("GET", `/users/${encodeURIComponent(id)}`)).body.user_metadata as unknown;

  it("says so where there is nothing", async () => {
    const people = await setup().people(...changeScopes);
    await assert.rejects(undoLast(people, undefined, true), { code: "nothing-to-undo" });
  });

  it("refuses where somebody changed it since", async () => {
    const people = await setup().people(...changeScopes);
    await change(people, "auth0|a", { "user_metadata.picture": "" });
    await setup().api("PATCH", "/users/auth0%7Ca", {
      user_metadata: { picture: "https://img.acme.com/2.png" },
    });
    await assert.rejects(undoLast(people, undefined, true), { code: "changed-since", message: /auth0\|a/ });
    assert.deepEqual(await own("auth0|a"), { picture: "https://img.acme.com/2.png", theme: "dark" });
  });

  it("does not go behind a write that cannot be undone, unless another user is named", async () => {
    const people = await setup().people(...changeScopes);
    await change(people, "auth0|b", { "user_metadata.picture": "" });
    await change(people, "auth0|a", { "user_metadata.picture": null }, true);
    await assert.rejects(undoLast(people, undefined, true), { code: "cannot-be-undone" });
    await undoLast(people, "auth0|b", true);
    assert.deepEqual(await own("auth0|b"), { picture: original, theme: "dark" });
  });

  it("says so where Auth0 keeps the root picture, and changes nothing", async () => {
    const people = await setup().people(...changeScopes);
    await change(people, "auth0|a", { picture: original, "user_metadata.picture": "" });
    setup().tenant.faults.set([{ kind: "kept-root-picture" }]);
    await assert.rejects(undoLast(people, undefined, true), {
      code: "root-picture-kept",
      message: /refused to remove.*nothing was changed.*set-root/s,
    });
    assert.deepEqual(await own("auth0|a"), { picture: "", theme: "dark" });
    setup().tenant.faults.clear();
    await undoLast(people, undefined, true);
    assert.deepEqual(await own("auth0|a"), { picture: original, theme: "dark" });
    assert.equal(setup().tenant.users.get("auth0|a")?.picture, undefined);
  });

  it("goes back one write each time", async () => {
    const people = await setup().people(...changeScopes);
    await change(people, "auth0|a", { "user_metadata.picture": "" });
    await change(people, "auth0|a", { "user_metadata.gravatar_disabled": true });
    await undoLast(people, undefined, true);
    assert.deepEqual(await own("auth0|a"), { picture: "", theme: "dark" });
    await undoLast(people, undefined, true);
    assert.deepEqual(await own("auth0|a"), { picture: original, theme: "dark" });
    await assert.rejects(undoLast(people, undefined, true), { code: "nothing-to-undo" });
  });

  it("is told by the id of a linked identity, as every change is", async () => {
    const { tenant, api } = setup();
    tenant.users.create({ user_id: "github|7" });
    await api("POST", "/users/auth0%7Ca/identities", { provider: "github", user_id: "7" });
    const people = await setup().people(...changeScopes);
    const whose = /^auth0\|a\n[^]*\n {2}github\|7 is linked to auth0\|a\.\n/;
    assert.match((await change(people, "github|7", { "user_metadata.picture": "" })).text, whose);
    const same = await change(people, "github%7C7", { "user_metadata.picture": "" });
    assert.match(same.text, /github\|7 is linked to auth0\|a\.\nIt is already like this/);
    assert.match((await undoLast(people, "github|7", true)).text, whose);
    assert.deepEqual(await own("auth0|a"), { picture: original, theme: "dark" });
  });

  it("passes over a write that was noted but never sent", async () => {
    const people = await setup().people(...changeScopes);
    await change(people, "auth0|a", { "user_metadata.picture": "" });
    const cutOff: People = {
      ...people,
      users: { ...people.users, patch: () => Promise.reject(new Error("killed")) },
    };
    await assert.rejects(change(cutOff, "auth0|a", { "user_metadata.gravatar_disabled": true }), /killed/);
    await undoLast(people, undefined, true);
    assert.deepEqual(await own("auth0|a"), { picture: original, theme: "dark" });
  });
});
