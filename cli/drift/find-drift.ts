import { readFlow, type FlowNow } from "../../auth0/actions-api.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { knownSecrets, maskSecrets } from "../../stack/secrets-in-code.ts";
import type { RunPulumi } from "../pulumi/run-pulumi.ts";
import type { OpenStack } from "../pulumi/stack-tenant.ts";
import { actionDrift } from "./action-drift.ts";
import type { Drift, DriftFinding, Unknown } from "./drift.ts";
import { engineDrift } from "./engine-drift.ts";
import { expectedActions, type ExpectedAction } from "./expected-action.ts";
import { expectedGrants, grantDrift, readGrants } from "./grant-drift.ts";
import { imageDrift } from "./image-drift.ts";
import { preview, type PreviewStep } from "./preview.ts";

export interface DriftRequest {
  readonly stack: string;
  /** The stack's configuration and access to its tenant: asked for while the engine works already. */
  readonly tenant: () => Promise<OpenStack>;
  readonly env: Environment;
  readonly pulumi: RunPulumi;
}

/**
 * Everything that is not as the program says: what the engine's refresh preview shows, and what it cannot see. What
 * cannot be read is told as unknown; it never counts as "no drift".
 */
export async function findDrift({ stack, env, pulumi, tenant }: DriftRequest): Promise<Drift> {
  const stopping = new AbortController();
  const { signal } = stopping;
  // It takes longest, so it comes first.
  const engine = look("everything that the engine compares", () => preview({ stack, env, pulumi, signal }));
  const ourselves = lookOurselves({ stack, env, tenant }).catch(async (error: unknown) => {
    // Without the tenant there is no report: an engine that goes on would only keep the command from ending.
    stopping.abort();
    await Promise.allSettled([engine]);
    throw error;
  });
  const [steps, { opened, expected, flow, image }] = await Promise.all([engine, ourselves]);
  const grants = await look("clients' grants", () => grantsDrift(opened, steps.found ?? []));
  const findings = [
    ...tenantDrift(stack, expected.actions, flow.found, steps.found ?? []),
    ...(image.found ?? []),
    ...(grants.found ?? []),
    ...engineDrift(stack, steps.found ?? []),
  ];
  const unknown = [flow, image, steps, grants].flatMap((looked) => looked.unknown ?? []);
  const { pinned } = expected;
  return masked({ stack, findings: withoutDoubles(findings), pinned, unknown }, env, opened);
}

/** What the engine cannot see. */
async function lookOurselves({ stack, env, tenant }: Omit<DriftRequest, "pulumi">) {
  const opened = await tenant();
  const expected = expectedActions(stack, opened, env);
  const names = expected.actions.map(({ name }) => name);
  const [flow, image] = await Promise.all([
    look("Actions and Login flow", () => readFlow(opened.access, names)),
    look("default image", () => imageDrift(stack, opened)),
  ]);
  return { opened, expected, flow, image };
}

/** What looking at something gave: exactly one of the two. */
interface Looked<T> {
  readonly found?: T;
  readonly unknown?: Unknown;
}

async function look<T>(what: string, find: () => Promise<T>): Promise<Looked<T>> {
  try {
    return { found: await find() };
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return { unknown: { what, code: error.code, why: error.message } };
  }
}

function tenantDrift(
  stack: string,
  expected: readonly ExpectedAction[],
  flow: FlowNow | undefined,
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
  { stack, access }: OpenStack,
  steps: readonly PreviewStep[],
): Promise<DriftFinding[]> {
  const findings = expectedGrants(steps).map(async (grant) =>
    grantDrift(stack, grant, await readGrants(access, grant.clientId)),
  );
  return (await Promise.all(findings)).flat();
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

function masked(drift: Drift, env: Environment, { access }: Pick<OpenStack, "access">): Drift {
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

/** Whether our Actions stand in their order in the Login flow; others' may stand anywhere between. */
function flowDrift(stack: string, ours: readonly string[], bound: readonly string[]): DriftFinding[] {
  const found = bound.filter((name) => ours.includes(name));
  if (found.join() === ours.join()) return [];
  return [
    {
      code: "flow-order",
      resource: "Login flow",
      property: "actions",
      expected: ours.join(", "),
      found: found.join(", ") || "no Action of ours",
      mend: `pulumi up --refresh --stack ${stack}`,
    },
  ];
}
