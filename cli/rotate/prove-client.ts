import { setTimeout as sleep } from "node:timers/promises";
import { requestManagementToken, type ManagementTokenRequest } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { withRetry } from "../../lib/retry.ts";
import { runPulumi, type RunPulumi } from "../pulumi/run-pulumi.ts";

/** A route that each scope opens, with the smallest answer that it can give. */
const reads: readonly (readonly [scope: string, path: string])[] = [
  ["read:users", "users?per_page=1&fields=user_id&include_fields=true"],
  ["read:actions", "actions/actions?per_page=1"],
  ["read:connections", "connections?per_page=1&fields=id&include_fields=true"],
];

/** Auth0 does not promise that a new credential works at once; in milliseconds, before each further try. */
const pauses: readonly number[] = [500, 1000, 2000, 4000, 8000];

/**
 * Proves that a client works: a token of its own, and a read with it.
 *
 * @throws ExpectedError `client-refused` where it still does not after some tries, or `auth0-unreachable`.
 */
export async function proveClient(
  request: ManagementTokenRequest,
  wait: (ms: number) => Promise<unknown> = sleep,
): Promise<void> {
  const pauseAfter = (error: unknown, failures: number) =>
    error instanceof ExpectedError && error.code !== "client-key-broken" ? pauses[failures - 1] : undefined;
  await withRetry(() => tokenAndRead(request), pauseAfter, wait);
}

async function tokenAndRead(request: ManagementTokenRequest): Promise<void> {
  const { accessToken, scopes } = await requestManagementToken(request, { repeats: false });
  const path = reads.find(([scope]) => scopes.includes(scope))?.[1];
  // A client without any of these has nothing to read; its token is the proof.
  if (path === undefined) return;
  const { domain, clientId } = request;
  const status = await statusOf(`https://${domain}/api/v2/${path}`, accessToken);
  if (status === 200) return;
  throw new ExpectedError(
    "client-refused",
    `${domain} gave client ${clientId} a token, but refuses a read with it (status ${status}).`,
  );
}

async function statusOf(url: string, accessToken: string): Promise<number> {
  try {
    const headers = { authorization: `Bearer ${accessToken}` };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
    await response.body?.cancel();
    return response.status;
  } catch (cause) {
    throw new ExpectedError("auth0-unreachable", `${new URL(url).host} does not answer. Try again.`, {
      cause,
    });
  }
}

/** Everything below our component for clients; the component's type is part of each URN. */
const clientResources = "**ManagementClient**";

/** An update waits out rate limits; one that hangs for longer than this is stuck. */
const timeoutMs = 30 * 60_000;

/**
 * Runs `pulumi up` for the stack's Management API clients only: other pending changes stay pending.
 *
 * @throws ExpectedError `deployment-failed` with the end of what pulumi printed, or what `runPulumi` throws.
 */
export async function deployClients(stack: string, pulumi: RunPulumi = runPulumi): Promise<void> {
  const args = ["up", "--yes", "--skip-preview", "--stack", stack, "--target", clientResources];
  const { code, stdout, stderr } = await pulumi(args, { timeoutMs });
  if (code === 0) return;
  const printed = `${stdout}\n${stderr}`.trim().split("\n").slice(-15).join("\n");
  throw new ExpectedError(
    "deployment-failed",
    `pulumi up of stack ${stack} failed. The configuration stays, so fix this and run the same command again:\n${printed}\n`,
  );
}
