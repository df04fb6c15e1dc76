import { valueIn } from "../../../lib/json.ts";
import { CallFailed, noteMade, step, success, type CertifyContext } from "../context.ts";
import type { Answer } from "../tenant-calls.ts";
import { waitFor } from "../wait-for.ts";

export const actionScopes = ["create:actions", "read:actions", "update:actions", "delete:actions"];

/** The claim that the Action sets, and a picture that nobody serves. */
export const ownPicture = "https://example.invalid/auth0-user-pictures-certify.png";

/** A custom claim in which the Action tells what it was given. */
export const seenClaim = "https://example.invalid/seen";

/** What an error of the Action says where an event asks for one; no login's event does. */
export const thrownWords = "certify saw its event";

const secret = { name: "CERTIFY", value: "certify-secret-value" };
export const secretName = secret.name;
export const secretValue = secret.value;

/** Does nothing at all for anyone but the run's own user. */
export function ownCode({ names }: CertifyContext, version: 1 | 2): string {
  return `// Made by pictures certify, which removes it again; version ${version}.
exports.onExecutePostLogin = async (event, api) => {
  if (event.user?.user_id !== ${JSON.stringify(names.userId("first"))}) return;
  if (event.certify === "throw") throw new Error(${JSON.stringify(thrownWords)});
  api.idToken.setCustomClaim("picture", ${JSON.stringify(ownPicture)});
  api.idToken.setCustomClaim(${JSON.stringify(seenClaim)}, {
    user_metadata: typeof event.user.user_metadata,
    app_metadata: typeof event.user.app_metadata,
    identities: Array.isArray(event.user.identities) ? event.user.identities.length : -1,
    picture: event.user.picture,
    strategy: event.connection?.strategy,
    scopes: Array.isArray(event.transaction?.requested_scopes),
    protocol: event.transaction?.protocol,
  });
};
`;
}

/** The answer to its creation. */
export const ownAction = step("action", async (context) => {
  const created = success(
    await context.calls.api("POST", "/actions/actions", {
      body: {
        name: context.names.action,
        code: ownCode(context, 1),
        runtime: "node22",
        dependencies: [],
        secrets: [secret],
        supported_triggers: [{ id: "post-login", version: "v3" }],
      },
    }),
    "creating an Action",
  );
  noteMade(context, "Action", context.names.action, valueIn(created.body, "id"));
  return { id: String(valueIn(created.body, "id")), created };
});

/** The first build; with the statuses on the way to it. */
export const builtAction = step("build", async (context) => {
  const { id } = await ownAction(context);
  const statuses: unknown[] = [];
  const now = await buildOf(context, id, statuses);
  return { id, now, statuses };
});

/** The answer to the first deployment, and the Action when it showed one. */
export const deployedAction = step("deployment", async (context) => {
  const { id } = await builtAction(context);
  const deployed = success(
    await context.calls.api("POST", `/actions/actions/${id}/deploy`),
    "deploying an Action",
  );
  return { id, deployed, now: await showingVersion(context, id, deployed) };
});

/** The draft with other code than what is deployed; the answer, and the Action after its build. */
export const editedAction = step("edit", async (context) => {
  const { id } = await deployedAction(context);
  const changed = success(
    await context.calls.api("PATCH", `/actions/actions/${id}`, { body: { code: ownCode(context, 2) } }),
    "changing an Action's draft",
  );
  return { id, changed, now: await buildOf(context, id) };
});

/** The edited draft, deployed, and the list of versions then. */
export const versionedAction = step("second version", async (context) => {
  const { id } = await editedAction(context);
  const deployed = success(
    await context.calls.api("POST", `/actions/actions/${id}/deploy`),
    "deploying a changed Action",
  );
  await showingVersion(context, id, deployed);
  const listed = success(
    await context.calls.api("GET", `/actions/actions/${id}/versions?per_page=50`),
    "listing an Action's versions",
  );
  return { id, deployed, listed };
});

/** An event of the run's own user for which the Action throws. */
export function testEvent({ names }: CertifyContext): object {
  return { certify: "throw", user: { user_id: names.userId("first") } };
}

/** The answer to a test run with the event inside payload. */
export const testedAction = step("test run", async (context) => {
  const { id } = await builtAction(context);
  const request = { body: { payload: { event: testEvent(context) } } };
  return success(
    await context.calls.api("POST", `/actions/actions/${id}/test`, request),
    "testing an Action",
  );
});

/** @returns The Action when its draft was built; fails where that fails or takes longer than a minute. */
export async function buildOf(
  { calls }: CertifyContext,
  id: string,
  statuses: unknown[] = [],
): Promise<Answer> {
  const isEnd = (now: Answer) => {
    const status = valueIn(now.body, "status");
    statuses.push(status);
    return status === "built" || status === "failed";
  };
  const read = () => readAction(calls, id);
  const now = await waitFor(read, isEnd, {
    withinMs: 60_000,
    what: "the build of an Action without modules",
  });
  if (valueIn(now.body, "status") !== "failed") return now;
  throw new CallFailed("building an Action", { status: now.status, body: { message: "its build failed" } });
}

/** @returns The Action when it showed the version that was deployed; after a while as it is. */
export async function showingVersion(
  { calls, settleMs: withinMs }: CertifyContext,
  id: string,
  deployed: Answer,
): Promise<Answer> {
  const shows = (now: Answer) => valueIn(now.body, "deployed_version", "id") === valueIn(deployed.body, "id");
  const read = () => readAction(calls, id);
  return waitFor(read, shows, { withinMs });
}

async function readAction(calls: CertifyContext["calls"], id: string): Promise<Answer> {
  return success(await calls.api("GET", `/actions/actions/${id}`), "reading an Action");
}
