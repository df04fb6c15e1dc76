import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requestAccess } from "../../../auth0/management-token.ts";
import type { Drift } from "../../../cli/drift/drift.ts";
import { findDrift } from "../../../cli/drift/find-drift.ts";
import { describeDrift, driftExitCode } from "../../../cli/drift/report-drift.ts";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { sha256 } from "../../../lib/hash.ts";
import { projectRoot } from "../../../lib/project.ts";
import { pinFiles } from "../../../stack/pins.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { setupTenant } from "../../tenant/setup-tenant.ts";
import { trustForEachTest } from "../../trusted-fetch.ts";
import { factsOfDev } from "../doctor/surroundings.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::auth0-user-pictures::parent$${type}::${name}`;

/** A preview as the engine prints it. */
function printing(...steps: object[]): RunPulumi {
  return () => Promise.resolve({ code: 0, stdout: JSON.stringify({ steps }), stderr: "" });
}

describe("finding drift", () => {
  const setup = setupTenant();
  const folder = temporaryFolder();
  trustForEachTest(() => setup().certificates.caFile);

  async function drift(
    pulumi: RunPulumi,
    scopes = ["read:actions", "read:client_grants"],
    stackFolder = projectRoot,
  ): Promise<Drift> {
    const { config } = await factsOfDev();
    assert.ok(config);
    const settings = {
      ...config.settings,
      defaultUrl: `https://${setup().tenant.domain}/api/v2/users/default.png`,
    };
    const token = await setup().tokenWith(...scopes);
    const access = await requestAccess({
      domain: setup().tenant.domain,
      clientAuth: { token },
    });
    const env = { PICTURES_STACK_FOLDER: stackFolder };
    const tenant = () => Promise.resolve({ ...config, settings, access, stack: "dev" });
    return findDrift({ stack: "dev", tenant, env, pulumi });
  }

  const codes = ({ findings }: Drift) => findings.map(({ code }) => code);

  it("tells what the token may not read, and what the engine could not do", async () => {
    const failing: RunPulumi = () =>
      Promise.resolve({
        code: 1,
        stdout: JSON.stringify({ diagnostics: [{ severity: "error", message: "error: no such backend" }] }),
        stderr: "",
      });
    const found = await drift(failing, ["read:users"]);
    assert.deepEqual(
      found.unknown.map(({ what, code }) => [what, code]),
      [
        ["Actions and Login flow", "auth0-forbidden"],
        ["everything that the engine compares", "preview-failed"],
      ],
    );
    assert.match(found.unknown[1]?.why ?? "", /no such backend/);
    assert.equal(driftExitCode({ ...found, findings: [] }), 1);
  });

  it("ends the engine, and waits for its end, where the tenant cannot be reached", async () => {
    let isGone = false;
    const working: RunPulumi = (_args, { signal } = {}) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () =>
          setImmediate(() => {
            isGone = true;
            reject(new ExpectedError("pulumi-stopped", "stopped"));
          }),
        );
      });
    const tenant = () => Promise.reject(new ExpectedError("credentials-missing", "There are none."));
    const found = findDrift({ stack: "dev", tenant, env: {}, pulumi: working });
    await assert.rejects(found, { code: "credentials-missing" });
    assert.equal(isGone, true);
  });

  it("takes an engine that prints no JSON for one that could not tell", async () => {
    const found = await drift(() => Promise.resolve({ code: 0, stdout: "Previewing", stderr: "" }));
    assert.deepEqual(
      found.unknown.map(({ code }) => code),
      ["preview-failed"],
    );
  });

  it("gets the preview past the guard with a copy of the stack's file, and removes it", async () => {
    const { api, bind } = setup();
    const [id = ""] = await bind("");
    await api("PATCH", `/actions/actions/${id}`, { name: "user-picture" });
    const before = readFileSync(join(projectRoot, "Pulumi.dev.yaml"), "utf8");
    let copy = "";
    const found = await drift((args) => {
      copy = args[args.indexOf("--config-file") + 1] ?? "";
      assert.match(readFileSync(copy, "utf8"), /replaceDeployed:\n +- default-picture\n +- user-picture\n/);
      return Promise.resolve({ code: 0, stdout: JSON.stringify({ steps: [] }), stderr: "" });
    });
    assert.ok(codes(found).includes("action-version-differs"));
    assert.equal(existsSync(copy), false);
    assert.equal(readFileSync(join(projectRoot, "Pulumi.dev.yaml"), "utf8"), before);
  });

  it("tells what changed in the tenant from what changed in the program, each property once", async () => {
    const client = urn("auth0:index/client:Client", "user-pictures");
    const inputs = { description: "ours", name: "Old name" };
    const found = await drift(
      printing(
        { op: "refresh", urn: client, oldState: { inputs }, newState: { inputs } },
        {
          op: "update",
          urn: client,
          detailedDiff: { description: {}, name: {}, "grantTypes[0]": {}, "grantTypes[1]": {} },
          oldState: { inputs, outputs: { description: "theirs", name: "Old name", grantTypes: ["a", "b"] } },
          newState: { inputs: { description: "ours", name: "New name" } },
        },
        { op: "create", urn: urn("aws:s3/bucket:Bucket", "images"), newState: {} },
        { op: "same", urn: urn("aws:s3/bucket:Bucket", "other") },
      ),
    );
    const told = found.findings.map(({ code, resource, property, expected, found: is }) =>
      [code, resource, property, expected, is].join(" / "),
    );
    assert.deepEqual(told.slice(-4), [
      "resource-changed / Client user-pictures / description / ours / theirs",
      "program-ahead / Client user-pictures / name / New name / Old name",
      'resource-changed / Client user-pictures / grantTypes / none / ["a","b"]',
      "program-ahead / Bucket images /  / there / missing",
    ]);
  });

  it("shows no secret that somebody put into a property", async () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    const inputs = { description: "ours" };
    const found = await drift(
      printing({
        op: "update",
        urn: urn("auth0:index/client:Client", "user-pictures"),
        detailedDiff: { description: {} },
        oldState: { inputs, outputs: { description: `see ${token}` } },
        newState: { inputs },
      }),
    );
    const told = JSON.stringify(found) + describeDrift(found);
    assert.match(told, /see /);
    assert.doesNotMatch(told, /ghp_a1B2/);
  });

  it("names a client's missing grant, other scopes, and a grant for another API", async () => {
    const { api, tenant } = setup();
    const { client_id: clientId } = tenant.clients.create({ name: "Ours", app_type: "non_interactive" });
    const audience = `https://${tenant.domain}/api/v2/`;
    const grant = { clientId, audience, scopes: ["read:users"] };
    const step = {
      op: "refresh",
      urn: urn("auth0:index/clientGrant:ClientGrant", "user-pictures"),
      oldState: { inputs: grant },
      newState: { inputs: grant },
    };
    const grants = async () => codes(await drift(printing(step))).filter((code) => code.startsWith("grant"));
    assert.deepEqual(await grants(), ["grant-missing"]);
    await api("POST", "/client-grants", {
      client_id: clientId,
      audience,
      scope: ["read:users", "delete:users"],
    });
    assert.deepEqual(await grants(), ["grant-scopes"]);
    await api("POST", "/resource-servers", { name: "Other", identifier: "https://api.acme.com" });
    await api("POST", "/client-grants", { client_id: clientId, audience: "https://api.acme.com", scope: [] });
    assert.deepEqual(await grants(), ["grant-scopes", "grant-unexpected"]);
  });

  it("compares a pinned Action with its pin, and says that it is pinned", async () => {
    const { api } = setup();
    const code = "exports.onExecutePostLogin = async () => {};";
    const trigger = { supported_triggers: [{ id: "post-login" }] };
    const { body } = await api("POST", "/actions/actions", { name: "user-picture", code, ...trigger });
    await api("GET", `/actions/actions/${body.id}`);
    await api("POST", `/actions/actions/${body.id}/deploy`);
    const files = pinFiles("dev", { PICTURES_STACK_FOLDER: folder() });
    const record = { version: 1, codeHash: sha256(code), runtime: "node22", dependencies: [] };
    const times = { pinnedAt: "2026-11-01T12:00:00Z", deployed: { id: "a", number: 3 }, replaced: {} };
    mkdirSync(files.folder, { recursive: true });
    writeFileSync(files.code("user-picture"), code);
    writeFileSync(files.record("user-picture"), JSON.stringify({ ...record, ...times }));
    const found = await drift(printing(), undefined, folder());
    assert.deepEqual(
      found.findings.filter(({ resource }) => resource === "Action user-picture"),
      [],
    );
    assert.match(describeDrift(found), /^pinned {3}user-picture is pinned to version 1 /m);
  });

  it("names a default image that not everybody gets", async () => {
    const found = await drift(printing());
    const image = found.findings.find(({ code }) => code === "image-status");
    assert.equal(image?.expected, "200");
    assert.equal(image.mend, "pulumi up --refresh --stack dev");
  });
});
