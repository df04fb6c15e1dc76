import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { deployedVersion, type ActionRecord, type SecretInput } from "../state/action.ts";
import { nanosecondTimestamp } from "../state/ids-and-timestamps.ts";
import type { BindingRecord } from "../state/tenant-state.ts";
import type { TenantContext } from "../tenant-context.ts";
import { bindingsSchema, bindingView } from "./action-views.ts";
import { findAction } from "./actions.ts";
import { actionsEnvelope, ManagementError, paged, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { knownTriggers } from "./triggers.ts";

interface BindingInput {
  display_name?: string;
  ref: { type: "action_id" | "action_name" | "binding_id"; value: string };
  secrets?: SecretInput[];
}

const bindingsPath = "/actions/triggers/:triggerId/bindings";

/** The ordered list of Actions that a trigger runs: read it, or replace it whole. */
export function registerBindings(app: FastifyInstance, context: TenantContext): void {
  app.get<{ Params: { triggerId: string }; Querystring: Query }>(
    bindingsPath,
    needs("read:actions"),
    (request) => {
      const bindings = boundTo(context, request.params.triggerId);
      // A page past the end is empty: clients go on asking until one is.
      return actionsEnvelope("bindings", paged(views(context, bindings), request.query));
    },
  );

  app.patch<{ Params: { triggerId: string }; Body: { bindings: BindingInput[] } }>(
    bindingsPath,
    { ...needs("update:actions"), schema: { body: bindingsSchema } },
    (request) => {
      const { triggerId } = request.params;
      const old = boundTo(context, triggerId);
      const now = nanosecondTimestamp();
      const bindings = request.body.bindings.map((input) => newBinding(context, triggerId, old, input, now));
      context.state.bindings.set(triggerId, bindings);
      return { bindings: views(context, bindings) };
    },
  );
}

function boundTo(context: TenantContext, triggerId: string): BindingRecord[] {
  if (!knownTriggers.has(triggerId)) throw new ManagementError(404, "That trigger does not exist.");
  return context.state.bindings.get(triggerId) ?? [];
}

function views(context: TenantContext, bindings: BindingRecord[]): object[] {
  return bindings.map((binding) => bindingView(binding, findAction(context, binding.actionId)));
}

/** Every PATCH creates all bindings again, with new ids and times. */
function newBinding(
  context: TenantContext,
  triggerId: string,
  old: BindingRecord[],
  input: BindingInput,
  now: string,
): BindingRecord {
  const action = referredAction(context, old, input);
  checkBindable(action, triggerId);
  return {
    id: randomUUID(),
    trigger_id: triggerId,
    display_name: input.display_name ?? action.name,
    created_at: now,
    actionId: action.id,
    secrets: (input.secrets ?? []).map(({ name, value }) => ({ name, value: value ?? "", updated_at: now })),
  };
}

/** The refusals below are known to be 400; their words were not observed. */
function referredAction(context: TenantContext, old: BindingRecord[], { ref }: BindingInput): ActionRecord {
  const actions = [...context.state.actions.values()];
  const id =
    ref.type === "binding_id" ? old.find((binding) => binding.id === ref.value)?.actionId : ref.value;
  const action = actions.find((candidate) =>
    ref.type === "action_name" ? candidate.name === ref.value : candidate.id === id,
  );
  if (!action)
    throw new ManagementError(400, `There is no action for the reference ${ref.type} '${ref.value}'.`);
  return action;
}

function checkBindable(action: ActionRecord, triggerId: string): void {
  const version = deployedVersion(action);
  if (!version) {
    throw new ManagementError(400, `The action '${action.name}' must be deployed before it can be bound.`);
  }
  if (!version.supported_triggers.some(({ id }) => id === triggerId)) {
    throw new ManagementError(
      400,
      `The action '${action.name}' does not support the trigger '${triggerId}'.`,
    );
  }
}
