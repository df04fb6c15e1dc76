import {
  deployedVersion,
  type ActionRecord,
  type Dependency,
  type ModuleReference,
  type SecretRecord,
  type VersionRecord,
} from "../state/action.ts";
import type { BindingRecord } from "../state/tenant-state.ts";

/** An Action as POST, PATCH, GET and the list give it: the draft's content, and what is deployed where anything is. */
export function actionView(action: ActionRecord): object {
  const { draft } = action;
  return {
    id: action.id,
    name: action.name,
    supported_triggers: draft.supported_triggers,
    created_at: action.created_at,
    updated_at: action.updated_at,
    code: draft.code,
    dependencies: dependencyViews(draft.dependencies),
    runtime: draft.runtime,
    status: action.status,
    secrets: secretViews(draft.secrets),
    ...moduleViews(draft.modules),
    ...deployedViews(action),
    all_changes_deployed: action.allChangesDeployed,
  };
}

/** The Action inside a binding, which has nothing of the draft. */
function boundActionView(action: ActionRecord): object {
  return { ...actionSummary(action), ...deployedViews(action) };
}

function actionSummary(action: ActionRecord): object {
  return {
    id: action.id,
    name: action.name,
    supported_triggers: action.draft.supported_triggers,
    created_at: action.created_at,
    updated_at: action.updated_at,
    // Beside a version or in a binding it is false whatever is deployed, as observed.
    all_changes_deployed: false,
  };
}

export function bindingView(binding: BindingRecord, action: ActionRecord): object {
  return {
    id: binding.id,
    trigger_id: binding.trigger_id,
    display_name: binding.display_name,
    created_at: binding.created_at,
    updated_at: binding.created_at,
    ...(binding.secrets.length > 0 ? { secrets: secretViews(binding.secrets) } : {}),
    action: boundActionView(action),
  };
}

/** A version as deploy answers it; reading one later tells whether it is the deployed one. */
export function versionView(action: ActionRecord, version: VersionRecord, deployed: boolean): object {
  return {
    id: version.id,
    number: version.number,
    code: version.code,
    dependencies: dependencyViews(version.dependencies),
    secrets: secretViews(version.secrets),
    ...moduleViews(version.modules),
    runtime: version.runtime,
    supported_triggers: version.supported_triggers,
    status: "built",
    created_at: version.created_at,
    updated_at: version.updated_at,
    deployed,
    action: actionSummary(action),
  };
}

function deployedViews(action: ActionRecord): object {
  const version = deployedVersion(action);
  if (!version) return {};
  const { id, code, runtime, number, created_at, updated_at, built_at } = version;
  const shared = { id, code, runtime, number, created_at, updated_at };
  return {
    current_version: { ...shared, status: "BUILT", build_time: built_at },
    deployed_version: {
      ...shared,
      status: "built",
      built_at,
      dependencies: dependencyViews(version.dependencies),
      secrets: secretViews(version.secrets),
      ...moduleViews(version.modules),
      supported_triggers: version.supported_triggers,
      deployed: true,
    },
  };
}

/** Absent where the Action uses none. */
function moduleViews(modules: ModuleReference[] | undefined): object {
  return modules ? { modules } : {};
}

export function secretViews(secrets: SecretRecord[]): object[] {
  return secrets.map(({ name, updated_at }) => ({ name, updated_at }));
}

export function dependencyViews(dependencies: Dependency[]): object[] {
  return dependencies.map(({ name, version }) => ({ name, version }));
}

const trigger = {
  type: "object",
  required: ["id"],
  additionalProperties: false,
  properties: {
    id: { type: "string", minLength: 1 },
    version: { type: "string" },
    // What GET /actions/triggers says of it may be sent along.
    status: { type: "string" },
    runtimes: { type: "array", items: { type: "string" } },
    default_runtime: { type: "string" },
    compatible_triggers: { type: "array", items: { type: "object" } },
    binding_policy: { type: "string", enum: ["trigger-bound", "entity-bound"] },
  },
} as const;

const dependency = {
  type: "object",
  required: ["name"],
  additionalProperties: false,
  properties: {
    name: { type: "string", minLength: 1 },
    version: { type: "string" },
    registry_url: { type: "string" },
  },
} as const;

const secret = {
  type: "object",
  required: ["name"],
  // Real tenants take an updated_at back, and more.
  properties: { name: { type: "string", minLength: 1, maxLength: 128 }, value: { type: "string" } },
} as const;

const moduleReference = {
  type: "object",
  additionalProperties: false,
  properties: {
    module_id: { type: "string" },
    module_name: { type: "string" },
    module_version_id: { type: "string" },
    module_version_number: { type: "integer" },
  },
} as const;

const actionFields = {
  name: { type: "string", minLength: 1, maxLength: 255, description: "The name of an action" },
  supported_triggers: { type: "array", minItems: 1, items: trigger },
  code: { type: "string", description: "The source code of the action" },
  // Auth0's documented limits: 10 npm modules and 30 secrets an Action.
  dependencies: { type: "array", maxItems: 10, items: dependency },
  secrets: { type: "array", maxItems: 30, items: secret },
  modules: { type: "array", items: moduleReference },
  runtime: { type: "string", enum: ["node12", "node16", "node18", "node18-actions", "node22"] },
} as const;

export const createActionSchema = {
  type: "object",
  required: ["name", "supported_triggers"],
  additionalProperties: false,
  properties: { ...actionFields, deploy: { type: "boolean" } },
} as const;

export const updateActionSchema = {
  type: "object",
  additionalProperties: false,
  properties: actionFields,
} as const;

export const deployVersionSchema = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: { update_draft: { type: "boolean" } },
} as const;

export const bindingsSchema = {
  type: "object",
  required: ["bindings"],
  additionalProperties: false,
  properties: {
    bindings: {
      type: "array",
      // Auth0's documented limit for one flow.
      maxItems: 20,
      items: {
        type: "object",
        required: ["ref"],
        additionalProperties: false,
        properties: {
          display_name: { type: "string", minLength: 1 },
          ref: {
            type: "object",
            required: ["type", "value"],
            additionalProperties: false,
            properties: {
              type: { type: "string", enum: ["action_id", "action_name", "binding_id"] },
              value: { type: "string", minLength: 1 },
            },
          },
          secrets: { type: "array", items: secret },
        },
      },
    },
  },
} as const;
