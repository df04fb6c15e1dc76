import type { JsonObject } from "../../lib/json.ts";
import type { FlowResult, SandboxAction } from "../../sandbox/flow.ts";
import { emptyFlowResult } from "../../sandbox/flow-result.ts";
import { loginEvent, type LoginMoment } from "../../sandbox/login-event.ts";
import { deployedVersion, type SecretRecord } from "../state/action.ts";
import { millisecondTimestamp } from "../state/ids-and-timestamps.ts";
import { addLog, type TenantState } from "../state/tenant-state.ts";
import { changeMetadata, type UserProfile } from "../state/user.ts";
import type { TenantContext } from "../tenant-context.ts";

/** Runs the post-login flow for one login or refresh and keeps what it changes about the user. */
export type PostLoginFlow = (moment: LoginMoment<UserProfile>) => Promise<FlowResult>;

export function createPostLoginFlow(
  context: TenantContext,
  onFlow: (result: FlowResult) => void,
): PostLoginFlow {
  return async (moment) => {
    const actions = boundActions(context.state);
    const result =
      actions.length > 0 ? await context.sandbox.runFlow(actions, loginEvent(moment)) : emptyFlowResult();
    storeMetadata(moment.profile, result);
    report(context, result);
    logLogin(context, moment, result);
    onFlow(result);
    return result;
  };
}

/** What is bound to post-login, in order: the deployed code with the deployed secrets, never the draft's. */
export function boundActions(state: TenantState): SandboxAction[] {
  const bindings = state.bindings.get("post-login") ?? [];
  return bindings.flatMap((binding) => {
    const action = state.actions.get(binding.actionId);
    const version = action && deployedVersion(action);
    if (!version) return [];
    const secrets = { ...secretValues(version.secrets), ...secretValues(binding.secrets) };
    return [{ id: action.id, name: action.name, code: version.code, secrets }];
  });
}

/** Secrets as an Action gets them. */
export function secretValues(secrets: SecretRecord[]): Record<string, string> {
  return Object.fromEntries(secrets.map(({ name, value }) => [name, value]));
}

function storeMetadata(profile: UserProfile, result: FlowResult): void {
  const changes = [
    ["user_metadata", result.userMetadata],
    ["app_metadata", result.appMetadata],
  ] as const;
  for (const [kind, values] of changes) {
    if (Object.keys(values).length === 0) continue;
    // The sandbox passes JSON only.
    changeMetadata(profile, kind, values as JsonObject);
    profile.updated_at = millisecondTimestamp();
  }
}

function logLogin(context: TenantContext, moment: LoginMoment<UserProfile>, { denied }: FlowResult): void {
  const { client, profile, transaction } = moment;
  const isRefresh = transaction.protocol === "oauth2-refresh-token";
  const type = isRefresh ? (["sertft", "fertft"] as const) : (["s", "f"] as const);
  addLog(context.state.logs, {
    type: type[denied ? 1 : 0],
    description: denied ? `Ended by an Action (${denied.cause})` : "",
    client_id: client.client_id,
    client_name: client.name,
    user_id: profile.user_id,
  });
}

/** Names and numbers only: an error's message or an effect's value may be about a person. */
function report(context: TenantContext, { actions, denied, effects }: FlowResult): void {
  for (const { name, durationMs } of actions) {
    context.log(`post-login: ${name} ran ${durationMs.toFixed(1)} ms`);
  }
  if (denied) context.log(`post-login: ended by ${denied.action ?? "an Action"} (${denied.cause})`);
  const unapplied = new Set(effects.map(({ kind }) => kind).filter((kind) => /Scope$|^saml/.test(kind)));
  for (const kind of unapplied) context.log(`post-login: api.${kind} has no effect on this tenant's tokens`);
}
