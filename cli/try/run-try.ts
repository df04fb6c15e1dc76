import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import { findUser, tenantUsers } from "../../auth0/tenant-users.ts";
import { confirm } from "../../lib/confirm.ts";
import { callerFolder, type Environment } from "../../lib/environment.ts";
import { ExpectedError, UsageError } from "../../lib/errors.ts";
import { term, terminalLines, type TerminalText } from "../../lib/terminal-text.ts";
import { visible } from "../../lib/terminal.ts";
import { decodeText } from "../../lib/text-encoding.ts";
import { asksForProfile, optsOut } from "../../policy/login.ts";
import { decideOwnPicture } from "../../policy/own-picture.ts";
import { reasonWords } from "../../policy/reason-words.ts";
import { decideRootPicture } from "../../policy/root-picture.ts";
import type { Reason } from "../../policy/verdict.ts";
import { requireStrongSandbox } from "../../sandbox/isolation.ts";
import { loginEvent, plainLogin } from "../../sandbox/login-event.ts";
import { readBundleHeader } from "../../stack/actions.ts";
import { bundleActions } from "../../stack/bundle-actions.ts";
import { programActions, readPins, type ProgramAction } from "../../stack/pins.ts";
import { readStackNamed } from "../../stack/stack-file.ts";
import { exitCode, type CommandReport } from "../command.ts";
import { stackActions, type StackActions } from "../rollback/stack-actions.ts";
import { runInTenant } from "./run-in-tenant.ts";
import { differences, resultParts, runLocally, type TimedRun } from "./run-result.ts";

export interface TryRequest {
  readonly stack: string;
  readonly action: string;
  /** A file of JSON. */
  readonly event: string | undefined;
  /** An id or an email address. */
  readonly user: string | undefined;
  readonly yes: boolean;
  readonly weakSandbox: boolean;
  readonly env: Environment;
}

/** Runs the code that would be deployed, in the tenant and here. @throws UsageError `event-unclear`, and what fails. */
export async function runTry(request: TryRequest): Promise<CommandReport> {
  const { stack, action: name, env } = request;
  checkRequest(request);
  const tenant = await stackActions(stack, env);
  const action = await programAction(request, tenant);
  if (!(await mayBeSent(request, tenant))) {
    return { text: term`Nothing was sent.`, json: { stack, action: name } };
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
      "Pass the event of a login with --event FILE, or a user with --user USER.",
    );
  }
}

/** As a run would deploy it: the pin's where it is pinned. */
async function programAction(
  { stack, action, env, weakSandbox }: TryRequest,
  { files }: StackActions,
): Promise<ProgramAction> {
  const { settings } = await readStackNamed(stack, env);
  const { pins } = readPins(files);
  // A pin's code was fetched from the tenant.
  if (pins.some((pin) => pin.action === action)) requireStrongSandbox(weakSandbox);
  const actions = programActions(bundleActions(settings), pins);
  const found = actions.find(({ name }) => name === action);
  if (found === undefined) throw new ExpectedError("action-missing", `The program has no Action ${action}.`);
  return found;
}

/** A file has what its author put in; a user's profile is personal data. */
async function mayBeSent({ user, yes }: TryRequest, { access }: StackActions): Promise<boolean> {
  if (user === undefined) return true;
  const question =
    `This sends the user's whole profile, including metadata, as an event to a temporary Action in ${access.domain}, and runs ` +
    "it here. Go on?";
  return confirm(term`${question}`, { yes });
}

function eventOf({ event, user }: TryRequest, { access }: StackActions): Promise<object> {
  if (user !== undefined) return eventOfUser(access, user);
  return Promise.resolve(eventFromFile(event ?? ""));
}

/** @throws UsageError `event-unreadable`. */
function eventFromFile(file: string): object {
  let event: unknown;
  let why = "it is not a JSON object";
  try {
    event = JSON.parse(decodeText(readFileSync(resolve(callerFolder(), file))));
  } catch (cause) {
    why = cause instanceof Error ? cause.message : String(cause);
  }
  if (typeof event === "object" && event !== null && !Array.isArray(event)) return event;
  throw new UsageError("event-unreadable", `--event ${file} cannot be used: ${why}.`);
}

/**
 * The event of a plain login of a user, through the primary identity's connection: scopes openid, profile and email, and
 * an application without settings.
 *
 * @param user As the commands about people take it: an id, an email address or an exact name.
 * @throws ExpectedError `user-not-found`, `user-ambiguous`, or as the Management API fails.
 */
async function eventOfUser(access: ManagementAccess, user: string): Promise<object> {
  const profile = await findUser(tenantUsers(access), user);
  const tenantId = access.domain.split(".", 1)[0] ?? "";
  const client = { client_id: "", name: "pictures try", client_metadata: {} };
  return loginEvent(plainLogin(profile, { tenantId, client, at: new Date() }));
}

export interface Tried {
  readonly stack: string;
  readonly action: string;
  /** By this program's policy. */
  readonly reason: string;
  readonly tenant: TimedRun;
  readonly local: TimedRun;
  /** The parts in which the two differ. */
  readonly differences: readonly string[];
  /** The names of temporary Actions of killed runs, now deleted. */
  readonly leftovers: readonly string[];
}

/** For people. */
function describeTry({ action, reason, tenant, local, differences, leftovers }: Tried): TerminalText {
  const isEmpty = (value: unknown) => value === undefined || ["{}", "[]"].includes(JSON.stringify(value));
  const parts = resultParts.flatMap(([label, part]) => {
    const [there, here] = [tenant.result[part], local.result[part]];
    if (isEmpty(there) && isEmpty(here)) return [];
    return [`${label}:`, ...labelled("  tenant  ", there), ...labelled("  here    ", here)];
  });
  return terminalLines([
    `${action}: ${explained(reason)}`,
    ...(parts.length === 0 ? ["It sets nothing: no claim, no output."] : parts),
    `duration: ${tenant.durationMs.toFixed(0)} ms in the tenant, with the request; ${local.durationMs.toFixed(1)} ms here`,
    differences.length === 0
      ? "Tenant and local run agree."
      : `Tenant and local run differ in: ${differences.join(", ")}.`,
    ...leftovers.map((name) => `Deleted ${name}, left by a run that was killed.`),
  ]);
}

/** A reason of the policy with its words; anything else is words already. */
function explained(reason: string): string {
  return isReason(reason) ? `${reason} (${reasonWords[reason]})` : reason;
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(reasonWords, text);
}

/** A value behind its label; the further ones of a list stand below the first. */
function labelled(label: string, value: unknown): string[] {
  if (value === undefined) return [`${label}not said`];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (values.length === 0) return [`${label}nothing`];
  return values.map((each, index) => `${index === 0 ? label : " ".repeat(label.length)}${line(each)}`);
}

/** Claims and metadata hold what users wrote. */
function line(value: unknown): string {
  return visible(typeof value === "string" ? value : JSON.stringify(value));
}

/**
 * Why the Action does what it does to this login, by this program's policy with the settings of the code: a row of
 * docs/picture-policy.md. An Action says no reason itself.
 */
function explainReason(action: string, code: string, event: object): string {
  const settings = readBundleHeader(code)?.settings;
  if (settings === undefined) return "unknown (the code has no header of this project)";
  if (!asksForProfile(event, settings)) return "not-asked";
  if (action === "user-picture") {
    return decideOwnPicture(event, settings)?.reason ?? "none (the user decided nothing)";
  }
  return optsOut(event) ? "off" : decideRootPicture(event, settings).reason;
}
