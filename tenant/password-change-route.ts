import type { FastifyInstance } from "fastify";
import { isJsonObject } from "../lib/json.ts";
import { addLog } from "./state/tenant-state.ts";
import { hasEmailAt } from "./state/user.ts";
import type { TenantContext } from "./tenant-context.ts";

/**
 * POST /dbconnections/change_password, by which anyone asks for the mail with which a database user sets a new password.
 * Here no mail is sent and no password changes; an email of the connection is noted in the log. The answer is as documented,
 * and the same whether there is such a user or not: a 404 that the documentation lists too would tell who has an account.
 */
export function registerPasswordChange(app: FastifyInstance, context: TenantContext): void {
  app.post("/dbconnections/change_password", (request, reply) => {
    const { client_id, connection, email } = isJsonObject(request.body) ? request.body : {};
    if (typeof email !== "string" || email === "")
      return reply.code(400).send({ error: "email is required" });
    if (typeof connection !== "string" || connection === "") {
      return reply.code(400).send({ error: "connection is required" });
    }
    const { connections, logs, users } = context.state;
    const databases = [...connections.values()].filter(({ strategy }) => strategy === "auth0");
    if (!databases.some(({ name }) => name === connection)) {
      return reply.code(400).send({ error: "connection does not exist" });
    }
    const user = [...users.values()].find(({ profile }) => hasEmailAt(profile, connection, email));
    if (user) {
      addLog(logs, {
        type: "scpr",
        description: "No mail was sent: this tenant has none",
        user_id: user.profile.user_id,
        ...(typeof client_id === "string" ? { client_id } : {}),
      });
    }
    return reply.type("text/plain").send("We've just sent you an email to reset your password.");
  });
}
