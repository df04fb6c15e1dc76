/**
 * The client that a Management API token was given to, as the token says (`azp`, or `sub` with `@clients` behind it);
 * "unknown" for a token that cannot be read.
 */
export function clientIdOf(accessToken: string): string {
  try {
    const payload: unknown = JSON.parse(Buffer.from(accessToken.split(".")[1] ?? "", "base64url").toString());
    const { azp, sub } = Object(payload) as { azp?: unknown; sub?: unknown };
    if (typeof azp === "string") return azp;
    return typeof sub === "string" ? sub.replace(/@clients$/, "") : "unknown";
  } catch {
    return "unknown";
  }
}
