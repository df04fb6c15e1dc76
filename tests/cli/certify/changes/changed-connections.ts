import { isJsonObject, textIn, type JsonObject } from "../../../../lib/json.ts";
import { answer, request } from "./change-kinds.ts";
import type { ChangedBehaviour } from "./changeable-tenant.ts";

const known = new Map<string, JsonObject>();

export const changedConnections: readonly ChangedBehaviour[] = [
  {
    fact: "connection-options-read",
    behaviour: "shows a connection's secret as stars",
    ...answer("GET /connections/:id", (body) =>
      isJsonObject(body["options"]) && "client_secret" in body["options"]
        ? { ...body, options: { ...body["options"], client_secret: "********" } }
        : body,
    ),
  },
  {
    fact: "connection-options-merged",
    behaviour: "never lets a connection leave the root profile alone",
    ...request("PATCH /connections/:id", ({ options }) => {
      if (isJsonObject(options)) delete options["set_user_root_attributes"];
    }),
  },
  {
    fact: "connection-options-replaced",
    behaviour: "merges the options of a connection",
    taken: ({ route, params, body: { options } }) => {
      if (route !== "PATCH /connections/:id" || !isJsonObject(options)) return;
      for (const [name, value] of Object.entries(known.get(params["id"] ?? "") ?? {}))
        options[name] ??= value;
    },
    answered: ({ route, body }) => {
      if (/^(POST|PATCH) \/connections/.test(route) && isJsonObject(body["options"]))
        known.set(textIn(body, "id"), body["options"]);
    },
  },
];
