import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureCertificates, type CertificateFiles } from "../../local/certificates/ensure-certificates.ts";
import { createTenant, type Tenant } from "../../tenant/create-tenant.ts";
import { managementApi, type ManagementApi } from "../management-api.ts";

export interface ConformanceTenant {
  readonly tenant: Tenant;
  readonly api: ManagementApi;
}

export interface ConformanceTenants {
  readonly certificates: CertificateFiles;
  /** A folder that the suite's end removes. */
  readonly folder: string;
  readonly start: (options?: { empty?: boolean }) => Promise<ConformanceTenant>;
}

/** Tenants for the surrounding suite, closed after each test. */
export function conformanceTenants(): () => ConformanceTenants {
  let current: ConformanceTenants;
  let open: ConformanceTenant[];
  beforeEach(async () => {
    const folder = mkdtempSync(join(tmpdir(), "conformance-"));
    const certificates = await ensureCertificates(folder);
    open = [];
    const start = async (options: { empty?: boolean } = {}): Promise<ConformanceTenant> => {
      const tenant = await createTenant({ port: 0, certificates, dependencyBuildMs: 100, ...options });
      const { domain, clientId, clientSecret } = tenant;
      const api = await managementApi({ domain, clientId, clientSecret, caFile: certificates.caFile });
      open.push({ tenant, api });
      return { tenant, api };
    };
    current = { certificates, folder, start };
  });
  afterEach(async () => {
    await Promise.all(open.map(({ api }) => api.close()));
    await Promise.all(open.map(({ tenant }) => tenant.close()));
    rmSync(current.folder, { recursive: true, force: true });
  });
  return () => current;
}
