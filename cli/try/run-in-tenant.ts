import { randomBytes } from "node:crypto";
import type { ManagementClient } from "auth0";
import { actionsApi, waitForAction, type ActionNow } from "../../auth0/actions-api.ts";
import { managementClient, managementFailure } from "../../auth0/management-client.ts";
import type { ManagementAccess } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import type { ProgramAction } from "../../stack/pins.ts";
import type { TimedRun } from "./run-result.ts";
import { readTestAnswer } from "./test-answer.ts";

/** The names of temporary Actions begin with it, and no others do. */
export const temporaryMark = "user-pictures-try-";

export interface TenantRun extends TimedRun {
  /** The names of temporary Actions that a killed run had left and that were deleted. */
  readonly leftovers: readonly string[];
}

/**
 * Runs an Action's code by the tenant's own test endpoint, in a temporary Action that is bound to nothing and deleted
 * afterwards, whatever happens.
 *
 * @throws ExpectedError `try-not-built`, `temporary-action-left`, or as the Management API fails.
 */
export async function runInTenant(
  access: ManagementAccess,
  action: ProgramAction,
  event: object,
): Promise<TenantRun> {
  const { actions } = await managementClient(access);
  const ask = async <T>(doing: string, call: () => PromiseLike<T>): Promise<T> => {
    try {
      return await call();
    } catch (error) {
      throw managementFailure(error, access.domain, doing);
    }
  };
  const leftovers = await ask("deleting temporary Actions", () => deleteLeftovers(actions));
  const name = `${temporaryMark}${action.name}-${randomBytes(4).toString("hex")}`;
  // Ctrl-C ends the process only after the Action is gone.
  const stop = new AbortController();
  const abort = () =>
    stop.abort(new ExpectedError("interrupted", "Interrupted; the temporary Action is deleted."));
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, abort);
  let id: string | undefined;
  try {
    id = await ask("creating a temporary Action", () => create(actions, name, action));
    await waitForAction(actionsApi(access), id, {
      until: ({ status }) => status === "built",
      giveUp: notBuilt,
      signal: stop.signal,
    });
    const startedAt = performance.now();
    const answer = await ask("testing a temporary Action", () =>
      // Documented is just `payload`; the one recorded request has the event inside it.
      actions.test(id ?? "", { payload: { event } }),
    );
    return { result: readTestAnswer(answer.payload), durationMs: performance.now() - startedAt, leftovers };
  } finally {
    await remove(actions, name, id);
    for (const signal of signals) process.off(signal, abort);
  }
}

type Actions = ManagementClient["actions"];

async function deleteLeftovers(actions: Actions): Promise<string[]> {
  const names: string[] = [];
  const found: { id: string; name: string }[] = [];
  for (
    let page = await actions.list({ triggerId: "post-login", per_page: 50 });
    ;
    page = await page.getNextPage()
  ) {
    for (const { id = "", name = "" } of page.data)
      if (name.startsWith(temporaryMark)) found.push({ id, name });
    if (!page.hasNextPage()) break;
  }
  for (const { id, name } of found) {
    await actions.delete(id);
    names.push(name);
  }
  return names;
}

async function create(actions: Actions, name: string, action: ProgramAction): Promise<string> {
  const { id } = await actions.create({
    name,
    code: action.code,
    runtime: action.runtime,
    dependencies: action.dependencies.map((module) => ({ ...module })),
    supported_triggers: [{ id: "post-login", version: "v3" }],
  });
  if (id === undefined)
    throw new ExpectedError("try-not-built", "Auth0 returned no id for the temporary Action.");
  return id;
}

function notBuilt({ status }: ActionNow): ExpectedError {
  const message = `Auth0 did not build the code (status ${status || "unknown"}). Nothing was deployed.`;
  return new ExpectedError("try-not-built", message);
}

/** By its name too: the answer to its creation may have been lost. */
async function remove(actions: Actions, name: string, id: string | undefined): Promise<void> {
  try {
    if (id !== undefined) await actions.delete(id);
    else {
      const { data } = await actions.list({ actionName: name });
      for (const found of data) if (found.name === name) await actions.delete(found.id ?? "");
    }
  } catch (cause) {
    const message = `The temporary Action ${name} could not be deleted. It is bound to nothing; the next pictures try deletes it.`;
    throw new ExpectedError("temporary-action-left", message, { cause });
  }
}
