import assert from "node:assert/strict";
import { blockTask, blockUser } from "../../../cli/people/block-user.ts";
import { foretell } from "../../../cli/people/change-picture.ts";
import type { People } from "../../../cli/people/people.ts";
import { undoLast } from "../../../cli/people/undo.ts";
import { peopleOfTenant } from "./tenant-people.ts";

const jane = { user_id: "auth0|jane", user_metadata: { picture: "https://img.acme.com/users/jane.png" } };
const ada = { user_id: "auth0|ada" };
const moderator = ["read:users", "update:users_app_metadata"];
const signingOut = [...moderator, "delete:sessions", "delete:refresh_tokens"];
const options = { reason: "case 1", signOut: true, probe: false, yes: true };

describe("blocking a picture and signing the user out", () => {
  const setup = peopleOfTenant();
  const isBlocked = async () => {
    const { body } = await setup().api("GET", "/users/auth0%7Cjane");
    const { app_metadata } = body as unknown as { app_metadata?: { picture_blocked?: boolean } };
    return app_metadata?.picture_blocked === true;
  };
  const block = async (people: People) => blockUser(people, jane.user_id, options);
  const commands = (people: People) =>
    people.journal.entries(jane.user_id).map(({ command, keys }) => [command, keys.length]);

  async function refreshTokens() {
    const app = await setup().application();
    const login = async (userId: string) => {
      const { refreshToken } = await app.login({ userId, scope: "openid offline_access" });
      return () => app.refresh(refreshToken ?? "");
    };
    return { jane: await login(jane.user_id), ada: await login(ada.user_id) };
  }

  beforeEach(() => {
    setup().tenant.users.create(jane);
    setup().tenant.users.create(ada);
  });

  for (const lacking of ["delete:sessions", "delete:refresh_tokens"]) {
    it(`is refused before anything is changed to a client without ${lacking}`, async () => {
      const people = await setup().people(...signingOut.filter((scope) => scope !== lacking));
      await assert.rejects(block(people), {
        code: "scope-missing",
        message: new RegExp(`${lacking}.*add sign-out to config key capabilities`),
      });
      assert.equal(await isBlocked(), false);
      assert.deepEqual(people.journal.entries(), []);
    });
  }

  for (const [name, scopes, said] of [
    ["the plan does not include it", signingOut, /plan does not include/],
    ["the token lacks a scope and does not say so", moderator, /Insufficient scope/],
  ] as const) {
    it(`leaves the block and explains the 403 where ${name}`, async () => {
      const people = await setup().people(...scopes);
      const refresh = await refreshTokens();
      setup().tenant.faults.set(
        scopes === signingOut ? [{ kind: "403", path: "/api/v2/users/*/revoke-access" }] : [],
      );
      const opaque = { ...people, access: { ...people.access, scopes: [] } };
      const { exitCode, json, text } = await block(opaque);
      assert.equal(exitCode, 2);
      assert.equal((json as { signedOut?: boolean }).signedOut, false);
      assert.match(text, said);
      assert.match(
        text,
        /Enterprise plans.*scopes delete:sessions and delete:refresh_tokens.*The block stands/,
      );
      assert.equal(await isBlocked(), true);
      await refresh.jane();
      assert.deepEqual(commands(people), [["block", 2]]);
    });
  }

  it("does not say that it failed where no answer came: that is not known", async () => {
    const people = await setup().people(...signingOut);
    setup().tenant.faults.set([{ kind: "drop-after", path: "/api/v2/users/*/revoke-access" }]);
    const { exitCode, text } = await block(people);
    assert.equal(exitCode, 2);
    assert.match(text, /not known whether Auth0 did it/);
    assert.equal(await isBlocked(), true);
    assert.deepEqual(commands(people).at(-1), ["sign-out", 0]);
  }).timeout(60_000);

  it("says before the question what ends and what does not", async () => {
    const people = await setup().people(...signingOut);
    const { notes } = await foretell(people, blockTask(jane.user_id, options));
    assert.match(notes.join("\n"), /sessions and refresh tokens at Auth0 are revoked, on every device/);
    assert.match(notes.join("\n"), /Applications' own sessions.*last until they expire.*back-channel logout/);
    assert.equal(await isBlocked(), false);
  });

  it("ends this user's refresh tokens, and nobody else's", async () => {
    const people = await setup().people(...signingOut);
    const refresh = await refreshTokens();
    await refresh.jane();
    const { exitCode, json } = await block(people);
    assert.deepEqual([exitCode, (json as { signedOut?: boolean }).signedOut], [undefined, true]);
    await assert.rejects(refresh.jane(), { error: "invalid_grant", status: 403 });
    await refresh.ada();
  });

  it("is in the history, and keeps nobody from undoing the block", async () => {
    const people = await setup().people(...signingOut);
    await block(people);
    assert.deepEqual(commands(people), [
      ["block", 2],
      ["sign-out", 0],
    ]);
    await undoLast(people, jane.user_id, true);
    assert.equal(await isBlocked(), false);
  });

  it("signs out again where the picture is blocked already", async () => {
    const people = await setup().people(...signingOut);
    await block(people);
    const refresh = await refreshTokens();
    await block(people);
    await assert.rejects(refresh.jane(), { error: "invalid_grant" });
  });
});
