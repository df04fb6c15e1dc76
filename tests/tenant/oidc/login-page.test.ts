import assert from "node:assert/strict";
import { createCookieJar } from "../../../local/login/walk-login.ts";
import { loginPage } from "../../../tenant/oidc/login-routes.ts";
import { setupTenant } from "../setup-tenant.ts";

describe("The login page", () => {
  const setup = setupTenant();

  /** The page that an application's user is sent to. */
  const openPage = async (parameters: Record<string, string> = {}) => {
    const { application, request, tenant } = setup();
    const { clientId } = await application({ name: "App <script>" });
    tenant.users.create({ user_id: "google-oauth2|1", name: "Go & Co", email: "go@example.com" });
    tenant.users.create({ user_id: "auth0|1", name: "Db", email: "db@example.com", password: "right" });
    const query = new URLSearchParams({
      client_id: clientId,
      redirect_uri: "http://localhost:3000/callback",
      response_type: "code",
      scope: "openid",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
      ...parameters,
    });
    const jar = createCookieJar();
    const sent = await request("GET", `/authorize?${query.toString()}`);
    jar.store(sent.headers.getSetCookie());
    const { pathname, search } = new URL(sent.headers.get("location")!, "https://localhost");
    const page = await request("GET", pathname + search, { headers: { cookie: jar.header("/u/login") } });
    return { page, path: pathname + search, jar };
  };

  it("refuses a login that the browser has not begun", async () => {
    const { request } = setup();
    const { path } = await openPage();
    for (const method of ["GET", "POST"]) {
      const answer = await request(method, path, method === "POST" ? { body: "user_id=auth0%7C1" } : {});
      assert.equal(answer.status, 400);
      assert.match(answer.text, /is over or has expired/);
    }
  });

  describe("of a user with linked identities", () => {
    const jane = {
      user_id: "auth0|jane",
      name: "Jane",
      email: "jane@example.com",
      identities: [
        { provider: "auth0", user_id: "jane" },
        { provider: "google-oauth2", user_id: "<7>", profileData: { email: "jane@gmail.example" } },
      ],
    };
    const google = "google-oauth2|<7>";
    const openWithJane = (parameters: Record<string, string> = {}) => {
      setup().tenant.users.create(jane);
      return openPage(parameters);
    };
    const post = async (fields: Record<string, string>, parameters?: Record<string, string>) => {
      const { jar, path } = await openWithJane(parameters);
      const headers = { cookie: jar.header("/u/login") };
      return setup().request("POST", path, { headers, body: new URLSearchParams(fields).toString() });
    };

    const refused: [string, Record<string, string>, Record<string, string>?][] = [
      ["that nobody has", { user_id: jane.user_id, identity: "google-oauth2|8" }],
      ["of another user", { user_id: jane.user_id, identity: "google-oauth2|1" }],
      ["that is empty", { user_id: jane.user_id, identity: "" }],
      ["of a user who does not exist", { user_id: "auth0|none", identity: google }],
      ["as the user", { user_id: google, identity: google }],
      [
        "of another connection",
        { user_id: jane.user_id, identity: jane.user_id },
        { connection: "google-oauth2" },
      ],
    ];
    for (const [what, fields, parameters] of refused) {
      it(`refuses an identity ${what}, as it refuses an unknown user`, async () => {
        const unknown = await post({ user_id: "auth0|none" }, parameters);
        const answer = await post(fields, parameters);
        const withoutState = (text: string) => text.replace(/state=[\w-]+/g, "");
        assert.equal(answer.status, 400);
        assert.equal(withoutState(answer.text), withoutState(unknown.text));
      });
    }

    it("has a button for each, which says by which connection, the primary one first", async () => {
      const { page } = await openWithJane();
      const buttons = [...page.text.matchAll(/name="identity" value="([^"]*)">(.*?)<\/button>/g)];
      assert.deepEqual(
        buttons.map(([, value, label]) => [value, label]),
        [
          ["auth0|jane", "Log in as Jane by Username-Password-Authentication <code>auth0|jane</code>"],
          [
            "google-oauth2|&#60;7&#62;",
            "Log in as Jane by google-oauth2 <code>google-oauth2|&#60;7&#62;</code>",
          ],
        ],
      );
    });

    it("offers only the identities of the connection that is asked for", async () => {
      const { page } = await openWithJane({ connection: "google-oauth2" });
      assert.match(page.text, /name="identity" value="google-oauth2\|&#60;7&#62;"/);
      assert.doesNotMatch(page.text, /name="identity" value="auth0/);
    });

    it("logs in by the one that is posted, and without one by the first", async () => {
      for (const identity of [{}, { identity: google }]) {
        const { status, headers } = await post({ user_id: jane.user_id, ...identity });
        assert.equal(status, 302);
        assert.match(headers.get("location") ?? "", /\/authorize\/[\w-]+$/);
      }
    });

    it("comes first by the id or the email of the linked one, that one before the primary one", async () => {
      for (const login_hint of [google, "jane@gmail.example"]) {
        const { page } = await openWithJane({ login_hint });
        const [first, second, third] = [
          ...page.text.matchAll(/<button type="submit" name="\w+" value="([^"]*)"/g),
        ];
        assert.deepEqual(
          [first?.[1], second?.[1], third?.[1]],
          ["google-oauth2|&#60;7&#62;", "auth0|jane", "google-oauth2|1"],
        );
        assert.match(page.text, /name="username"[^>]*value="jane@example.com"/);
      }
    });
  });

  it("says what is wrong and keeps what was typed", async () => {
    const { request } = setup();
    const { jar, path } = await openPage();
    const headers = { cookie: jar.header("/u/login") };
    const answer = await request("POST", path, { headers, body: "username=%22x%22&password=y" });
    assert.equal(answer.status, 400);
    assert.match(answer.text, /role="alert">Wrong email or password/);
    assert.match(answer.text, /value="&#34;x&#34;"/);
  });

  it("offers a form, and everybody as a shortcut that says that it is local", async () => {
    const { page } = await openPage();
    assert.equal(page.status, 200);
    assert.match(page.text, /<form method="post" action="\/u\/login\?state=/);
    assert.match(page.text, /<label for="password">/);
    assert.match(page.text, /Local shortcuts/);
    assert.match(page.text, /value="google-oauth2\|1">Log in as Go &#38; Co/);
    assert.match(page.text, /<strong>App &#60;script&#62;<\/strong>/);
  });

  it("needs no script, and loads nothing from anywhere", async () => {
    const { page } = await openPage();
    assert.doesNotMatch(page.text, /<script|<link (?!rel="icon" href="data:,">)|src=|@import|url\(/);
    assert.match(page.headers.get("content-security-policy") ?? "", /default-src 'none'/);
    assert.equal(page.headers.get("cache-control"), "no-store");
  });

  it("shows only the users of the connection that is asked for, and no form for a social one", async () => {
    const { page } = await openPage({ connection: "google-oauth2" });
    assert.match(page.text, /google-oauth2\|1/);
    assert.doesNotMatch(page.text, /auth0\|1|type="password"/);
  });

  it("puts the hinted user first, by id or by email", async () => {
    for (const login_hint of ["auth0|1", "db@example.com"]) {
      const { page } = await openPage({ login_hint });
      assert.ok(page.text.indexOf("auth0|1") < page.text.indexOf("google-oauth2|1"));
      assert.match(page.text, /name="username"[^>]*value="db@example.com"/);
    }
  });

  it("lists no more than fifty and says how many more there are", () => {
    const choices = Array.from({ length: 53 }, (_, n) => {
      const identity = { user_id: String(n), connection: "db", provider: "auth0", isSocial: false };
      const profile = { user_id: `auth0|${n}`, identities: [identity], created_at: "", updated_at: "" };
      return { user: { profile }, identity };
    });
    const { html } = loginPage({ state: "s", applicationName: "App", choices, withPassword: false });
    assert.equal(html.match(/<button/g)?.length, 50);
    assert.match(html, /and 3 more/);
  });
});
