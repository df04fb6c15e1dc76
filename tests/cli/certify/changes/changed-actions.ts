import { secretValue } from "../../../../cli/certify/steps/actions.ts";
import { isJsonObject, textIn, type JsonObject, type JsonValue } from "../../../../lib/json.ts";
import type { Tenant } from "../../../../tenant/create-tenant.ts";
import { answer, fields, onceFor, request } from "./change-kinds.ts";
import type { ChangedBehaviour } from "./changeable-tenant.ts";

const one = "/actions/actions/:id";

/** The answers about Actions that are read while one is deployed, changed until something else happens to it. */
function whileDeployed(
  change: (now: JsonObject, isDraftOfDeployed: boolean) => JsonObject,
): Pick<ChangedBehaviour, "answered"> {
  return answer(`GET ${one}`, (body) => {
    const { deployed_version: deployed } = body;
    return isJsonObject(deployed) ? change(body, deployed["code"] === body["code"]) : body;
  });
}

export const changedActions: readonly ChangedBehaviour[] = [
  {
    fact: "action-create",
    behaviour: "builds a new Action before it answers",
    ...fields("POST /actions/actions", { status: "built" }),
  },
  {
    fact: "action-secrets",
    behaviour: "tells the values of secrets",
    ...fields("POST /actions/actions", {
      secrets: [{ name: "CERTIFY", value: secretValue, updated_at: "2026-01-01T00:00:00Z" }],
    }),
  },
  {
    fact: "action-name-filter",
    behaviour: "finds Actions by the beginning of their names",
    taken: ({ route, query }, _reply, tenant) => {
      const wanted = query["actionName"];
      if (route === "GET /actions/actions" && typeof wanted === "string")
        query["actionName"] = wholeName(tenant, wanted);
    },
    answered: ({ route, sent }, tenant) => {
      if (route === "POST /actions/actions") madeNames.set(tenant, textIn(sent, "name"));
    },
  },
  {
    fact: "action-build",
    behaviour: "has a status that was never seen",
    ...onceFor(`GET ${one}`, { status: "compiling" }),
  },
  {
    fact: "action-test-wrapped",
    behaviour: "gives a test run an event of its own",
    ...request(`POST ${one}/test`, ({ payload }) => {
      if (isJsonObject(payload) && "event" in payload) payload["event"] = {};
    }),
  },
  {
    fact: "action-test-answer",
    behaviour: "tells nothing about how a test run went but its error",
    ...answer(`POST ${one}/test`, ({ payload }) => ({
      payload: isJsonObject(payload) ? { error: payload["error"] ?? null } : {},
    })),
  },
  {
    fact: "action-test-bare",
    behaviour: "takes a payload for the event as well",
    ...request(`POST ${one}/test`, (body) => {
      const { payload } = body;
      if (isJsonObject(payload) && !("event" in payload)) payload["event"] = { ...payload };
    }),
  },
  {
    fact: "action-deploy",
    behaviour: "counts versions from 0",
    ...answer(`POST ${one}/deploy`, (body) => ({ ...body, number: Number(body["number"]) - 1 })),
  },
  {
    fact: "action-no-op-patch",
    behaviour: "takes every PATCH of an Action for a change",
    answered: ({ route, body, params }) => {
      if (route === `PATCH ${one}`) patched.add(params["id"]);
      if (route === `POST ${one}/deploy`) patched.delete(params["id"]);
      return route === `GET ${one}` && patched.has(params["id"])
        ? { ...body, all_changes_deployed: false }
        : undefined;
    },
  },
  {
    fact: "action-edit",
    behaviour: "never has anything to deploy",
    ...whileDeployed((now) => ({ ...now, all_changes_deployed: true })),
  },
  {
    fact: "action-versions",
    behaviour: "lists the oldest version first",
    ...answer(`GET ${one}/versions`, (body) => ({ ...body, versions: list(body["versions"]).toReversed() })),
  },
  {
    fact: "action-rollback",
    behaviour: "leaves the draft as it is whatever update_draft says",
    ...request(`POST ${one}/versions/:versionId/deploy`, (body) => void (body["update_draft"] = false)),
  },
];

const madeNames = new WeakMap<Tenant, string>();
const patched = new Set<string | undefined>();

function wholeName(tenant: Tenant, wanted: string): string {
  const made = madeNames.get(tenant) ?? wanted;
  return made.startsWith(wanted) ? made : wanted;
}

function list(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}
