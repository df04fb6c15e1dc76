import { diffInputs, isMap, isUnknown, type PropertyMap } from "../../grpc/property-map.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { textOf, type ResourceType, type TenantConnection } from "../resource-type.ts";
import { readFlow, type Binding, type BoundAction } from "./binding.ts";
import { flowFindings, othersOf, parsePosition, placeActions, withKnownIds } from "./flow-findings.ts";
import { isSameFlow, refuseToLoseSecrets, writeFlow } from "./write-flow.ts";

/**
 * `userpictures:index:SharedFlow`: our Actions in a trigger's flow, together and in order, among those of others. Its
 * id is the trigger. Changes among foreign Actions are not drift.
 */
export const sharedFlow: ResourceType = {
  token: "userpictures:index:SharedFlow",
  inputs: {
    trigger: { required: true, replaces: true },
    actions: { required: true },
    position: { required: true },
  },
  computed: [],

  check: async (tenant, inputs, oldInputs) => {
    const { trigger, position: text } = inputs;
    if (typeof trigger !== "string" || isUnknown(trigger) || typeof text !== "string" || isUnknown(text))
      return {};
    const position = parsePosition(text);
    if (position === undefined) {
      const reason = `${text} is not one of first, last, before:NAME and after:NAME`;
      return { problems: [{ property: "position", reason }] };
    }
    const flow = await seenFlow(tenant, trigger);
    const ours = withKnownIds(flow, actionsOf(inputs));
    const findings = flowFindings(flow, ours, position, text);
    const isWritten = Array.isArray(inputs["actions"]) && diffInputs(oldInputs, inputs).length > 0;
    if (findings.problems !== undefined || !isWritten) return findings;
    const planned = placeActions(flow, { ours, retired: idsOf(oldInputs), position });
    if (planned !== undefined && !isSameFlow(flow, planned)) refuseToLoseSecrets(trigger, flow, planned);
    return findings;
  },

  create: async (tenant, inputs) => {
    await bind(tenant, inputs, []);
    return { id: textOf(inputs, "trigger") };
  },

  read: async (tenant, id, known) => {
    const wanted = known.inputs === undefined ? parseImportId(id) : stillOurs(id, known.inputs);
    const { trigger, position } = wanted;
    const flow = await readFlow(tenant.api, trigger);
    tenant.seenFlows.set(trigger, flow);
    const actions = flow
      .filter(wanted.isOurs)
      .map(({ displayName, action: { id } }) => ({ id, displayName }));
    const inputs = { trigger, actions, position };
    return { id: trigger, inputs, outputs: inputs };
  },

  update: (tenant, { inputs, oldOutputs }) => bind(tenant, inputs, idsOf(oldOutputs)),

  remove: (tenant, id, outputs) => {
    const ids = idsOf(outputs);
    return writeFlow(tenant, id, (flow) => othersOf(flow, ids));
  },
};

/** What a refresh looks for: the Actions that the state names, in any order. */
function stillOurs(trigger: string, inputs: PropertyMap): Sought {
  const ids = idsOf(inputs);
  return { trigger, position: textOf(inputs, "position"), isOurs: ({ action }) => ids.includes(action.id) };
}

async function bind(tenant: TenantConnection, inputs: PropertyMap, former: readonly string[]): Promise<void> {
  const text = textOf(inputs, "position");
  const position = parsePosition(text);
  if (position === undefined) throw new Error(`${text} is not a position`);
  const placement = { ours: actionsOf(inputs), retired: former, position };
  await writeFlow(
    tenant,
    textOf(inputs, "trigger"),
    (flow) => placeActions(flow, placement) ?? refuse(flow, text),
  );
}

/** Check let it through: the Action that the position names was unbound since. */
function refuse(flow: readonly Binding[], text: string): never {
  throw new ExpectedError(
    "flow-position",
    `Position ${text} (config key flowPosition): no Action of that name is bound to the flow. These are bound: ` +
      `${flow.map(({ action }) => action.name).join(", ")}. Bind it again, or set another position.`,
  );
}

/** The flow as it was read for the refresh, or else read now: a preview costs one read of it, not two. */
async function seenFlow({ api, seenFlows }: TenantConnection, trigger: string): Promise<readonly Binding[]> {
  const flow = seenFlows.get(trigger) ?? (await readFlow(api, trigger));
  seenFlows.set(trigger, flow);
  return flow;
}

function idsOf(properties: PropertyMap): string[] {
  return actionsOf(properties).map(({ id }) => id);
}

function actionsOf(properties: PropertyMap): BoundAction[] {
  const { actions } = properties;
  if (!Array.isArray(actions)) return [];
  return actions.filter(isMap).map((action) => ({
    id: textOf(action, "id"),
    displayName: textOf(action, "displayName"),
  }));
}

/** What a Read looks for in a flow. */
interface Sought {
  readonly trigger: string;
  readonly position: string;
  readonly isOurs: (binding: Binding) => boolean;
}

/**
 * Reads the id that an import names: `post-login` takes every Action of the flow for ours, `post-login/NAME,NAME` those
 * of the names, `post-login/NAME,NAME/before:OTHER` says their position too, which is `last` otherwise.
 */
function parseImportId(id: string): Sought {
  const [trigger = "", names = "", ...position] = id.split("/");
  const sought = names.split(",").filter((name) => name !== "");
  return {
    trigger,
    position: position.length === 0 ? "last" : position.join("/"),
    isOurs: ({ action }) => sought.length === 0 || sought.includes(action.name),
  };
}
