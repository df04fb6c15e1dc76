import { managementClient, managementFailure } from "../../auth0/management-client.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import type { DriftFinding } from "./drift.ts";
import { resourceName } from "./engine-drift.ts";
import type { PreviewStep } from "./preview.ts";

/** A grant that the program declares, and whose it is. */
export interface ExpectedGrant {
  /** For people: `Grant of client user-pictures`. */
  readonly resource: string;
  readonly clientId: string;
  readonly audience: string;
  readonly scopes: readonly string[];
}

/** A grant as the tenant has it. */
export interface TenantGrant {
  readonly audience: string;
  readonly scopes: readonly string[];
  /** Every scope of the audience, now and later. */
  readonly allowsAll: boolean;
}

/** The grants that the stack has or is to have: only the engine knows which client is whose. */
export function expectedGrants(steps: readonly PreviewStep[]): ExpectedGrant[] {
  const grants = steps.filter(({ type }) => type === "auth0:index/clientGrant:ClientGrant");
  // What stays as it is has no step but its refresh, and that has the inputs of the last deployment.
  const lastSteps = new Map(grants.map((step) => [step.urn, step]));
  return [...lastSteps.values()]
    .filter(({ op }) => op !== "delete")
    .flatMap((step) => {
      const { clientId, audience, scopes } = step.op === "refresh" ? step.old.inputs : step.wanted.inputs;
      if (typeof clientId !== "string" || typeof audience !== "string" || !Array.isArray(scopes)) return [];
      return [{ resource: resourceName(step), clientId, audience, scopes: scopes.map(String) }];
    });
}

/** @throws ExpectedError `auth0-forbidden`, `auth0-failed` or `auth0-unreachable`. */
export async function readGrants(access: ManagementAccess, clientId: string): Promise<TenantGrant[]> {
  try {
    const { clientGrants } = await managementClient(access);
    const page = await clientGrants.list({ client_id: clientId });
    const grants: TenantGrant[] = [];
    for await (const grant of page) {
      const { audience = "", scope, allow_all_scopes: all } = grant as GivenGrant;
      grants.push({ audience, scopes: scope ?? [], allowsAll: all === true });
    }
    return grants;
  } catch (error) {
    throw managementFailure(error, access.domain, "reading the client's grants");
  }
}

interface GivenGrant {
  readonly audience?: string;
  readonly scope?: readonly string[] | null;
  readonly allow_all_scopes?: boolean;
}

/** A client that may do more or less than the program says. Of another audience's grant the engine knows nothing. */
export function grantDrift(
  stack: string,
  expected: ExpectedGrant,
  found: readonly TenantGrant[],
): DriftFinding[] {
  const { resource, audience, clientId } = expected;
  const up = `pulumi up --refresh --stack ${stack}`;
  const own = found.find((grant) => grant.audience === audience);
  const others = found.filter((grant) => grant !== own);
  return [
    ...ownGrantDrift(expected, own, up),
    ...others.map((grant): DriftFinding => ({
      code: "grant-unexpected",
      resource,
      property: `audience ${grant.audience}`,
      expected: "no grant",
      found: scopesText(grant),
      mend: `remove the grant of client ${clientId} for ${grant.audience} in the dashboard (Applications, APIs)`,
    })),
  ];
}

function ownGrantDrift(
  { resource, scopes }: ExpectedGrant,
  own: TenantGrant | undefined,
  mend: string,
): DriftFinding[] {
  const wanted = scopesText({ scopes, allowsAll: false });
  if (own === undefined) {
    return [{ code: "grant-missing", resource, property: "", expected: wanted, found: "missing", mend }];
  }
  const found = scopesText(own);
  if (found === wanted) return [];
  return [{ code: "grant-scopes", resource, property: "scopes", expected: wanted, found, mend }];
}

function scopesText({ scopes, allowsAll }: Pick<TenantGrant, "scopes" | "allowsAll">): string {
  if (allowsAll) return "every scope";
  return [...scopes].sort().join(", ") || "no scope";
}
