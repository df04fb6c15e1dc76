import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionScopes } from "../../../cli/certify/steps/actions.ts";
import { allFacts } from "../../../cli/certify/facts/all-facts.ts";
import { ownMark } from "../../../cli/certify/own-names.ts";
import { projectRoot } from "../../../lib/project.ts";
import { configNamespace } from "../../../stack/read-config.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { furnishedForSuite } from "./furnished-tenant.ts";

describe("pictures certify", () => {
  const setup = furnishedForSuite();
  const folder = temporaryFolder();
  let before: string;
  beforeEach(async () => {
    before = await setup().contents();
  });
  afterEach(async () => {
    setup().tenant.faults.clear();
    assert.equal(await setup().contents(), before);
  });

  it("wants one tenant, and credentials of it", async () => {
    const { certify, env, tenant } = setup();
    await assert.rejects(certify({ stack: "dev" }), { code: "tenant-unclear" });
    const { XDG_STATE_HOME } = env;
    await assert.rejects(certify({ env: { XDG_STATE_HOME } }), { code: "auth0-credentials-missing" });
    const elsewhere = { ...env, AUTH0_DOMAIN: "acme.eu.auth0.com" };
    await assert.rejects(certify({ env: elsewhere }), { code: "auth0-wrong-tenant" });
    await assert.rejects(certify({ domain: `${tenant.domain}/x` }), { code: "auth0-domain-invalid" });
  });

  it("takes the tenant of a stack", async () => {
    const { certify, env, tenant } = setup();
    writeFileSync(
      join(folder(), "Pulumi.dev.yaml"),
      `config:\n  ${configNamespace}:auth0Domain: ${tenant.domain}\n`,
    );
    const request = { stack: "dev", domain: undefined, env: { ...env, PICTURES_STACK_FOLDER: folder() } };
    const { exitCode, json } = await certify({ ...request, facts: allFacts.slice(0, 3) });
    assert.equal(exitCode, 0);
    assert.equal(json.summary.holds, 3);
  });

  it("makes nothing without a yes, and says before what it would make", async () => {
    const { certify, said, tenant } = setup();
    const writes = () =>
      ["POST", "PATCH", "DELETE"].map((method) => tenant.requests.count({ method, pathPrefix: "/api/v2" }));
    const earlier = writes();
    said.length = 0;
    await assert.rejects(certify({ yes: false }), { code: "confirmation-needed" });
    assert.deepEqual(writes(), earlier);
    const plan = said.join("\n");
    assert.match(plan, new RegExp(`${allFacts.length} of ${allFacts.length} facts can be asked`));
    assert.match(plan, /make {4}an Action, .*\n.*\n.*\n[^]*bind {4}the run's Action, last in the Login flow/);
    assert.match(plan, new RegExp(`every name begins with ${ownMark}`));
  });

  it("binds nothing and logs nobody in without --bind", async () => {
    const { certify, tenant } = setup();
    const patches = () => tenant.requests.count({ method: "PATCH", pathPrefix: "/api/v2/actions/triggers" });
    const earlier = patches();
    const { exitCode, json } = await certify({ bind: false });
    const binding = allFacts.filter(({ binds }) => binds === true).map(({ id }) => id);
    const left = json.facts.filter(({ result }) => result === "not-allowed").map(({ id }) => id);
    assert.deepEqual(left, binding);
    assert.equal(json.summary.holds, allFacts.length - binding.length);
    assert.equal(exitCode, 0);
    assert.equal(patches(), earlier);
    assert.equal(tenant.requests.count({ pathPrefix: "/userinfo" }), 0);
  });

  it("says of a fact whose scopes the token lacks that it is not allowed here", async () => {
    const { certify, api, env, tenant } = setup();
    const own = tenant.clients.create({ name: "Limited", app_type: "non_interactive" });
    const grant = {
      client_id: own.client_id,
      audience: `https://${tenant.domain}/api/v2/`,
      scope: actionScopes,
    };
    await api.call("POST", "/client-grants", grant);
    const limited = { ...env, AUTH0_CLIENT_ID: own.client_id, AUTH0_CLIENT_SECRET: own.client_secret };
    const { exitCode, json, text } = await certify({ env: limited });
    await api.call("DELETE", `/clients/${own.client_id}`);
    const asked = json.facts.filter(({ result }) => result === "holds").map(({ id }) => id);
    assert.ok(asked.length > 8 && asked.every((id) => id.startsWith("action-")), asked.join(", "));
    assert.equal(json.summary["not-allowed"], allFacts.length - asked.length);
    assert.match(text, /not allowed here {2}user-missing .*\n +the token lacks scope read:users\n/);
    assert.equal(exitCode, 0);
  });

  it("does not call it well where the tenant could not answer", async () => {
    const { certify, tenant } = setup();
    tenant.faults.set([{ kind: "500", method: "POST", path: "/api/v2/jobs/*" }]);
    const { exitCode, json } = await certify();
    assert.equal(exitCode, 1);
    assert.equal(json.summary.differs, 0);
    assert.equal(json.summary.unknown, json.facts.filter(({ id }) => /^(im|ex)port-/.test(id)).length);
  });

  it("waits for the end of a rate limit", async () => {
    const { certify, tenant } = setup();
    tenant.faults.set([{ kind: "429", probability: 0.05, ms: 50 }]);
    const { exitCode, text } = await certify();
    assert.ok(tenant.faults.injected().length > 0);
    assert.equal(exitCode, 0, text);
  });

  it("writes a report without secrets, and without the tenant unless that is wanted", async () => {
    const { certify, env, tenant } = setup();
    // A root picture that stays: a difference has the tenant's own words in it.
    tenant.faults.set([{ kind: "kept-root-picture" }]);
    const report = join(folder(), "certificate.json");
    const { exitCode, json, text } = await certify({ report });
    assert.equal(exitCode, 2);
    assert.match(
      text,
      /DIFFERS {11}root-picture-removed .*\n.*expected .*\n.*found .*400 .*\n.*relied on by docs\/local-tenant.md; cli\/people/,
    );
    const written = readFileSync(report, "utf8");
    assert.deepEqual(JSON.parse(written), JSON.parse(JSON.stringify(json)));
    for (const secret of [
      env["AUTH0_CLIENT_SECRET"] ?? "",
      env["AUTH0_CLIENT_ID"] ?? "",
      "eyJ",
      tenant.domain,
      "acme",
    ]) {
      assert.ok(!written.includes(secret), secret);
    }
    const named = await certify({ namesTenant: true, facts: allFacts.slice(0, 1) });
    assert.equal(named.json.tenant, tenant.domain);
  });

  it("refuses to bind where a write of the flow would lose others' secrets, or the flow is full", async () => {
    const { certify, api } = setup();
    const path = "/actions/triggers/post-login/bindings";
    const { bindings } = (await api.call("GET", path)) as {
      bindings: { display_name: string; action: { id: string } }[];
    };
    const own = bindings.map(({ display_name, action }) => ({
      display_name,
      ref: { type: "action_id", value: action.id },
    }));
    const secrets = [{ name: "KEY", value: "hidden" }];
    const flows = [own.map((entry) => ({ ...entry, secrets })), Array.from({ length: 10 }, () => own).flat()];
    for (const flow of flows) {
      await api.call("PATCH", path, { bindings: flow });
      const { json } = await certify();
      assert.equal(json.facts.find(({ id }) => id === "binding")?.result, "not-allowed");
      assert.equal(json.summary.differs, 0);
      const after = (await api.call("GET", path)) as { bindings: object[] };
      assert.equal(after.bindings.length, flow.length);
    }
    await api.call("PATCH", path, { bindings: own });
  });

  it("refuses to run twice at a time on one machine", async () => {
    const { certify } = setup();
    const first = certify({ bind: false });
    await assert.rejects(certify(), {
      code: "tenant-busy",
      message: /pictures certify .* changes what certify makes/,
    });
    await first;
  });

  it("has its scopes in docs/certify.md, and can remove whatever it can make", () => {
    const page = readFileSync(join(projectRoot, "docs/certify.md"), "utf8");
    for (const { id, scopes } of allFacts) {
      for (const scope of scopes) assert.ok(page.includes(`\`${scope}\``), scope);
      const made = scopes.filter((scope) => scope.startsWith("create:") && scope !== "create:client_grants");
      for (const scope of made)
        assert.ok(scopes.includes(scope.replace("create:", "delete:")), `${id}: ${scope}`);
    }
  });

  it("removes what it made where the lists do not show it yet", async () => {
    const { certify, tenant } = setup();
    // A list answers what it answered before anything was made.
    const stale = { kind: "stale-read", method: "GET", ms: 60_000 } as const;
    const lists = ["/api/v2/clients", "/api/v2/connections", "/api/v2/actions/actions"];
    tenant.faults.set(lists.map((path) => ({ ...stale, path })));
    const { json } = await certify();
    assert.equal(json.summary.unknown, 0);
    assert.ok(json.summary.holds > 45);
  });

  it("ends in time, with what it could not ask as unknown", async () => {
    const { certify } = setup();
    const { exitCode, json, text } = await certify({ askingMs: 400 });
    assert.ok(json.summary.holds > 0 && json.summary.unknown > 0, text);
    assert.equal(json.summary.differs, 0);
    assert.equal(exitCode, 1);
  });

  it("names documents and code that exist, in facts of different ids", () => {
    const files = allFacts.flatMap(({ reliedOnBy: { document, code } }) => [document, ...code]);
    assert.deepEqual(
      files.filter((file) => !existsSync(join(projectRoot, file))),
      [],
    );
    assert.equal(new Set(allFacts.map(({ id }) => id)).size, allFacts.length);
  });
});
