import { limitedScopes } from "../../../../cli/certify/steps/clients.ts";
import { allowed, answer } from "./change-kinds.ts";
import type { ChangedBehaviour } from "./changeable-tenant.ts";

export const changedScopes: readonly ChangedBehaviour[] = [
  {
    fact: "granted-scopes",
    behaviour: "does not say all the scopes of a token",
    ...answer("POST /oauth/token", (body) =>
      body["scope"] === limitedScopes.join(" ") ? { ...body, scope: limitedScopes.slice(1).join(" ") } : body,
    ),
  },
  {
    fact: "scope-refused",
    behaviour: "has no errorCode for a missing scope",
    ...answer("GET /clients", ({ errorCode: _, ...rest }) => rest),
  },
  {
    fact: "scope-of-deployment",
    behaviour: "lets update:actions deploy",
    ...allowed("POST /actions/actions/:id/deploy"),
  },
  {
    fact: "scope-of-options-read",
    behaviour: "shows a connection's options whatever the scopes are",
    ...answer("GET /connections/:id", (body) => ({ options: {}, ...body })),
  },
  {
    fact: "scope-of-options-write",
    behaviour: "lets update:connections write options",
    ...allowed("PATCH /connections/:id"),
  },
  {
    fact: "scope-of-app-metadata",
    behaviour: "lets update:users_app_metadata change user_metadata as well",
    ...allowed("PATCH /users/:id", (sent) => "user_metadata" in sent),
  },
  {
    fact: "rate-limit-headers",
    behaviour: "does not say how many requests are left",
    answered: ({ reply }) => {
      reply.removeHeader("x-ratelimit-remaining");
    },
  },
];
