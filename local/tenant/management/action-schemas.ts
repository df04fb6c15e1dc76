const trigger = {
  type: "object",
  required: ["id"],
  additionalProperties: false,
  properties: { id: { type: "string", minLength: 1 }, version: { type: "string" } },
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
  additionalProperties: false,
  properties: { name: { type: "string", minLength: 1, maxLength: 128 }, value: { type: "string" } },
} as const;

const actionFields = {
  name: { type: "string", minLength: 1, maxLength: 255, description: "The name of an action" },
  supported_triggers: { type: "array", minItems: 1, items: trigger },
  code: { type: "string", description: "The source code of the action" },
  // Auth0's documented limits: 10 npm modules and 30 secrets an Action.
  dependencies: { type: "array", maxItems: 10, items: dependency },
  secrets: { type: "array", maxItems: 30, items: secret },
  runtime: { type: "string", enum: ["node12", "node16", "node18", "node18-actions", "node22"] },
} as const;

export const createActionSchema = {
  type: "object",
  required: ["name", "supported_triggers"],
  additionalProperties: false,
  properties: actionFields,
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
