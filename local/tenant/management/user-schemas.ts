/** Fields of both bodies. */
const rootFields = {
  email: { type: "string", format: "email", description: "The user's email." },
  email_verified: { type: "boolean" },
  phone_number: { type: "string" },
  phone_verified: { type: "boolean" },
  username: { type: "string", minLength: 1, maxLength: 128 },
  given_name: { type: "string", minLength: 1, maxLength: 150 },
  family_name: { type: "string", minLength: 1, maxLength: 150 },
  name: { type: "string", minLength: 1, maxLength: 300 },
  nickname: { type: "string", minLength: 1, maxLength: 300 },
  blocked: { type: "boolean" },
  user_metadata: { type: "object" },
  app_metadata: { type: "object" },
  password: { type: "string", minLength: 1 },
  connection: { type: "string", minLength: 1 },
  verify_email: { type: "boolean" },
} as const;

export const createUserSchema = {
  type: "object",
  required: ["connection"],
  additionalProperties: false,
  properties: {
    ...rootFields,
    user_id: { type: "string", minLength: 1, maxLength: 255 },
    picture: { type: "string", format: "uri", description: "A URI pointing to the user's picture." },
  },
} as const;

export const updateUserSchema = {
  type: "object",
  additionalProperties: false,
  properties: {
    ...rootFields,
    // null takes it away. That an empty string is refused is inferred, not observed.
    picture: {
      type: ["string", "null"],
      format: "uri",
      description: "A URI pointing to the user's picture.",
    },
    verify_password: { type: "boolean" },
    client_id: { type: "string" },
  },
} as const;
