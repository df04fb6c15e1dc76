import type { JsonObject, JsonValue } from "../../../../lib/json.ts";
import type { UserProfile } from "../../../../tenant/state/user.ts";
import type { Tenant } from "../../../../tenant/create-tenant.ts";
import type { ChangedBehaviour, TenantAnswer } from "./changeable-tenant.ts";

/** A changed answer of one route. */
export function answer(
  route: string,
  change: (body: JsonObject, whole: TenantAnswer) => JsonValue | undefined,
): Pick<ChangedBehaviour, "answered"> {
  return {
    answered: (whole) => (whole.route === route ? change(whole.body, whole) : undefined),
  };
}

/** Answers these fields of one route as something else. */
export function fields(route: string, changed: JsonObject): Pick<ChangedBehaviour, "answered"> {
  return answer(route, (body) => ({ ...body, ...changed }));
}

/** Takes a request of one route for another one. */
export function request(
  route: string,
  change: (body: JsonObject, query: JsonObject) => void,
): Pick<ChangedBehaviour, "taken"> {
  return {
    taken: (seen) => {
      if (seen.route === route) change(seen.body, seen.query);
      return false;
    },
  };
}

/** What an import that has ended does besides. */
export function afterImport(
  effect: (users: readonly UserProfile[], tenant: Tenant) => void,
): Pick<ChangedBehaviour, "answered"> {
  return {
    answered: ({ route, body }, tenant) => {
      const isEnd =
        route === "GET /jobs/:id" && body["type"] === "users_import" && body["status"] === "completed";
      if (isEnd) effect(tenant.users.list(), tenant);
    },
  };
}

export function user(users: readonly UserProfile[], slot: string): UserProfile | undefined {
  return users.find(({ user_id: id }) => id.endsWith(`-${slot}`));
}

/** Answers a refusal as if it were done. */
export function allowed(
  route: string,
  isMeant: (sent: JsonObject) => boolean = () => true,
): Pick<ChangedBehaviour, "answered"> {
  return answer(route, (body, { reply, sent }) => {
    if (reply.statusCode >= 400 && isMeant(sent)) void reply.code(200);
    return body;
  });
}

/** The first such answer for each record. */
export function onceFor(route: string, changed: JsonObject): Pick<ChangedBehaviour, "answered"> {
  const seen = new Set<string>();
  return answer(route, (body, { params }) => {
    const id = params["id"] ?? "";
    const isFirst = !seen.has(id);
    seen.add(id);
    return isFirst ? { ...body, ...changed } : body;
  });
}
