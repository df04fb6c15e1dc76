import type { FastifyInstance } from "fastify";
import { needs } from "./authorize.ts";

interface Trigger {
  id: string;
  version: string;
  status: "CURRENT" | "DEPRECATED";
  runtimes: string[];
  default_runtime: string;
  binding_policy: "trigger-bound" | "entity-bound";
  compatible_triggers: { id: string; version: string }[];
}

const twoRuntimes = ["node18-actions", "node22"];

function current(id: string, version: string, runtimes = twoRuntimes): Trigger {
  return {
    id,
    version,
    status: "CURRENT",
    runtimes,
    default_runtime: "node22",
    binding_policy: "trigger-bound",
    compatible_triggers: [],
  };
}

function deprecated(id: string, version = "v1"): Trigger {
  return { ...current(id, version, ["node22"]), status: "DEPRECATED", default_runtime: "node12" };
}

/** A trigger that something else than a flow names, such as a connection. */
function ofEntity(id: string, runtimes = ["node22"]): Trigger {
  return { ...current(id, "v1", runtimes), binding_policy: "entity-bound" };
}

/** As a real tenant lists them. */
const triggers: readonly Trigger[] = [
  { ...current("post-login", "v3"), compatible_triggers: [{ id: "post-login", version: "v2" }] },
  { ...deprecated("post-login", "v2"), runtimes: ["node18", "node22"], default_runtime: "node16" },
  deprecated("post-login"),
  deprecated("credentials-exchange"),
  current("credentials-exchange", "v2"),
  current("pre-user-registration", "v2"),
  deprecated("pre-user-registration"),
  current("post-user-registration", "v2"),
  deprecated("post-user-registration"),
  deprecated("post-change-password"),
  current("post-change-password", "v2"),
  current("send-phone-message", "v2"),
  deprecated("send-phone-message"),
  current("password-reset-post-challenge", "v1"),
  current("custom-phone-provider", "v1"),
  current("custom-email-provider", "v1"),
  ofEntity("custom-token-exchange", ["node18", "node22"]),
  ofEntity("event-stream"),
  ofEntity("password-hash-migration"),
  ofEntity("mcp-tool"),
];

/** Triggers and their current version. Only `post-login` ever runs here; Actions of the others are merely kept. */
export const knownTriggers: ReadonlyMap<string, string> = new Map([
  ...triggers.filter(({ status }) => status === "CURRENT").map(({ id, version }) => [id, version] as const),
  // Documented, but not in the list that was observed.
  ["login-post-identifier", "v1"],
  ["signup-post-identifier", "v1"],
]);

/** GET /api/v2/actions/triggers. */
export function registerTriggers(app: FastifyInstance): void {
  app.get("/actions/triggers", needs("read:actions"), () => ({ triggers }));
}
