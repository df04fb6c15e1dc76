export const usersExportSchema = {
  type: ["object", "null"],
  additionalProperties: false,
  properties: {
    connection_id: { type: "string", minLength: 1 },
    format: { type: "string", enum: ["json", "csv"] },
    limit: { type: "integer", minimum: 1 },
    fields: {
      type: "array",
      maxItems: 30,
      items: {
        type: "object",
        required: ["name"],
        additionalProperties: false,
        properties: { name: { type: "string", minLength: 1 }, export_as: { type: "string", minLength: 1 } },
      },
    },
  },
} as const;
