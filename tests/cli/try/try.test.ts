import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryMark } from "../../../cli/try/run-in-tenant.ts";
import { differences, runLocally } from "../../../cli/try/run-result.ts";
import { readTestAnswer } from "../../../cli/try/test-answer.ts";
import { runTry, type Tried, type TryRequest } from "../../../cli/try/run-try.ts";
import { scopesOf } from "../../../stack/client-capabilities.ts";
import { rolledStack } from "../rollback/rolled-stack.ts";

const placeholder = "https://cdn.auth0.com/avatars/pa.png";

describe("pictures try", () => {
  const stack = rolledStack();

  const attempt = (request: Partial<TryRequest>) =>
    runTry({
      stack: "local",
      action: "default-picture",
      event: undefined,
      user: undefined,
      weakSandbox: false,
      yes: true,
      env: stack().env,
      ...request,
    });

  /** A login of somebody with this root picture. */
  function eventFile(picture: string): string {
    const file = join(stack().env["PICTURES_STACK_FOLDER"]!, "event.json");
    const event = {
      user: { user_id: "auth0|paul", picture },
      connection: { strategy: "auth0" },
      transaction: { requested_scopes: ["openid", "profile"] },
    };
    writeFileSync(file, JSON.stringify(event));
    return file;
  }

  async function temporaryActions(): Promise<string[]> {
    const { body } = await stack().tenant.api("GET", "/actions/actions?per_page=100");
    const { actions } = body as unknown as { actions: { name: string }[] };
    return actions.map(({ name }) => name).filter((name) => name.startsWith(temporaryMark));
  }

  it("wants one event, and JSON", async () => {
    await assert.rejects(attempt({}), { code: "event-unclear" });
    await assert.rejects(attempt({ event: "a", user: "b" }), { code: "event-unclear" });
    const { env } = stack();
    const event = join(env["PICTURES_STACK_FOLDER"]!, "Pulumi.local.yaml");
    await assert.rejects(attempt({ event }), { code: "event-unreadable" });
  });

  it("takes an event with a byte order mark and in UTF-16, and names the line that is neither", async () => {
    const file = eventFile(placeholder);
    const text = `\uFEFF${readFileSync(file, "utf8")}`;
    for (const content of [text, Buffer.from(text, "utf16le")]) {
      writeFileSync(file, content);
      assert.match((await attempt({ event: file })).text, /^default-picture: placeholder/);
    }
    writeFileSync(file, Buffer.from('\n{"name":"Zoë"}', "latin1"));
    const message = /--event .* cannot be used: line 2 is not UTF-8; it looks like Latin-1/;
    await assert.rejects(attempt({ event: file }), { code: "event-unreadable", message });
  });

  it("sends no user's data without a yes", async () => {
    const { requests } = stack().tenant.tenant;
    const before = requests.count({ pathPrefix: "/api/v2" });
    await assert.rejects(attempt({ user: "auth0|paul", yes: false }), { code: "confirmation-needed" });
    assert.equal(requests.count({ pathPrefix: "/api/v2" }), before);
  });

  it("makes no Action where there is no such user", async () => {
    const posts = () =>
      stack().tenant.tenant.requests.count({ method: "POST", pathPrefix: "/api/v2/actions" });
    const before = posts();
    await assert.rejects(attempt({ user: "nobody@acme.com" }), { code: "user-not-found" });
    assert.equal(posts(), before);
  });

  it("deletes its temporary Action after a failure too, and what a killed run left at the next", async () => {
    const { tenant } = stack();
    tenant.tenant.faults.set([{ kind: "drop-before", method: "POST", path: "*/test", times: 1 }], 1);
    await assert.rejects(attempt({ event: eventFile(placeholder) }), { code: "auth0-unreachable" });
    assert.deepEqual(await temporaryActions(), []);
    const left = `${temporaryMark}user-picture-0badcafe`;
    const supported_triggers = [{ id: "post-login", version: "v3" }];
    await tenant.api("POST", "/actions/actions", { name: left, code: "", supported_triggers });
    const { json, text } = await attempt({ event: eventFile(placeholder) });
    assert.deepEqual((json as Tried).leftovers, [left]);
    assert.match(text, /Deleted user-pictures-try-user-picture-0badcafe/);
    assert.deepEqual(await temporaryActions(), []);
  });

  it("deletes its temporary Action where the answer to its creation got lost", async () => {
    const { faults } = stack().tenant.tenant;
    faults.set([{ kind: "drop-after", method: "POST", path: "/api/v2/actions/actions", times: 1 }], 1);
    await assert.rejects(attempt({ event: eventFile(placeholder) }), { code: "auth0-unreachable" });
    assert.deepEqual(await temporaryActions(), []);
  });

  it("shows claims, reason and duration of tenant and here, and that they agree", async () => {
    const { json, text, exitCode } = await attempt({ event: eventFile(placeholder) });
    const { tenant, local, reason } = json as Tried;
    assert.equal(exitCode, 0);
    assert.equal(reason, "placeholder");
    const { picture } = local.result.idTokenClaims as { picture: string };
    assert.match(picture, /\/default-[0-9a-f]+\.png$/);
    assert.deepEqual(tenant.result.idTokenClaims, { picture });
    assert.match(
      text,
      /^default-picture: placeholder \(the default image instead of Auth0's initials\)\nID token claims:\n {2}tenant /,
    );
    assert.match(text, /duration: \d+ ms in the tenant.*\d ms here\nTenant and local run agree\.$/);
  });

  it("takes the event from a user, by address too", async () => {
    const { tenant } = stack().tenant;
    tenant.users.create({
      user_id: "auth0|paul",
      email: "paul@acme.com",
      picture: placeholder,
      user_metadata: { picture: "https://images.acme.com/paul.png" },
    });
    for (const user of ["auth0|paul", "paul@acme.com"]) {
      const { json } = await attempt({ action: "user-picture", user });
      const { local, reason } = json as Tried;
      assert.equal(reason, "user");
      assert.deepEqual(local.result.idTokenClaims, { picture: "https://images.acme.com/paul.png" });
    }
  });

  it("needs no more than the scopes of its capability", async () => {
    const { tenant, env } = stack();
    tenant.tenant.users.create({ user_id: "auth0|paul", picture: placeholder });
    const token = await tenant.tokenWith(...scopesOf(["try"]));
    const limited = { PICTURES_STACK_FOLDER: env["PICTURES_STACK_FOLDER"], AUTH0_API_TOKEN: token };
    const { exitCode } = await attempt({ user: "auth0|paul", env: limited });
    assert.equal(exitCode, 0);
  });

  it("compares what the code throws as an error of the code, not of the command", async () => {
    const { api } = stack().tenant;
    const { id } = await stack().action("default-picture");
    const code = 'exports.onExecutePostLogin = async () => { throw new Error("broken"); };';
    await api("PATCH", `/actions/actions/${id}`, { code });
    await api("GET", `/actions/actions/${id}`);
    await api("POST", `/actions/actions/${id}/deploy`);
    await stack().rollback({ action: "default-picture", to: 4 });
    const { json, text, exitCode } = await attempt({ event: eventFile(placeholder) });
    const { local, tenant } = json as Tried;
    assert.deepEqual([tenant.result.error, local.result.error, exitCode], ["broken", "broken", 0]);
    assert.match(text, /Tenant and local run agree\.$/);
  });

  it("runs the pin of a pinned Action", async () => {
    const { api } = stack().tenant;
    const { id } = await stack().action("default-picture");
    const code =
      "exports.onExecutePostLogin = async (e, api) => { console.log('old', 1); api.idToken.setCustomClaim('a', 1); };";
    await api("PATCH", `/actions/actions/${id}`, { code });
    await api("GET", `/actions/actions/${id}`);
    await api("POST", `/actions/actions/${id}/deploy`);
    await stack().rollback({ action: "default-picture", to: 4 });
    const { json } = await attempt({ event: eventFile(placeholder) });
    const { local, tenant, reason } = json as Tried;
    assert.deepEqual(local.result.console, ["old 1"]);
    assert.deepEqual(tenant.result.console, ["old 1"]);
    assert.deepEqual(local.result.idTokenClaims, { a: 1 });
    assert.match(reason, /unknown/);
  });
});

describe("the answer of a test run in a tenant", () => {
  it("tells what the code threw, as an object or as plain text, and leaves out what it does not say", () => {
    const error = { name: "TypeError", message: "broken", stack: "TypeError: broken\n    at line 1" };
    for (const said of [error, "broken"]) {
      const result = readTestAnswer({ error: said, stats: { action_duration_ms: 3 } });
      assert.equal(result.error, "broken");
      assert.equal(result.idTokenClaims, undefined);
    }
  });

  it("tells claims, metadata and output where it has them, and of no error where there was none", () => {
    const result = readTestAnswer({
      id_token_claims: { a: 1 },
      user_metadata: {},
      console: ["x", 1],
      stats: {},
    });
    assert.deepEqual(
      [result.idTokenClaims, result.userMetadata, result.console, result.error],
      [{ a: 1 }, {}, ["x", "1"], undefined],
    );
    assert.equal(readTestAnswer(undefined).error, undefined);
  });
});

describe("a local run", () => {
  it("ends a login that the code denies or breaks, and has none of our variables", async () => {
    const denying = await runLocally(
      "exports.onExecutePostLogin = async (e, api) => api.access.deny('no');",
      {},
    );
    assert.equal(denying.result.denied, "no");
    const breaking = await runLocally(
      "exports.onExecutePostLogin = async () => { throw new Error('broken'); };",
      {},
    );
    assert.equal(breaking.result.error, "broken");
    const looking = await runLocally(
      "exports.onExecutePostLogin = async () => console.log(Object.keys(process.env).filter((n) => /AUTH0|AWS|PATH/.test(n)).length);",
      {},
    );
    assert.deepEqual(looking.result.console, ["0"]);
    const ending = await runLocally("exports.onExecutePostLogin = async () => process.exit(0);", {});
    assert.match(ending.result.error ?? "", /process\.exit is not a function/);
  });

  it("differs from the tenant's where both say something else, in whatever order", () => {
    const one = {
      idTokenClaims: { a: 1, b: 2 },
      accessTokenClaims: undefined,
      userMetadata: {},
      appMetadata: {},
      console: ["x"],
      error: undefined,
      denied: undefined,
    };
    assert.deepEqual(differences(one, { ...one, idTokenClaims: { b: 2, a: 1 }, accessTokenClaims: {} }), []);
    assert.deepEqual(differences(one, { ...one, console: ["y"], error: "broken" }), ["console", "error"]);
  });
});
