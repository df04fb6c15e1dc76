import { confirm } from "../../lib/confirm.ts";
import { term, type TerminalText } from "../../lib/terminal-text.ts";
import { configNamespace } from "../../stack/read-config.ts";
import type { CommandReport } from "../command.ts";
import { selectedStack } from "../pulumi/run-pulumi.ts";
import { tenantDomain } from "../pulumi/stack-tenant.ts";
import { withTenantLock } from "../tenant-lock.ts";
import {
  actionKind,
  clientCredentialsKind,
  clientGrantKind,
  clientKind,
  sharedFlowKind,
  triggerActionsKind,
} from "./auth0-kinds.ts";
import { bucketKind, bucketSettingKinds } from "./bucket-kinds.ts";
import { carryOut, pulumiCli, type PulumiCli } from "./carry-out.ts";
import type { Mode } from "./choose.ts";
import { describePlan, planAsJson } from "./describe-plan.ts";
import { isEmptyPlan, makePlan } from "./make-plan.ts";
import { readProgram } from "./program-resources.ts";
import { servicesOf, type ResourceKind } from "./resource-kind.ts";
import { removeCutOffNotes, staleLocks, stateFolderOf, type StateFolder } from "./stack-lock.ts";
import { readStackState } from "./stack-state.ts";

export interface RecoveryOptions {
  readonly mode: Mode;
  readonly stack: string | undefined;
  readonly yes: boolean;
  /** Whether to wait for another command on this machine that changes what is deployed. */
  readonly wait: boolean;
  /** The client that the user named. */
  readonly chosenId?: string | undefined;
  /** Told the plan and each step. */
  readonly say: (text: TerminalText) => void;
}

/**
 * Plans, shows the plan, asks, and does it.
 *
 * @throws ExpectedError of its parts; UsageError without a terminal and `yes`.
 */
export async function runRecovery(options: RecoveryOptions): Promise<CommandReport> {
  const { mode, yes, wait, say } = options;
  const { env } = process;
  const stack = await selectedStack(options.stack, env);
  const lock = { command: `pictures ${mode}`, env, wait, say };
  const locked: Locked = (work) => withTenantLock(tenantDomain(stack, env), ["deployment"], lock, work);
  // After a question, carrying it out looks whether the state is still the one that was planned from.
  return yes ? locked(() => recovered(options, stack, (work) => work())) : recovered(options, stack, locked);
}

type Locked = <T>(work: () => Promise<T>) => Promise<T>;

/** @param locked Around everything that is done after the question. */
async function recovered(
  { mode, yes, chosenId, say }: RecoveryOptions,
  named: string,
  locked: Locked,
): Promise<CommandReport> {
  const pulumi = pulumiCli(named);
  const folder = await stateFolder(pulumi, named);
  const locks = staleLocks(folder);
  // Nothing can be read before that, so it does not ask; there is nothing in them.
  const cutOff = folder === undefined ? [] : removeCutOffNotes(folder);
  for (const file of cutOff) say(term`Removed ${file}, which a killed run had left unfinished.`);
  const exported = await pulumi.onStack(["stack", "export"]);
  const state = readStackState(exported);
  // The program says what should be there, and checks whose the credentials are.
  const program = readProgram(await pulumi.onStack(["preview", "--json", "--show-sames"]));
  const services = await servicesOf(program, process.env);
  const plan = await makePlan({ mode, program, state, locks, kinds: resourceKinds, services, chosenId });
  const nothing = `There is nothing to ${mode}.`;
  const json = planAsJson(plan);
  if (isEmptyPlan(plan)) return { text: describePlan(plan, nothing), json: { done: false, ...json } };

  say(describePlan(plan, nothing));
  if (!(await confirm(term`Do this to stack ${program.stack}?`, { yes }))) {
    return { text: term`Nothing was done.`, json: { done: false, ...json } };
  }
  await locked(() => carryOut({ plan, program, state, exported, pulumi, services, progress: say }));
  return { text: term`Done. Now run \`pulumi up\`.`, json: { done: true, ...json } };
}

async function stateFolder(pulumi: PulumiCli, stack: string): Promise<StateFolder | undefined> {
  const { url } = JSON.parse(await pulumi.run(["whoami", "--verbose", "--json"])) as { url?: unknown };
  // It may be named with its organization and project: organization/project/dev.
  const name = stack.split("/").at(-1) ?? stack;
  return stateFolderOf(typeof url === "string" ? url : "", configNamespace, name);
}

/**
 * Every resource type that a recovery looks for. One that is not here is left to `pulumi up`, which creates it: right
 * for everything that is written as a whole each time. It makes a ConnectionSync again too, whose former value is not known any
 * more: its create warns of that.
 */
const resourceKinds: readonly ResourceKind[] = [
  actionKind,
  clientKind,
  clientGrantKind,
  clientCredentialsKind,
  triggerActionsKind,
  sharedFlowKind,
  bucketKind,
  ...bucketSettingKinds,
];
