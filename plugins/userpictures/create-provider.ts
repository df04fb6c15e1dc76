import type { Environment } from "../../lib/environment.ts";
import { diffInputs, unknownValue, type PropertyMap } from "../grpc/property-map.ts";
import type { CheckedInputs, CheckProblem, InputChange, Provider } from "../grpc/provider.ts";
import { connectionSync } from "./connection/connection-sync.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { sharedFlow } from "./flow/shared-flow.ts";
import { managementApi, type SendOptions } from "./management-api.ts";
import { boundActions, deployedVersions } from "./program-functions.ts";
import { readSettings } from "./read-settings.ts";
import type { ResourceType, TenantConnection } from "./resource-type.ts";

export interface ProviderOptions extends SendOptions {
  readonly env: Environment;
}

/** A provider that is not configured yet. */
export function createProvider({ env, ...sending }: ProviderOptions): Provider {
  let connection: TenantConnection | undefined;
  const tenant = () => {
    if (connection !== undefined) return connection;
    throw new ExpectedError(
      "not-configured",
      "The provider userpictures has no tenant yet: its domain is unknown.",
    );
  };
  return {
    configure: (config) => {
      const settings = readSettings(config, env);
      connection = { domain: settings.domain, api: managementApi(settings, sending), seenFlows: new Map() };
      return Promise.resolve();
    },
    check: (token, { inputs, oldInputs }) => check(resourceTypeOf(token), tenant(), inputs, oldInputs),
    diff: (token, olds, news) => diff(resourceTypeOf(token), olds, news),
    create: async (token, inputs, preview) => {
      const type = resourceTypeOf(token);
      if (preview) return previewCreate(type, tenant(), inputs);
      const { id, computed, warnings = [] } = await type.create(tenant(), inputs);
      return { id, outputs: { ...inputs, ...computed }, warnings };
    },
    read: (token, id, known) => resourceTypeOf(token).read(tenant(), id, known),
    update: async (token, request, preview) => {
      const type = resourceTypeOf(token);
      const { inputs, oldOutputs } = request;
      if (!preview) await type.update(tenant(), request);
      const kept = type.computed.map((name) => [name, oldOutputs[name]] as const);
      return { ...Object.fromEntries(kept), ...inputs };
    },
    remove: (token, id, outputs) => resourceTypeOf(token).remove(tenant(), id, outputs),
    invoke: (token, args) => functionOf(token)(tenant(), args),
  };
}

const functions: Readonly<
  Record<string, (tenant: TenantConnection, args: PropertyMap) => Promise<PropertyMap>>
> = {
  [boundActions.token]: boundActions.call,
  [deployedVersions.token]: deployedVersions.call,
};

function functionOf(token: string) {
  const found = functions[token];
  if (found !== undefined) return found;
  const known = Object.keys(functions).join(", ");
  throw new ExpectedError(
    "function-unknown",
    `The provider userpictures does not have ${token}; it has ${known}.`,
  );
}

async function check(
  type: ResourceType,
  tenant: TenantConnection,
  inputs: PropertyMap,
  oldInputs: PropertyMap,
): Promise<CheckedInputs> {
  const wrong = [...unknownInputs(type, inputs), ...missingInputs(type, inputs)];
  if (wrong.length > 0) return { inputs, problems: wrong };
  const { problems = [], warnings = [] } = (await type.check?.(tenant, inputs, oldInputs)) ?? {};
  return { inputs, problems, warnings };
}

function unknownInputs(type: ResourceType, inputs: PropertyMap): CheckProblem[] {
  const names = Object.keys(inputs).filter((name) => !name.startsWith("__"));
  const known = Object.keys(type.inputs).join(", ");
  return names
    .filter((name) => !Object.hasOwn(type.inputs, name))
    .map((property) => ({ property, reason: `${type.token} does not have this input; it has ${known}` }));
}

function missingInputs(type: ResourceType, inputs: PropertyMap): CheckProblem[] {
  const required = Object.entries(type.inputs).filter(([, rule]) => rule.required === true);
  return required
    .filter(([name]) => inputs[name] === undefined)
    .map(([property]) => ({ property, reason: `Missing required property '${property}'` }));
}

function diff(type: ResourceType, olds: PropertyMap, news: PropertyMap): InputChange[] {
  const replaces = (input: string) => type.inputs[input]?.replaces === true;
  return diffInputs(olds, news).map((change) => ({ ...change, replaces: replaces(change.input) }));
}

async function previewCreate(type: ResourceType, tenant: TenantConnection, inputs: PropertyMap) {
  const { problems = [], warnings = [] } = (await type.previewCreate?.(tenant, inputs)) ?? {};
  const [problem] = problems;
  if (problem !== undefined) throw new ExpectedError("refused", `${problem.property}: ${problem.reason}`);
  const unknowns = type.computed.map((name) => [name, unknownValue] as const);
  return { id: "", outputs: { ...Object.fromEntries(unknowns), ...inputs }, warnings };
}

/** What the provider has. */
const resourceTypes: readonly ResourceType[] = [sharedFlow, connectionSync];

/** @throws ExpectedError `type-unknown`. */
function resourceTypeOf(token: string): ResourceType {
  const found = resourceTypes.find((type) => type.token === token);
  if (found !== undefined) return found;
  const known = resourceTypes.map((type) => type.token).join(", ");
  throw new ExpectedError(
    "type-unknown",
    `The provider userpictures does not have ${token}; it has ${known}.`,
  );
}
