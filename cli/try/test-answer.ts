import type { RunResult } from "./run-result.ts";

/**
 * What Auth0's test endpoint says of a run in `payload`. Only `error` (an object with `message`, `name` and `stack`) and `stats`
 * were observed; other parts are read where they are there, an error that is plain text too. What is not there counts as not
 * said.
 */
export function readTestAnswer(payload: unknown): RunResult {
  const fields = Object(payload) as Record<string, unknown>;
  const text = (name: string) => {
    const value = fields[name];
    return value === undefined ? undefined : typeof value === "string" ? value : JSON.stringify(value);
  };
  const map = (name: string) => {
    const value = fields[name];
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  };
  const lines = fields["console"];
  return {
    idTokenClaims: map("id_token_claims"),
    accessTokenClaims: map("access_token_claims"),
    userMetadata: map("user_metadata"),
    appMetadata: map("app_metadata"),
    console: Array.isArray(lines) ? lines.map(String) : undefined,
    error: messageOf(fields["error"]) ?? text("error"),
    denied: text("denied"),
  };
}

/** What the Action threw, of an answer that has it as an object with its name and stack. */
function messageOf(error: unknown): string | undefined {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === "string" ? message : undefined;
}
