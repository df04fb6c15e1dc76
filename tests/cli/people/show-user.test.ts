import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { describeFinding, findFaults, findingWords } from "../../../cli/people/finding.ts";
import { nextLogin } from "../../../cli/people/next-login.ts";
import { showUser } from "../../../cli/people/show-user.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import { peopleOfTenant, settings } from "./tenant-people.ts";

const sofia = {
  user_id: "google-oauth2|7",
  name: "Sofia",
  email: "sofia@acme.com",
  picture: "https://lh3.googleusercontent.com/a/s",
  user_metadata: { picture: "http://example.com/own.png" },
};

describe("showing a user", () => {
  const setup = peopleOfTenant();

  it("does not know what it may not read", async () => {
    setup().tenant.users.create(sofia);
    const people = await setup().people("read:users", "read:connections");
    const { json } = await showUser(people, sofia.user_id, []);
    const { connection, rootOverwrittenAtLogin } = json as Record<string, unknown>;
    assert.deepEqual(connection, { name: "google-oauth2", strategy: "google-oauth2", sync: "unknown" });
    assert.equal(rootOverwrittenAtLogin, null);
  });

  it("has every documented field, and neither email nor anything that others keep", async () => {
    setup().tenant.users.create({
      ...sofia,
      last_login: "2026-11-01T10:00:00.000Z",
      app_metadata: { plan: "gold" },
    });
    const people = await setup().people("read:users", "read:connections", "read:connections_options");
    const { json, text } = await showUser(people, "sofia@acme.com", []);
    assert.deepEqual(json, {
      stack: "dev",
      userId: "google-oauth2|7",
      root: sofia.picture,
      rootFrom: { userId: "google-oauth2|7", connection: "google-oauth2", provided: true },
      own: "http://example.com/own.png",
      copy: null,
      copyState: "none",
      gravatarDisabled: false,
      blocked: false,
      block: null,
      reviewed: null,
      connection: { name: "google-oauth2", strategy: "google-oauth2", sync: "each-login" },
      rootOverwrittenAtLogin: true,
      lastLogin: "2026-11-01T10:00:00.000Z",
      identities: [
        { connection: "google-oauth2", provider: "google-oauth2", userId: "google-oauth2|7", primary: true },
      ],
      reason: "kept",
      picture: sofia.picture,
      claim: null,
      findings: [{ finding: "own-http", cause: null, address: "http://example.com/own.png" }],
      otherStacks: [],
    });
    assert.doesNotMatch(text, /@acme|gold/);
    assert.match(text, /own picture: http:\/\/example\.com\/own\.png \(a login ignores it: it uses http/);
    assert.match(text, /root from: {3}google-oauth2\|7, the primary identity: from its provider/);
    assert.match(text, /overwrites the root picture at each login/);
  });

  for (const [name, value] of [
    ["picture_blocked", "true"],
    ["picture_blocked", 1],
    ["picture_blocked", { by: "moderator" }],
    ["gravatar_disabled", "yes"],
    ["gravatar_disabled", []],
  ] as const) {
    it(`says what an audit would, in the same words: ${name} ${JSON.stringify(value)}`, async () => {
      const place = name === "picture_blocked" ? "app_metadata" : "user_metadata";
      const user = { ...sofia, user_metadata: {}, [place]: { [name]: value } };
      setup().tenant.users.create(user);
      const { text, json } = await showUser(await setup().people("read:users"), sofia.user_id, []);
      const [found] = findFaults(user, nextLogin(user, settings), settings, new Date());
      assert.ok(found);
      assert.ok(text.includes(`  to fix:      ${describeFinding(found)}\n`), text);
      assert.ok(text.includes(`${findingWords[found.kind].remedy}.`), text);
      const { findings, blocked } = json as Record<string, unknown>;
      assert.deepEqual(findings, [{ finding: found.kind, cause: null, address: null }]);
      assert.equal(blocked, false);
    });
  }

  it("says of a refused root picture and of an ignored own one what an audit would, and not the whole of long ones", async () => {
    const url = `https://img.acme.com/${"long/".repeat(1000)}a.png`;
    setup().tenant.users.create({ user_id: "auth0|long", picture: url, user_metadata: { picture: url } });
    const { text, json } = await showUser(await setup().people("read:users"), "auth0|long", []);
    const { findings } = json as { readonly findings: readonly Record<string, unknown>[] };
    assert.deepEqual(
      findings.map(({ finding, cause }) => [finding, cause]),
      [
        ["own-invalid", "too-long"],
        ["root-refused", "too-long"],
      ],
    );
    assert.match(
      text,
      /root: {8}https:\/\/img.acme.com\/[a-z/.]{279}… \(5026 characters\) \(a login does not show/,
    );
    assert.ok(text.length < 3000, text);
  });

  it("says nothing to fix of a user with whom all is well, or who is blocked", async () => {
    const people = await setup().people("read:users");
    setup().tenant.users.create({ ...sofia, user_metadata: {} });
    setup().tenant.users.create({ ...sofia, user_id: "auth0|b", app_metadata: { picture_blocked: true } });
    for (const id of [sofia.user_id, "auth0|b"]) {
      const { text, json } = await showUser(people, id, []);
      assert.doesNotMatch(text, /to fix/);
      assert.deepEqual((json as Record<string, unknown>)["findings"], []);
    }
  });

  it("tells of a copy whose it is, since when, and whether logins show it", async () => {
    const url = "https://img.acme.com/users/9c1d/5e0b.png";
    const at = "2026-11-20T02:00:00.000Z";
    const shownOf = async (root: string, copies: "off" | "show") => {
      const user_id = `google-oauth2|${root.length}${copies}`;
      const app_metadata = { picture_copy: { of: fingerprintOf(root), url, at } };
      setup().tenant.users.create({
        ...sofia,
        user_id,
        email: `${user_id.length}@acme.com`,
        user_metadata: {},
        app_metadata,
      });
      const people = await setup().people("read:users");
      const { text, json } = await showUser({ ...people, settings: { ...settings, copies } }, user_id, []);
      return { text, ...(json as { reason: string; copy: unknown; copyState: string }) };
    };
    const stale = await shownOf(`${sofia.picture}-before`, "show");
    assert.deepEqual([stale.reason, stale.copyState], ["kept", "stale"]);
    assert.match(
      stale.text,
      /copy: {8}https.*5e0b\.png, 2026-11-20T02:00:00\.000Z \(it is of an earlier root picture; a login does not show it\)/,
    );
    assert.match(stale.text, /to fix: {6}copy-stale: /);
    const off = await shownOf(sofia.picture, "off");
    assert.deepEqual([off.reason, off.copyState], ["kept", "current"]);
    assert.match(off.text, /a login does not show it; copies are off \(config key copies\)\)/);
    const current = await shownOf(sofia.picture, "show");
    assert.deepEqual([current.reason, current.copyState], ["copy", "current"]);
    assert.deepEqual(current.copy, { of: fingerprintOf(sofia.picture), url, at });
    assert.match(
      current.text,
      /next login: {2}https:\/\/img\.acme\.com\/users\/9c1d\/5e0b\.png \(copy: our copy of the root picture/,
    );
    assert.match(current.text, /\(it is of the root picture as it is; a login shows it\)/);
    assert.doesNotMatch(current.text, /to fix/);
  });

  it("tells a root picture that cannot be shown from none, and shortens what is no address", async () => {
    const people = await setup().people("read:users");
    const base64 = "/9j/4AAQSkZJRgABAQ".repeat(100);
    const shownOf = async (picture?: unknown, provider = "samlp") => {
      const user_id = `${provider}|${JSON.stringify(picture ?? "none").length}`;
      setup().tenant.users.create({ user_id, ...(picture === undefined ? {} : { picture }) } as never);
      const { text, json } = await showUser(people, user_id, []);
      return { text, ...(json as { reason: string; root: unknown }) };
    };
    const list = await shownOf(["https://img.acme.com/a.png"]);
    assert.equal(list.reason, "root-refused");
    assert.match(list.text, /root: {8}a list \(a login does not show it: it is not a string\)/);
    const data = await shownOf(`data:image/jpeg;base64,${base64}`);
    assert.match(
      data.text,
      /root: {8}data:image\/jpeg;base64,[^ ]{17}… \(1823 characters\) \(a login does not show it/,
    );
    assert.match((await shownOf(base64)).text, /root: {8}\/9j\/[^ ]{36}… \(1800 characters\)/);
    const none = await shownOf(undefined, "google-oauth2");
    assert.equal(none.reason, "missing");
    assert.match(none.text, /root: {8}none\n/);
  });

  it("says that a database user may have written the root picture, whoever is linked", async () => {
    const people = await setup().people("read:users");
    setup().tenant.users.create({
      user_id: "auth0|linked",
      picture: "https://10.0.0.1/a.png",
      identities: [
        {
          user_id: "linked",
          connection: "Username-Password-Authentication",
          provider: "auth0",
        },
        { user_id: "9", connection: "google-oauth2", provider: "google-oauth2" },
      ],
    });
    const { text, json } = await showUser(people, "auth0|linked", []);
    assert.match(text, /root from: {3}auth0\|linked, the primary identity: possibly written by the user/);
    assert.match(text, /linked: {6}google-oauth2\|9, connection google-oauth2/);
    const { reason, rootFrom } = json as Record<string, unknown>;
    assert.equal(reason, "root-refused");
    assert.deepEqual(rootFrom, {
      userId: "auth0|linked",
      connection: "Username-Password-Authentication",
      provided: false,
    });
  });

  it("says whose the id is, when an address ends, and what it holds that cannot be seen", async () => {
    const { tenant, people } = setup();
    const identities = [
      { user_id: "linked", connection: "Username-Password-Authentication", provider: "auth0" },
      { user_id: "77", connection: "google-oauth2", provider: "google-oauth2" },
    ];
    const show = async (user: object, wanted = "auth0|linked") => {
      tenant.users.create({ user_id: "auth0|linked", identities, ...user });
      return (await showUser(await people("read:users"), wanted, [])).text;
    };
    const own = (picture: string) => ({ user_metadata: { picture } });
    assert.match(
      await show({}, "google-oauth2|77"),
      /^auth0\|linked\n {2}google-oauth2\|77 is linked to auth0\|linked\.\n/,
    );
    const linkedIn = "https://media.licdn.com/dms/image/a?e=";
    assert.match(
      await show(own(`${linkedIn}1735700000`)),
      /own picture: .* \(it ended on 2025-01-01 02:53 UTC\)/,
    );
    assert.match(
      await show({ picture: `${linkedIn}1900000000` }),
      /root: .* \(it ends on 2030-03-17 17:46 UTC\)/,
    );
    assert.match(
      await show(own("https://img.acme.com/a.png\u200B")),
      /own picture: .*\(it holds U\+200B ZERO WIDTH SPACE/,
    );
    assert.match(
      await show(own("\u200Bhttps://img.acme.com/a.png")),
      /a login ignores it: it holds U\+200B ZERO/,
    );
  });

  it("says what it would be by another stack's settings", async () => {
    setup().tenant.users.create(sofia);
    const people = await setup().people("read:users");
    const folder = join(setup().stateHome, "stacks");
    mkdirSync(folder);
    const config = {
      auth0Domain: "acme-prod.eu.auth0.com",
      awsAccountId: "123456789012",
      awsRegion: "eu-central-1",
      imageBucket: "acme-prod",
      social: "replace",
    };
    writeFileSync(join(folder, "Pulumi.other.yaml"), stringify({ config }));
    const env = { ...people.env, PICTURES_STACK_FOLDER: folder };
    const { json } = await showUser({ ...people, env }, sofia.user_id, ["other"]);
    const { otherStacks, picture } = json as { otherStacks: [Record<string, unknown>]; picture: string };
    assert.deepEqual([picture, settings.social], [sofia.picture, "keep"]);
    assert.equal(otherStacks[0]["stack"], "other");
    assert.equal(otherStacks[0]["reason"], "social-replaced");
    await assert.rejects(showUser({ ...people, env }, sofia.user_id, ["none"]), {
      code: "stack-file-missing",
    });
  });
});
