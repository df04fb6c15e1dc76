import { ExpectedError } from "../../infra/expected-error.ts";
import type { Stack } from "../../infra/read-stack.ts";
import { knownSecrets } from "../../infra/guards/known-secrets.ts";
import { maskSecrets } from "../../infra/guards/mask-secrets.ts";
import type { Environment } from "../environment.ts";
import type { ManagementAccess } from "../management/request-access.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";
import { actionDrift, isDeployedByHand } from "./action-drift.ts";
import type { Drift, DriftFinding, Unknown } from "./drift.ts";
import { engineDrift } from "./engine-drift.ts";
import { expectedActions, type ExpectedAction } from "./expected-action.ts";
import { flowDrift } from "./flow-drift.ts";
import { expectedGrants, grantDrift, readGrants } from "./grant-drift.ts";
import { imageDrift } from "./image-drift.ts";
import { preview } from "./preview.ts";
import type { PreviewStep } from "./preview-steps.ts";
import { readTenantFlow, type TenantFlow } from "./tenant-actions.ts";

export interface DriftRequest {
  readonly stack: string;
  readonly config: Stack;
  readonly access: ManagementAccess;
  readonly env: Environment;
  readonly pulumi: RunPulumi;
}

/**
 * Everything that is not as the program says: what the engine's refresh preview shows, and what it cannot see. What
 * cannot be read is told as unknown; it never counts as "no drift".
 */
export async function findDrift(request: DriftRequest): Promise<Drift> {
  const { stack, config, access, env } = request;
  const unknown: Unknown[] = [];
  const telling = async <T>(what: string, look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof ExpectedError)) throw error;
      unknown.push({ what, code: error.code, why: error.message });
      return undefined;
    }
  };
  const { actions: expected, pinned } = expectedActions(stack, config, env);
  const names = expected.map(({ name }) => name);
  const [flow, image = []] = await Promise.all([
    telling("Actions and Login flow", () => readTenantFlow(access, names)),
    telling("default image", () => imageDrift(stack, config)),
  ]);
  const replaceDeployed = byHand(expected, flow);
  const steps = await telling("everything that the engine compares", () =>
    preview({ ...request, replaceDeployed }),
  );
  const grants = steps && (await telling("clients' grants", () => grantsDrift(request, steps)));
  const findings = [
    ...tenantDrift(request, expected, flow, steps ?? []),
    ...image,
    ...(grants ?? []),
    ...engineDrift(stack, steps ?? []),
  ];
  return masked({ stack, findings: withoutDoubles(findings), pinned, unknown }, request);
}

/** The Actions at which the program's guard would stop the preview. */
function byHand(expected: readonly ExpectedAction[], flow: TenantFlow | undefined): string[] {
  const found = (name: string) => flow?.actions.find((action) => action.name === name);
  return expected.filter((action) => isDeployedByHand(action, found(action.name))).map(({ name }) => name);
}

function tenantDrift(
  { stack }: DriftRequest,
  expected: readonly ExpectedAction[],
  flow: TenantFlow | undefined,
  steps: readonly PreviewStep[],
): DriftFinding[] {
  if (flow === undefined) return [];
  const actions = expected.flatMap((action) => {
    const found = flow.actions.find(({ name }) => name === action.name);
    return actionDrift({ stack, expected: action, found, lastDeployed: lastDeployed(steps, action.name) });
  });
  const names = expected.map(({ name }) => name);
  return [...actions, ...flowDrift(stack, names, flow.bound)];
}

/** The code of the stack's last deployment, from its state. */
function lastDeployed(steps: readonly PreviewStep[], action: string): string | undefined {
  const step = steps.find(
    ({ op, type, name }) => op === "refresh" && type === "auth0:index/action:Action" && name === action,
  );
  const code = step?.old.inputs["code"];
  return typeof code === "string" ? code : undefined;
}

async function grantsDrift(
  { stack, access }: DriftRequest,
  steps: readonly PreviewStep[],
): Promise<DriftFinding[]> {
  const findings: DriftFinding[] = [];
  for (const grant of expectedGrants(steps)) {
    findings.push(...grantDrift(stack, grant, await readGrants(access, grant.clientId)));
  }
  return findings;
}

/** The engine sees again what was looked at by ourselves; ours say more and come first. */
function withoutDoubles(findings: readonly DriftFinding[]): DriftFinding[] {
  const byThing = new Map<string, DriftFinding>();
  for (const finding of findings) {
    const thing = `${finding.resource}\n${finding.property}`;
    if (!byThing.has(thing)) byThing.set(thing, finding);
  }
  return [...byThing.values()];
}

function masked(drift: Drift, { env, access }: DriftRequest): Drift {
  const secrets = [...knownSecrets(env, {}, new Set()), { label: "the token", value: access.accessToken }];
  const mask = (text: string) => maskSecrets(text, secrets);
  return {
    ...drift,
    findings: drift.findings.map((finding) => ({
      ...finding,
      expected: mask(finding.expected),
      found: mask(finding.found),
      ...(finding.diff === undefined ? {} : { diff: mask(finding.diff) }),
    })),
    unknown: drift.unknown.map((item) => ({ ...item, why: mask(item.why) })),
  };
}
