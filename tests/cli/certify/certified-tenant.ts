import { runCertify, type CertifyRequest } from "../../../cli/certify/run-certify.ts";
import type { Certificate } from "../../../cli/certify/report.ts";
import type { CommandReport } from "../../../cli/command.ts";
import type { Environment } from "../../../lib/environment.ts";
import type { TerminalText } from "../../../lib/terminal-text.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { setupTenant, type TestTenant } from "../../tenant/setup-tenant.ts";
import { trustForEachTest } from "../../trusted-fetch.ts";

export interface CertifiedTenant {
  readonly tenant: TestTenant;
  readonly env: Environment;
  /** What was told before the question. */
  readonly said: TerminalText[];
  readonly certify: (request?: Partial<CertifyRequest>) => Promise<CommandReport & { json: Certificate }>;
}

/** A tenant for each test of the surrounding suite, and the command against it in this process. */
export function certifiedTenant(): () => CertifiedTenant {
  const setup = setupTenant();
  const folder = temporaryFolder();
  trustForEachTest(() => setup().certificates.caFile);
  return () => {
    const tenant = setup();
    const { domain, clientId, clientSecret } = tenant.tenant;
    const env = { XDG_STATE_HOME: folder(), AUTH0_CLIENT_ID: clientId, AUTH0_CLIENT_SECRET: clientSecret };
    const said: TerminalText[] = [];
    return {
      tenant,
      env,
      said,
      certify: async (request = {}) => {
        const done = await runCertify({
          stack: undefined,
          domain,
          bind: true,
          yes: true,
          report: undefined,
          namesTenant: false,
          env,
          say: (text) => said.push(text),
          ...request,
        });
        return { ...done, json: done.json as Certificate };
      },
    };
  };
}
