import { isJsonObject, textIn } from "../../../../lib/json.ts";
import { allowed, answer, fields, request } from "./change-kinds.ts";
import type { ChangedBehaviour } from "./changeable-tenant.ts";

export const changedUsers: readonly ChangedBehaviour[] = [
  {
    fact: "database-create",
    behaviour: "lets every application use a new database",
    ...answer("POST /connections", (body) =>
      body["strategy"] === "auth0" ? { ...body, enabled_clients: ["everybody"] } : body,
    ),
  },
  {
    fact: "user-create",
    behaviour: "takes no address for verified",
    ...fields("POST /users", { email_verified: false }),
  },
  {
    fact: "default-picture",
    behaviour: "has Gravatar's pictures from another server",
    ...answer("POST /users", (body) => ({
      ...body,
      picture: textIn(body, "picture").replace("s.gravatar", "www.gravatar"),
    })),
  },
  {
    fact: "user-missing",
    behaviour: "has no errorCode for a user who is not there",
    ...answer("GET /users/:id", ({ errorCode: _, ...rest }) => rest),
  },
  {
    fact: "metadata-merge",
    behaviour: "replaces metadata as a whole",
    taken: ({ route, params, body }, _reply, tenant) => {
      const { user_metadata: sent } = body;
      if (route !== "PATCH /users/:id" || !isJsonObject(sent) || Object.keys(sent).length === 0) return;
      const known = tenant.users.get(params["id"] ?? "")?.user_metadata ?? {};
      const gone = Object.keys(known).filter((key) => !(key in sent));
      for (const key of gone) sent[key] = null;
    },
  },
  {
    fact: "metadata-empty",
    behaviour: "lets an empty object change nothing",
    ...request("PATCH /users/:id", (body) => {
      for (const kind of ["user_metadata", "app_metadata"]) {
        const sent = body[kind];
        if (isJsonObject(sent) && Object.keys(sent).length === 0) Reflect.deleteProperty(body, kind);
      }
    }),
  },
  {
    fact: "root-picture-set",
    behaviour: "takes a root picture and does nothing with it",
    ...request("PATCH /users/:id", (body) => {
      if (typeof body["picture"] === "string") Reflect.deleteProperty(body, "picture");
    }),
  },
  {
    fact: "root-picture-refused",
    behaviour: "takes an empty text for a picture",
    ...allowed("PATCH /users/:id", ({ picture }) => picture === ""),
  },
  {
    fact: "root-picture-removed",
    behaviour: "keeps the root picture of a database user",
    ...request("PATCH /users/:id", (body) => {
      if (body["picture"] === null) Reflect.deleteProperty(body, "picture");
    }),
  },
];
