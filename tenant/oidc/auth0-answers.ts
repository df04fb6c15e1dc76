import type { errors, KoaContextWithOIDC, Provider } from "oidc-provider";

/**
 * Gives Auth0's answers where oidc-provider's are others: 403 for codes and refresh tokens that are not good, plain text at
 * /userinfo without a token, and 302 for every redirect.
 */
export function answerAsAuth0(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    if (ctx.status === 303) ctx.status = 302;
  });
  provider.on("grant.error", (ctx, error) => {
    const refusal = grantRefusal(ctx, error);
    if (!refusal) return;
    const [status, code, description] = refusal;
    ctx.status = status;
    ctx.body = { error: code, error_description: description };
  });
  provider.on("userinfo.error", (ctx) => {
    if (hasToken(ctx)) return;
    ctx.status = 401;
    ctx.type = "text/plain";
    ctx.body = "Unauthorized";
  });
}

type Refusal = readonly [status: number, error: string, description: string];

/** Undefined where oidc-provider's answer stays. */
function grantRefusal(ctx: KoaContextWithOIDC, error: errors.OIDCProviderError): Refusal | undefined {
  const given = ctx.oidc.params?.["grant_type"];
  const grantType = typeof given === "string" ? given : "";
  if (error.error === "invalid_client") return [401, "access_denied", "Unauthorized"];
  if (ctx.oidc.client && grantType !== "" && !ctx.oidc.client.grantTypeAllowed(grantType)) {
    return [403, "unauthorized_client", `Grant type '${grantType}' not allowed for the client.`];
  }
  if (error.error !== "invalid_grant") return undefined;
  if (grantType === "refresh_token") return [403, "invalid_grant", "Unknown or invalid refresh token."];
  if (grantType !== "authorization_code") return undefined;
  const isVerifier = error.error_detail?.startsWith("code_verifier ") === true;
  const description = isVerifier ? "Failed to verify code verifier" : "Invalid authorization code";
  return [403, "invalid_grant", description];
}

/** Whether the request brings an access token, good or not. */
function hasToken(ctx: KoaContextWithOIDC): boolean {
  return ctx.get("authorization") !== "" || ctx.oidc.params?.["access_token"] !== undefined;
}
