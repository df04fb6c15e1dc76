import type { Sandbox } from "../sandbox/create-sandbox.ts";
import type { LoginRecords } from "./oidc/login-records.ts";
import type { TenantState } from "./state/tenant-state.ts";
import type { SigningCertificate } from "./token/signing-certificate.ts";
import type { SigningKey } from "./token/signing-key.ts";

/** What every route and flow of one tenant shares. */
export interface TenantContext {
  /** `localhost:PORT`, as AUTH0_DOMAIN has it. */
  domain: string;
  /** `https://localhost:PORT/`, with the slash at the end. */
  issuer: string;
  /** The Management API's identifier: `https://localhost:PORT/api/v2/`. */
  managementAudience: string;
  /** What Actions read as `event.tenant.id`. */
  tenantId: string;
  state: TenantState;
  /** The packed files of the latest exports, by their job's id. */
  exportFiles: Map<string, Buffer>;
  /** Sessions and tokens: never kept beyond the tenant's run. */
  logins: LoginRecords;
  signingKey: SigningKey;
  signingCertificate: SigningCertificate;
  /** Where Actions run. */
  sandbox: Sandbox;
  /** How long a draft with dependencies stays `building`, in milliseconds. */
  dependencyBuildMs: number;
  /** How long an import or export job is pending, in milliseconds. */
  jobMs: number;
  /** npm modules that are not to be had, as `name` or `name@version`. */
  missingDependencies: ReadonlySet<string>;
  /** One line for people about what the tenant does; never a token, an email or an event. */
  log: (line: string) => void;
  /** To be called after records changed outside of a request, so that they are kept. */
  changed: () => void;
}
