import { bundleActions } from "../../infra/bundle-actions.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { programActions, type ProgramAction } from "../../infra/program-actions.ts";
import { readPins } from "../../infra/read-pins.ts";
import { readStackFile } from "../../infra/read-stack-file.ts";
import { readStack } from "../../infra/read-stack.ts";
import type { CommandReport } from "../command-report.ts";
import { confirm } from "../confirm.ts";
import type { Environment } from "../environment.ts";
import { exitCode } from "../exit-code.ts";
import { stackActions, type StackActions } from "../rollback/stack-actions.ts";
import { stackFile, stackName } from "../stack-file.ts";
import { UsageError } from "../usage-error.ts";
import { describeTry, type Tried } from "./describe-try.ts";
import { explainReason } from "./explain-reason.ts";
import { runInTenant } from "./run-in-tenant.ts";
import { runLocally } from "./run-locally.ts";
import { differences } from "./run-result.ts";
import { eventFromFile, eventOfUser } from "./try-event.ts";

export interface TryRequest {
  readonly stack: string;
  readonly action: string;
  /** A file of JSON. */
  readonly event: string | undefined;
  /** An id or an email address. */
  readonly user: string | undefined;
  readonly yes: boolean;
  readonly env: Environment;
}

/** Runs the code that would be deployed, in the tenant and here. @throws UsageError `event-unclear`, and what fails. */
export async function runTry(request: TryRequest): Promise<CommandReport> {
  const { stack, action: name, env } = request;
  checkRequest(request);
  const tenant = await stackActions(stack, env);
  const action = await programAction(request, tenant);
  if (!(await mayBeSent(request, tenant))) {
    return { text: "Nothing was sent.", json: { stack, action: name } };
  }
  const event = await eventOf(request, tenant);
  const { leftovers, ...inTenant } = await runInTenant(tenant.access, action, event);
  const here = await runLocally(action.code, event);
  const tried: Tried = {
    stack,
    action: name,
    reason: explainReason(name, action.code, event),
    tenant: inTenant,
    local: here,
    differences: differences(inTenant.result, here.result),
    leftovers,
  };
  const found = tried.differences.length > 0;
  return { exitCode: found ? exitCode.found : exitCode.done, text: describeTry(tried), json: tried };
}

function checkRequest({ event, user }: TryRequest): void {
  if ((event === undefined) === (user === undefined)) {
    throw new UsageError(
      "event-unclear",
      "Give the event of a login with --event FILE, or a user with --user USER.",
    );
  }
}

/** As a run would deploy it: the pin's where it is pinned. */
async function programAction(
  { stack, action, env }: TryRequest,
  { files }: StackActions,
): Promise<ProgramAction> {
  const { settings } = await readStack(stackName(stack), readStackFile(stackFile(stack, env)));
  const actions = programActions(bundleActions(settings), readPins(files).pins);
  const found = actions.find(({ name }) => name === action);
  if (found === undefined) throw new ExpectedError("action-missing", `The program has no Action ${action}.`);
  return found;
}

/** A file is whatever its author put in; a user's profile is somebody's data. */
async function mayBeSent({ user, yes }: TryRequest, { access }: StackActions): Promise<boolean> {
  if (user === undefined) return true;
  const question =
    `This sends the user's whole profile, metadata too, as an event to a temporary Action in ${access.domain}, and runs ` +
    "it here. Go on?";
  return confirm(question, { yes });
}

function eventOf({ event, user }: TryRequest, { access }: StackActions): Promise<object> {
  if (user !== undefined) return eventOfUser(access, user);
  return Promise.resolve(eventFromFile(event ?? ""));
}
