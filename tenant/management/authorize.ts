import type { FastifyReply, FastifyRequest } from "fastify";
import { jwtVerify } from "jose";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError } from "./answer.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** A Management route is open to a token with any of these. */
    scopes?: readonly string[];
    /** And to one only that has each of these. */
    allScopes?: readonly string[];
  }
  interface FastifyRequest {
    /** The scopes of the Management token, once it was verified. */
    grantedScopes: ReadonlySet<string>;
  }
}

/** Route options that name the scopes of which a token must have one. */
export function needs(...scopes: string[]): { config: { scopes: string[] } } {
  return { config: { scopes } };
}

/** Route options that name the scopes of which a token must have every one. */
export function needsAll(...allScopes: string[]): { config: { allScopes: string[] } } {
  return { config: { allScopes } };
}

/**
 * The hook that lets a request through only with a token of this tenant for the Management API, with a scope that the
 * route names. The 401 messages are Auth0's as remembered from its public API, not observed here.
 */
export function authorize(context: TenantContext) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? "")?.[1];
    if (token === undefined) throw new ManagementError(401, "Missing authentication");
    request.grantedScopes = await verifiedScopes(context, token);
    const { scopes, allScopes = [] } = request.routeOptions.config;
    const has = (scope: string) => request.grantedScopes.has(scope);
    if ((scopes?.some(has) ?? true) && allScopes.every(has)) return;
    throw new ManagementError(
      403,
      `Insufficient scope, expected any of: ${(scopes ?? allScopes).join(",")}`,
      "insufficient_scope",
    );
  };
}

async function verifiedScopes(context: TenantContext, token: string): Promise<ReadonlySet<string>> {
  try {
    const { payload } = await jwtVerify(token, context.signingKey.publicKey, {
      algorithms: ["RS256"],
      issuer: context.issuer,
      audience: context.managementAudience,
    });
    const scope = payload["scope"];
    return new Set(typeof scope === "string" ? scope.split(" ") : []);
  } catch {
    throw new ManagementError(401, "Invalid token");
  }
}
