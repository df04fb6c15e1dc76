import { openDomain, openTenant, tenantDomain } from "../pulumi/stack-tenant.ts";
import { selectedStack } from "../pulumi/run-pulumi.ts";
import { domainIn } from "../../auth0/credentials.ts";
import { managementFailure } from "../../auth0/management-client.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import { confirm } from "../../lib/confirm.ts";
import type { Environment } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { openReportFile } from "../../lib/report-file.ts";
import { term, terminalJson, type TerminalText } from "../../lib/terminal-text.ts";
import type { CommandReport } from "../command.ts";
import { withTenantLock } from "../tenant-lock.ts";
import { askFacts, type AskedFact } from "./ask-facts.ts";
import { CallFailed, NotSeen, type CertifyContext } from "./context.ts";
import { describePlan } from "./describe-plan.ts";
import type { Fact } from "./fact.ts";
import { allFacts } from "./facts/all-facts.ts";
import { newRun, ownNames, type OwnThing } from "./own-names.ts";
import { findOwn, removeOwn, stillThere } from "./own-things.ts";
import { certificateOf, describeCertificate, exitCodeOf, type Certificate } from "./report.ts";
import { tenantCalls, type TenantCalls } from "./tenant-calls.ts";

export interface CertifyRequest {
  readonly stack: string | undefined;
  readonly domain: string | undefined;
  readonly bind: boolean;
  readonly yes: boolean;
  /** A file for the JSON report besides. */
  readonly report: string | undefined;
  /** Whether the report names the tenant. */
  readonly namesTenant: boolean;
  readonly env: Environment;
  /** Told the plan. */
  readonly say: (text: TerminalText) => void;
  /** All of them where they are left out. */
  readonly facts?: readonly Fact[];
  /** How long facts are asked, in milliseconds. */
  readonly askingMs?: number;
  /** As in a context; 20 s where it is left out. */
  readonly settleMs?: number;
}

/** How long facts are asked; what is made is removed in the half minute that is left of two. */
const defaultAskingMs = 90_000;

/** Users of other tools see bindings take effect after some seconds. */
const defaultSettleMs = 20_000;

/**
 * Asks a tenant what of this product's knowledge holds there. It makes things of its own and removes them, whatever happens.
 *
 * @throws UsageError `tenant-unclear`, ExpectedError `certify-left` where something could not be removed, or what opening the
 *   tenant and its answers throw.
 */
export async function runCertify(request: CertifyRequest): Promise<CommandReport> {
  const { env, say } = request;
  const domain = await namedDomain(request);
  const report = request.report === undefined ? undefined : openReportFile("--report", request.report);
  try {
    const lock = { command: "pictures certify", env, wait: false, say };
    const certificate = await withTenantLock(domain, ["certificate"], lock, () => certify(request));
    if (certificate === undefined) return { text: term`Nothing was done.`, json: { done: false } };
    report?.write(`${terminalJson(certificate)}\n`);
    report?.finish();
    return { exitCode: exitCodeOf(certificate), text: describeCertificate(certificate), json: certificate };
  } finally {
    report?.drop();
  }
}

async function namedDomain({ stack, domain, env }: CertifyRequest): Promise<string> {
  if (domain === undefined) return tenantDomain(await selectedStack(stack, env), env);
  if (stack === undefined) return domainIn(domain, "--domain");
  throw new UsageError("tenant-unclear", "Pass --stack NAME or --domain HOST, not both.");
}

async function open({ stack, domain, env }: CertifyRequest): Promise<ManagementAccess> {
  if (domain !== undefined) return openDomain(domainIn(domain, "--domain"), env);
  return openTenant(await selectedStack(stack, env), env);
}

/** @returns undefined where it was not confirmed. */
async function certify(request: CertifyRequest): Promise<Certificate | undefined> {
  const { bind, yes, say, namesTenant, facts = allFacts, askingMs = defaultAskingMs } = request;
  const at = new Date();
  const access = await open(request);
  const { domain, scopes } = access;
  const context = contextOf(access, at, request.settleMs ?? defaultSettleMs);
  const { calls, names } = context;
  const leftovers = await asExpected(domain, "looking for what earlier runs left", () =>
    findOwn(calls, scopes),
  );
  say(describePlan({ domain, names, facts, scopes, bind, leftovers }));
  if (!(await confirm(term`Do this to ${domain}?`, { yes }))) return undefined;
  if (leftovers.length > 0) await clean(calls, access, leftovers);
  const asked = await cleaningUp(context, askingMs, () => askFacts(facts, context, { bind }));
  return certificateOf({
    asked,
    at,
    domain,
    namesTenant,
    secrets: [...context.secrets, access.accessToken],
    seconds: Math.round((Date.now() - at.getTime()) / 100) / 10,
    requests: calls.rateLimit.answers,
    leftovers: leftovers.map(({ name }) => name),
  });
}

function contextOf(access: ManagementAccess, at: Date, settleMs: number): CertifyContext {
  return {
    access,
    calls: tenantCalls(access),
    names: ownNames(newRun(at)),
    settleMs,
    made: new Map(),
    things: [],
    secrets: new Set(),
  };
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ctrl-C ends the process only after everything is gone; where the time is over, what is left to ask is unknown. */
async function cleaningUp(
  context: CertifyContext,
  askingMs: number,
  work: () => Promise<readonly AskedFact[]>,
): Promise<readonly AskedFact[]> {
  const { calls, access } = context;
  let isDone = false;
  const interrupt = () => {
    const reason = new ExpectedError("interrupted", "Interrupted; everything that was made is removed.");
    if (!isDone) calls.stop(reason);
  };
  for (const signal of signals) process.on(signal, interrupt);
  const timer = setTimeout(() => calls.stop(new NotSeen("the time for this run was over")), askingMs);
  try {
    return await work();
  } finally {
    isDone = true;
    clearTimeout(timer);
    calls.proceed();
    const found = await asExpected(access.domain, "looking for what was made", () =>
      findOwn(calls, access.scopes),
    );
    const unlisted = context.things.filter(({ id }) => !found.some((thing) => thing.id === id));
    await clean(calls, access, [...found, ...unlisted]);
    for (const signal of signals) process.off(signal, interrupt);
  }
}

/** @throws ExpectedError `certify-left`. */
async function clean(
  calls: TenantCalls,
  { domain, scopes }: ManagementAccess,
  things: readonly OwnThing[],
): Promise<void> {
  const failures = await removeOwn(calls, scopes, things);
  const left = await asExpected(domain, "looking for what was made", () => stillThere(calls, scopes));
  if (failures.length === 0 && left.length === 0) return;
  const lines = [...failures, ...left.map(({ kind, name }) => `${kind} ${name} is still there`)];
  const message =
    `Not everything that was made in ${domain} is removed. Run pictures certify again, which removes it first, or remove it in ` +
    `the dashboard:\n${lines.map((line) => `  ${line}`).join("\n")}`;
  throw new ExpectedError("certify-left", message);
}

async function asExpected<T>(domain: string, doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    const { status: statusCode, body } = error.answer;
    throw managementFailure({ statusCode, body }, domain, doing);
  }
}
