import type { JsonValue } from "../../../../lib/json.ts";
import type { Tenant } from "../../../../tenant/create-tenant.ts";
import { answer, request, user } from "./change-kinds.ts";
import type { ChangedBehaviour } from "./changeable-tenant.ts";

const linkRoute = "POST /users/:id/identities";
const unlinkRoute = "DELETE /users/:id/identities/:provider/:userId";
const flowRoute = "PATCH /actions/triggers/:triggerId/bindings";

export const changedLogins: readonly ChangedBehaviour[] = [
  {
    fact: "link",
    behaviour: "answers a link with the new identity first",
    ...answer(linkRoute, (body) => (body as unknown as JsonValue[]).toReversed()),
  },
  {
    fact: "link-root",
    behaviour: "gives a linked user the new identity's picture",
    answered: ({ route }, tenant) => {
      const first = user(tenant.users.list(), "first");
      if (route === linkRoute && first) first.picture = "https://example.invalid/second.png";
    },
  },
  {
    fact: "link-secondary",
    behaviour: "still finds a linked user by its former id",
    ...answer("GET /users/:id", (body, { reply, params }) => {
      if (params["id"]?.endsWith("-second") === true) void reply.code(200);
      return body;
    }),
  },
  {
    fact: "link-search",
    behaviour: "finds more users than have the identity",
    ...answer("GET /users", (body) =>
      Array.isArray(body["users"])
        ? { ...body, users: [...body["users"], { user_id: "auth0|another" }] }
        : body,
    ),
  },
  {
    fact: "binding",
    behaviour: "puts what is new in a flow before the others",
    ...request(flowRoute, ({ bindings }) => {
      if (Array.isArray(bindings) && bindings.length > 2) bindings.unshift(bindings.pop() ?? null);
    }),
  },
  {
    fact: "login-picture",
    behaviour: "does not let Actions set the picture claim",
    ran: ({ idTokenClaims }) => {
      delete idTokenClaims["picture"];
    },
  },
  {
    fact: "login-event",
    behaviour: "has no app_metadata in an event where the user has none",
    ran: (_result, seen) => {
      seen["app_metadata"] = "undefined";
    },
  },
  {
    fact: "userinfo-picture",
    behaviour: "shows the root picture at /userinfo",
    taken: ({ route }, reply, tenant) => {
      if (route !== "GET /userinfo") return false;
      const { user_id: sub, picture } = user(tenant.users.list(), "first") ?? {};
      void reply.send({ sub, picture });
      return true;
    },
  },
  {
    fact: "refresh-picture",
    behaviour: "keeps what Actions set out of a refresh's ID token",
    ran: ({ idTokenClaims }, seen) => {
      if (seen["protocol"] === "oauth2-refresh-token") delete idTokenClaims["picture"];
    },
  },
  {
    fact: "linked-login",
    behaviour: "has the linked identity's picture in the event of its login",
    ran: (_result, seen) => {
      // The first login is before the identities are counted by the second one.
      if (seen["protocol"] === "oauth2-password" && ++logins % 2 === 0)
        seen["picture"] = "https://example.invalid/second.png";
    },
  },
  {
    fact: "bound-delete",
    behaviour: "deletes an Action that is bound",
    ...request("DELETE /actions/actions/:id", (_body, query) => void (query["force"] = "true")),
  },
  {
    fact: "unbinding",
    behaviour: "turns a flow around when something is taken out of it",
    taken: ({ route, body: { bindings } }, _reply, tenant) => {
      if (route !== flowRoute || !Array.isArray(bindings)) return false;
      if (bindings.length < (lengths.get(tenant) ?? 0)) bindings.reverse();
      lengths.set(tenant, bindings.length);
      return false;
    },
  },
  {
    fact: "unlink",
    behaviour: "gives an unlinked user the metadata back",
    answered: ({ route }, tenant) => {
      const second = user(tenant.users.list(), "second");
      if (route === unlinkRoute && second) second.user_metadata = { second: true };
    },
  },
];

let logins = 0;
/** Of the flow, as it was written last. */
const lengths = new WeakMap<Tenant, number>();
