import assert from "node:assert/strict";
import { join } from "node:path";
import { bundleActions } from "../../stack/bundle-actions.ts";
import type { Tenant } from "../../tenant/create-tenant.ts";
import { settingsWith } from "../policy/settings.ts";
import { configureTenant } from "./configured-tenant.ts";
import { runDeployCli } from "./deploy-cli.ts";
import { exportedFiles, writeExportedFiles } from "./exported-files.ts";
import { conformanceTenants } from "./conformance-tenant.ts";

describe("Auth0's Deploy CLI", function () {
  this.timeout(600_000);
  const setup = conformanceTenants();

  const exported = async (tenant: Tenant, name: string): Promise<Record<string, string>> => {
    const { certificates, folder } = setup();
    const target = join(folder, name);
    await runDeployCli({ command: "export", tenant, caFile: certificates.caFile, folder: target });
    return exportedFiles(target, tenant.domain);
  };

  it("ends at once where the tenant lacks a route", async () => {
    const { certificates, folder, start } = setup();
    const { tenant } = await start();
    const config = { AUTH0_INCLUDED_ONLY: ["logStreams"] };
    const run = {
      command: "export",
      tenant,
      caFile: certificates.caFile,
      folder: join(folder, "a"),
    } as const;
    await assert.rejects(runDeployCli({ ...run, config }), /GET \/api\/v2\/log-streams/);
  });

  it("exports the tenant, imports it into an empty one, and exports the same again", async () => {
    const { certificates, folder, start } = setup();
    const first = await start();
    await configureTenant(first.api, bundleActions(settingsWith({})));
    const files = await exported(first.tenant, "first");
    assert.deepEqual(Object.keys(files), expectedFiles);
    writeExportedFiles(join(folder, "first"), files);
    const second = await start({ empty: true });
    await runDeployCli({
      command: "import",
      tenant: second.tenant,
      caFile: certificates.caFile,
      folder: join(folder, "first"),
      config: { AUTH0_KEYWORD_REPLACE_MAPPINGS: { DOMAIN: second.tenant.domain } },
    });
    assert.deepEqual(await exported(second.tenant, "second"), files);
  });
});

const expectedFiles = [
  "actions/With secret and module.json",
  "actions/With secret and module/code.js",
  "actions/default-picture.json",
  "actions/default-picture/code.js",
  "actions/user-picture.json",
  "actions/user-picture/code.js",
  "clients/Local machine-to-machine.json",
  "clients/Uploader.json",
  "clients/Web.json",
  "connections/google-oauth2.json",
  "database-connections/Username-Password-Authentication/database.json",
  "grants/Uploader-Pictures.json",
  "resource-servers/Pictures.json",
  "roles/Curator.json",
  "tenant.json",
  "triggers/triggers.json",
];
