import type { FastifyInstance, FastifyRequest } from "fastify";
import { jwtVerify } from "jose";
import { ExpectedError } from "../../lib/errors.ts";
import { isJsonObject } from "../../lib/json.ts";
import type { TenantContext } from "../tenant-context.ts";
import { parseFaultRules } from "./fault-rule.ts";
import { defaultSeed, type TenantFaults } from "./tenant-faults.ts";

/**
 * `/local/faults`: GET shows the rules and what happened, POST `{"rules": […], "seed": 1}` replaces them, DELETE clears them.
 * Only with a Management token of the tenant's own application (the one whose credentials the start prints), whatever its
 * scopes. These routes never fail on demand.
 */
export function registerFaultRoutes(
  app: FastifyInstance,
  context: TenantContext,
  faults: TenantFaults,
  managementClientId: string,
): void {
  const isAllowed = (request: FastifyRequest) => isTokenOf(context, managementClientId, request);

  app.route<{ Body: unknown }>({
    method: ["GET", "POST", "DELETE"],
    url: "/local/faults",
    handler: async (request, reply) => {
      if (!(await isAllowed(request))) {
        const message = "Only a Management token of the tenant's own application may see and set faults.";
        return reply.code(401).send({ statusCode: 401, error: "Unauthorized", message });
      }
      try {
        if (request.method === "POST") setFaults(faults, request.body);
        if (request.method === "DELETE") faults.clear();
      } catch (error) {
        if (!(error instanceof ExpectedError)) throw error;
        return reply.code(400).send({ statusCode: 400, error: "Bad Request", message: error.message });
      }
      return { seed: faults.seed(), rules: faults.rules(), injected: faults.injected() };
    },
  });
}

function setFaults(faults: TenantFaults, body: unknown): void {
  const { rules, seed = defaultSeed } = isJsonObject(body) ? body : {};
  if (typeof seed !== "number" || !Number.isSafeInteger(seed)) {
    throw new ExpectedError("bad-fault", "A fault cannot be injected: seed must be a whole number.");
  }
  faults.set(parseFaultRules(rules), seed);
}

async function isTokenOf(
  { issuer, managementAudience, signingKey }: TenantContext,
  clientId: string,
  { headers }: FastifyRequest,
): Promise<boolean> {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1];
  if (token === undefined) return false;
  try {
    const { payload } = await jwtVerify(token, signingKey.publicKey, {
      algorithms: ["RS256"],
      issuer,
      audience: managementAudience,
    });
    return payload["azp"] === clientId && payload["gty"] === "client-credentials";
  } catch {
    return false;
  }
}
