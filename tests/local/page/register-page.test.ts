import assert from "node:assert/strict";
import { requestManagementToken } from "../../../auth0/management-token.ts";
import { createFlowLog } from "../../../local/page/login-log.ts";
import type { AccessToken } from "../../../local/page/management-client.ts";
import { registerPage } from "../../../local/page/register-page.ts";
import { fingerprintOf } from "../../../policy/picture-copy.ts";
import type { PictureSettings } from "../../../policy/settings.ts";
import { setupTenant, type Answer } from "../../tenant/setup-tenant.ts";

const pictureOrigin = "https://localhost:9999";
const samplePicture = `${pictureOrigin}/pictures/users/sample.png`;
const settings: PictureSettings = {
  defaultUrl: `${pictureOrigin}/pictures/default-1.png`,
  gravatar: "never",
  social: "keep",
  allowedHosts: [],
  allowedPrefixes: [`${pictureOrigin}/pictures/users/`],
  maxLength: 2048,
};

const ada = { user_id: "auth0|ada", name: "Ada", picture: "https://cdn.auth0.com/avatars/ad.png" };
const setPicture = (url: string) => `api.idToken.setCustomClaim("picture", ${JSON.stringify(url)});`;

describe("the page", () => {
  const flows = createFlowLog();
  const current = setupTenant({ onFlow: flows.record });
  let deployed = settings;
  let accessToken: AccessToken;
  let isDown: boolean;
  const entra = { user_id: "waad|entra", name: "Erna", picture: "iVBORw0KGgo=" };

  beforeEach(() => {
    deployed = settings;
    isDown = false;
    const { tenant, certificates } = current();
    const { caFile } = certificates;
    accessToken = async (send) => (await requestManagementToken(tenant, { fetch: send })).accessToken;
    registerPage(tenant, {
      caFile,
      accessToken: (send) => accessToken(send),
      settings: () => deployed,
      pictureOrigin,
      samplePicture,
      flows,
      providers: {
        names: ["lh3.googleusercontent.com"],
        isDown: () => isDown,
        setDown: (down) => (isDown = down),
        entraUser: () => Promise.resolve(entra),
      },
    });
    tenant.users.create(ada);
  });

  /** Sends a form as a browser does from the page itself, unless `headers` say otherwise. */
  function post(
    path: string,
    fields: Record<string, string>,
    headers?: Record<string, string>,
  ): Promise<Answer> {
    const origin = new URL(current().tenant.issuer).origin;
    const body = new URLSearchParams({ user: ada.user_id, ...fields }).toString();
    return current().request("POST", path, {
      headers: headers ?? { origin, "sec-fetch-site": "same-origin" },
      body,
    });
  }

  async function pageText(): Promise<string> {
    return (await current().request("GET", "/")).text;
  }

  const foreign: Record<string, Record<string, string>> = {
    "another site": { origin: "https://evil.example", "sec-fetch-site": "cross-site" },
    "another port": { origin: "https://localhost:1", "sec-fetch-site": "same-site" },
    "a page without an origin": { origin: "null" },
    "nobody knows where": {},
  };
  for (const [who, headers] of Object.entries(foreign)) {
    for (const path of ["/local/change", "/local/login", "/local/providers"]) {
      it(`refuses a form to ${path} from ${who}`, async () => {
        const answer = await post(path, { change: "block" }, headers);
        assert.equal(answer.status, 403);
        assert.equal(current().tenant.users.get(ada.user_id)?.app_metadata, undefined);
        assert.equal(current().tenant.requests.count({ pathPrefix: "/authorize" }), 0);
        assert.equal(isDown, false);
      });
    }
  }

  it("has no button that it does not show", async () => {
    assert.equal((await post("/local/change", { change: "delete" })).status, 400);
    assert.equal((await post("/local/providers", { change: "delete" })).status, 400);
  });

  it("says what the Management API said about a user who is gone", async () => {
    const answer = await post("/local/change", { change: "block", user: "auth0|gone" });
    assert.equal(answer.status, 502);
    assert.match(answer.text, /The user does not exist\./);
  });

  it("says why there is no token", async () => {
    accessToken = () => Promise.reject(new Error("The tenant gives no token."));
    for (const answer of [
      await post("/local/change", { change: "block" }),
      await current().request("GET", "/"),
    ]) {
      assert.equal(answer.status, 502);
      assert.match(answer.text, /The tenant gives no token\./);
    }
  });

  it("logs nobody in who does not exist", async () => {
    assert.equal((await post("/local/login", { user: "auth0|gone" })).status, 404);
  });

  describe("for a user with linked identities", () => {
    const lin = {
      user_id: "auth0|lin",
      name: "Lin",
      picture: "https://example.com/lin.png",
      identities: [
        { provider: "auth0", user_id: "lin" },
        { provider: "google-oauth2", user_id: "7" },
      ],
    };
    beforeEach(() => current().tenant.users.create(lin));

    it("logs nobody in by an identity that is not theirs", async () => {
      for (const [user, identity] of [
        [lin.user_id, "google-oauth2|8"],
        [lin.user_id, ada.user_id],
        [ada.user_id, "google-oauth2|7"],
        ["google-oauth2|7", "google-oauth2|7"],
      ] as const) {
        assert.equal((await post("/local/login", { user, identity })).status, 404);
      }
      assert.equal(current().tenant.requests.count({ pathPrefix: "/authorize" }), 0);
    });

    it("has a login by each, which says by which connection", async () => {
      const text = await pageText();
      const buttons = [...text.matchAll(/name="identity" value="([^"]*)">(.*?)<\/button>/g)];
      assert.deepEqual(
        buttons.map(([, id, label]) => [id, label?.replace(/<[^>]*>/g, "")]),
        [
          ["auth0|lin", "Log in as Lin by Username-Password-Authentication"],
          ["google-oauth2|7", "Log in as Lin by google-oauth2"],
        ],
      );
      assert.match(text, /<button class="main" type="submit">Log in<span class="unseen"> as Ada/);
    });

    it("logs them in by the one that is pressed, and by the primary one", async () => {
      await current().bind("console.log('by', event.connection.name, event.user.user_id);");
      await post("/local/login", { user: lin.user_id, identity: "google-oauth2|7" });
      assert.match(await pageText(), /<code>by google-oauth2 auth0\|lin<\/code>/);
      await post("/local/login", { user: lin.user_id });
      assert.match(await pageText(), /<code>by Username-Password-Authentication auth0\|lin<\/code>/);
    });
  });

  it("shows on the card why the tenant ended a login", async () => {
    await current().bind(`api.access.deny("not today");`);
    assert.equal((await post("/local/login", {})).status, 303);
    assert.match(await pageText(), /class="error">.*not today/);
  });

  it("refuses a browser's return from a login that is not under way", async () => {
    const answer = await current().request("GET", "/local/callback?code=x&state=y");
    assert.equal(answer.status, 400);
    assert.match(answer.text, /log in again/);
  });

  it("shows what users may write as text", async () => {
    current().tenant.users.create({ ...ada, user_id: 'auth0|"><b>', name: "<script>alert(1)</script>" });
    const text = await pageText();
    assert.doesNotMatch(text, /<script|"><b>/);
    assert.match(text, /&#60;script&#62;/);
  });

  it("loads pictures of the local S3 server only", async () => {
    await current().bind(setPicture(settings.defaultUrl));
    await post("/local/login", {});
    const { text, headers } = await current().request("GET", "/");
    const loaded = [...text.matchAll(/<img src="([^"]*)"/g)].map(([, src]) => src);
    assert.deepEqual(loaded, [settings.defaultUrl]);
    assert.match(headers.get("content-security-policy") ?? "", /img-src data: https:\/\/localhost:9999;/);
    assert.match(text, /Stand-in: Auth0&#39;s initials/);
  });

  it("shows no picture of a provider that is down, and the drawing once it is up again", async () => {
    const { users } = current().tenant;
    users.create({
      user_id: "google-oauth2|1",
      name: "Sofia",
      picture: "https://lh3.googleusercontent.com/a/1",
    });
    assert.match(await pageText(), /Sofia, before login: Stand-in: Google"/);
    await post("/local/providers", { change: "down" });
    assert.match(await pageText(), /Sofia, before login: Google is down: no picture"/);
    assert.match(await pageText(), /Ada, before login: Stand-in: Auth0&#39;s initials"/);
    await post("/local/providers", { change: "up" });
    assert.match(await pageText(), /Sofia, before login: Stand-in: Google"/);
  });

  it("adds a user of Entra", async () => {
    await post("/local/providers", { change: "add-entra" });
    assert.equal(current().tenant.users.get(entra.user_id)?.picture, entra.picture);
  });

  it("says of a copy that it is one", async () => {
    const root = "https://lh3.googleusercontent.com/a/1";
    const url = `${pictureOrigin}/pictures/users/copy-1.png`;
    deployed = { ...settings, copies: "show" };
    const copy = { of: fingerprintOf(root), url };
    current().tenant.users.create({
      user_id: "google-oauth2|1",
      name: "Sofia",
      picture: root,
      app_metadata: { picture_copy: copy },
    });
    await current().bind(setPicture(url));
    await post("/local/login", { user: "google-oauth2|1" });
    assert.match(await pageText(), /Sofia, after login: Copy of the provider’s picture"/);
  });

  it("says why the login showed its picture, and what the next one will show after a change", async () => {
    await current().bind(setPicture(settings.defaultUrl));
    await post("/local/login", {});
    assert.match(await pageText(), /<strong>placeholder<\/strong>/);
    assert.doesNotMatch(await pageText(), /The next login/);
    await post("/local/change", { change: "set", picture: samplePicture });
    assert.match(await pageText(), /The next login: the user&#39;s own picture/);
  });

  it("follows the settings of a later deployment", async () => {
    await post("/local/login", {});
    deployed = { ...settings, defaultUrl: `${pictureOrigin}/pictures/default-2.png` };
    await current().bind(setPicture(deployed.defaultUrl));
    await post("/local/login", {});
    assert.match(await pageText(), /<img src="https:\/\/localhost:9999\/pictures\/default-2.png"/);
    assert.doesNotMatch(await pageText(), /another picture than this policy/);
  });

  it("says so where the deployed Actions do not follow the policy", async () => {
    await post("/local/login", {});
    assert.match(await pageText(), /another picture than this policy/);
  });

  it("shows the Actions in their order with their versions", async () => {
    const [first = ""] = await current().bind("", "");
    await current().api("POST", `/actions/actions/${first}/deploy`);
    const cards = [...(await pageText()).matchAll(/<h3>(Action \d)<\/h3>\s*<p>(Version \d)/g)];
    assert.deepEqual(
      cards.map(([, name, version]) => `${name}, ${version}`),
      ["Action 1, Version 2", "Action 2, Version 1"],
    );
  });

  it("logs each Action's run with its duration, its console lines and its error", async () => {
    await current().bind(`console.log("looked at", event.user.name);`, `throw new Error("broken <b>");`);
    await post("/local/login", {});
    const [latest = ""] =
      /<ol class="card log">.*?<\/ul>\s*<\/li>\s*<li>Action 2.*?<\/ul>/s.exec(await pageText()) ?? [];
    assert.match(latest, /Action 1, \d+\.\d ms/);
    assert.match(latest, /<code>looked at Ada<\/code>/);
    assert.match(latest, /Action 2, \d+\.\d ms<p class="error">broken &#60;b&#62;/);
  });

  it("changes what its buttons say", async () => {
    const user = () => current().tenant.users.get(ada.user_id);
    await post("/local/change", { change: "set", picture: ` ${samplePicture} ` });
    assert.deepEqual(user()?.user_metadata, { picture: samplePicture });
    await post("/local/change", { change: "clear" });
    assert.deepEqual(user()?.user_metadata, { picture: "" });
    await post("/local/change", { change: "use-original" });
    assert.deepEqual(user()?.user_metadata, {});
    await post("/local/change", { change: "block" });
    assert.deepEqual(user()?.app_metadata, { picture_blocked: true });
    await post("/local/change", { change: "unblock" });
    assert.equal(user()?.app_metadata, undefined);
  });
});
