import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { CommandReport } from "../../../cli/command.ts";
import { programNow } from "../../../cli/rollback/program-now.ts";
import { runRollback, type RollbackRequest } from "../../../cli/rollback/run-rollback.ts";
import type { Environment } from "../../../lib/environment.ts";
import { bundleActions } from "../../../stack/bundle-actions.ts";
import { pinFiles, type PinFiles } from "../../../stack/pins.ts";
import { configNamespace } from "../../../stack/read-config.ts";
import { settingsWith } from "../../policy/settings.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { setupTenant, type TestTenant } from "../../tenant/setup-tenant.ts";
import { trustForEachTest } from "../../trusted-fetch.ts";

export interface TenantAction {
  readonly id: string;
  readonly name: string;
  readonly code: string;
  readonly all_changes_deployed: boolean;
  readonly deployed_version: { readonly id: string; readonly number: number; readonly code: string };
}

export interface RolledStack {
  readonly tenant: TestTenant;
  readonly env: Environment;
  readonly files: PinFiles;
  /** Of the last rollback, what it told people on the way. */
  readonly said: string[];
  /** The code that `version(n)` deployed as version n of both Actions. */
  readonly codeOf: (name: string, version: number) => string;
  readonly action: (name: string) => Promise<TenantAction>;
  /** Deploys more versions of both Actions. */
  readonly deploy: (count: number) => Promise<void>;
  readonly rollback: (request: Partial<RollbackRequest>) => Promise<CommandReport>;
}

/**
 * Stack `local` for each test of the surrounding suite: a tenant with three versions of each Action, and no Pulumi.
 *
 * @param prepareTenant Is called before the tenant's first request.
 */
export function rolledStack(prepareTenant?: (tenant: TestTenant) => void): () => RolledStack {
  const setup = setupTenant();
  const folder = temporaryFolder();
  trustForEachTest(() => setup().certificates.caFile);
  let current: RolledStack;

  beforeEach(async () => {
    prepareTenant?.(setup());
    current = await prepare(setup(), folder());
  });
  return () => current;
}

async function prepare(tenant: TestTenant, folder: string): Promise<RolledStack> {
  const { domain, clientId, clientSecret } = tenant.tenant;
  const config = {
    auth0Domain: domain,
    awsAccountId: "000000000000",
    awsRegion: "eu-central-1",
    imageBucket: "pictures",
    gravatar: "never",
  };
  const named = Object.entries(config).map(([key, value]) => [`${configNamespace}:${key}`, value]);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "Pulumi.local.yaml"),
    stringify({ config: Object.fromEntries(named) as object }),
  );
  const env = {
    PICTURES_STACK_FOLDER: folder,
    XDG_STATE_HOME: join(folder, "state"),
    AUTH0_DOMAIN: domain,
    AUTH0_CLIENT_ID: clientId,
    AUTH0_CLIENT_SECRET: clientSecret,
    NODE_EXTRA_CA_CERTS: tenant.certificates.caFile,
  };
  const codeOf = (name: string, version: number) =>
    bundleActions(settingsWith({ maxLength: 1000 + version })).find((bundle) => bundle.name === name)!.code;
  const ids = new Map<string, string>();
  for (const name of ["default-picture", "user-picture"]) {
    const supported_triggers = [{ id: "post-login" }];
    const { body } = await tenant.api("POST", "/actions/actions", { name, code: "", supported_triggers });
    ids.set(name, body.id);
  }
  let versions = 0;
  const deploy = async (count: number) => {
    for (let done = 0; done < count; done += 1) {
      versions += 1;
      for (const [name, id] of ids) {
        await tenant.api("PATCH", `/actions/actions/${id}`, { code: codeOf(name, versions) });
        await tenant.api("GET", `/actions/actions/${id}`);
        await tenant.api("POST", `/actions/actions/${id}/deploy`);
      }
    }
  };
  await deploy(3);
  const said: string[] = [];
  return {
    tenant,
    env,
    files: pinFiles("local", env),
    said,
    codeOf,
    deploy,
    action: async (name) => (await tenant.api("GET", `/actions/actions/${ids.get(name)}`)).body,
    rollback: (request) => {
      said.length = 0;
      return runRollback({
        stack: "local",
        action: "user-picture",
        to: undefined,
        all: false,
        toSource: undefined,
        yes: true,
        env,
        program: () => programNow("local", env),
        startedAt: performance.now(),
        say: (line) => void said.push(line),
        pulumi: () => Promise.resolve({ code: 255, stdout: "", stderr: "error: the backend is down" }),
        ...request,
      });
    },
  };
}
