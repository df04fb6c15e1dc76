import type { FastifyInstance } from "fastify";
import {
  advanceBuild,
  changeDraft,
  deployDraft,
  deployedVersion,
  deployVersion,
  newAction,
  type ActionInput,
  type ActionRecord,
  type VersionRecord,
} from "../state/action.ts";
import type { TenantContext } from "../tenant-context.ts";
import {
  actionView,
  createActionSchema,
  deployVersionSchema,
  updateActionSchema,
  versionView,
} from "./action-views.ts";
import { knownModules } from "./action-modules.ts";
import { actionsEnvelope, ManagementError, paged, queryValue, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { knownTriggers } from "./triggers.ts";

/** Auth0's limit for one Action's code, 100 kB, read in the narrower way. */
const maxCodeBytes = 100_000;
/** Auth0's limit for a tenant. */
const maxActions = 100;

/** /api/v2/actions/actions: create, list, read, update, delete, deploy. */
export function registerActions(app: FastifyInstance, context: TenantContext): void {
  const { actions } = context.state;

  app.get<{ Querystring: Query }>("/actions/actions", needs("read:actions"), (request) => {
    const name = queryValue(request.query, "actionName");
    const triggerId = queryValue(request.query, "triggerId");
    const deployed = queryValue(request.query, "deployed");
    const found = [...actions.values()]
      // Exact: whether Auth0 also takes the beginning of a name was not observed.
      .filter((action) => name === undefined || action.name === name)
      .filter((action) => triggerId === undefined || supports(action, triggerId))
      .filter((action) => deployed === undefined || action.versions.length > 0 === (deployed === "true"));
    for (const action of found) advanceBuild(action, context.dependencyBuildMs, true);
    return actionsEnvelope("actions", paged(found.map(actionView), request.query));
  });

  app.post<{ Body: ActionInput & { name: string } }>(
    "/actions/actions",
    { ...needs("create:actions"), schema: { body: createActionSchema } },
    (request, reply) => {
      checkInput(context, request.body);
      // No limit's message was observed.
      if (actions.size >= maxActions) {
        throw new ManagementError(400, `You have reached the limit of ${maxActions} actions.`);
      }
      const action = newAction(request.body.name, resolvedInput(context, request.body));
      actions.set(action.id, markMissing(context, action));
      return reply.code(201).send(actionView(action));
    },
  );

  app.get<{ Params: { id: string } }>("/actions/actions/:id", needs("read:actions"), (request) => {
    const action = findAction(context, request.params.id);
    advanceBuild(action, context.dependencyBuildMs, true);
    return actionView(action);
  });

  app.patch<{ Params: { id: string }; Body: ActionInput }>(
    "/actions/actions/:id",
    { ...needs("update:actions"), schema: { body: updateActionSchema } },
    (request) => {
      const action = findAction(context, request.params.id);
      checkInput(context, request.body, action);
      changeDraft(action, resolvedInput(context, request.body));
      return actionView(markMissing(context, action));
    },
  );

  app.delete<{ Params: { id: string }; Querystring: Query }>(
    "/actions/actions/:id",
    needs("delete:actions"),
    (request, reply) => {
      const { id } = findAction(context, request.params.id);
      deleteAction(context, id, queryValue(request.query, "force") === "true");
      return reply.code(204).send();
    },
  );

  app.post<{ Params: { id: string } }>("/actions/actions/:id/deploy", needs("create:actions"), (request) => {
    const action = findAction(context, request.params.id);
    advanceBuild(action, context.dependencyBuildMs, false);
    if (action.status !== "built") {
      // That it is refused is known, the words are not.
      throw new ManagementError(400, "A draft must be in the 'built' state before it can be deployed.");
    }
    return versionView(action, deployDraft(action), false);
  });
}

/** The Action, or 404 in the words that were observed. */
export function findAction(context: TenantContext, id: string): ActionRecord {
  const action = context.state.actions.get(id);
  if (!action) throw new ManagementError(404, "That action does not exist.");
  return action;
}

function supports(action: ActionRecord, triggerId: string): boolean {
  return action.draft.supported_triggers.some((trigger) => trigger.id === triggerId);
}

function deleteAction(context: TenantContext, id: string, force: boolean): void {
  for (const [triggerId, bindings] of context.state.bindings) {
    if (!bindings.some((binding) => binding.actionId === id)) continue;
    // 409 is documented, the words were not observed.
    if (!force) throw new ManagementError(409, "Cannot delete an action that is bound to a trigger.");
    context.state.bindings.set(
      triggerId,
      bindings.filter((binding) => binding.actionId !== id),
    );
  }
  context.state.actions.delete(id);
}

/** The 400s and the 409 for what the schema cannot say; their words were not observed. */
function checkInput(context: TenantContext, input: ActionInput, own?: ActionRecord): void {
  const bytes = Buffer.byteLength(input.code ?? "");
  if (bytes > maxCodeBytes) {
    throw new ManagementError(
      400,
      `Payload validation error: 'String is too long (${bytes} bytes), maximum ${maxCodeBytes}' on property code.`,
    );
  }
  const unknown = input.supported_triggers?.find(({ id }) => !knownTriggers.has(id));
  if (unknown) throw new ManagementError(400, `The trigger '${unknown.id}' does not exist.`);
  const twin = [...context.state.actions.values()].find((action) => action.name === input.name);
  if (twin && twin !== own) {
    throw new ManagementError(409, `An action with the name '${twin.name}' already exists.`);
  }
}

/** The tenant asks no registry: what is missing there is given to it. */
function markMissing({ missingDependencies }: TenantContext, action: ActionRecord): ActionRecord {
  action.lacksDependency = action.draft.dependencies.some(
    ({ name, version }) => missingDependencies.has(name) || missingDependencies.has(`${name}@${version}`),
  );
  return action;
}

/** What of the body stands for something else: triggers without a version, and modules by their ids. */
function resolvedInput(context: TenantContext, input: ActionInput): ActionInput {
  const triggers = input.supported_triggers?.map((trigger: { id: string; version?: string }) => ({
    id: trigger.id,
    version: trigger.version ?? knownTriggers.get(trigger.id) ?? "v1",
  }));
  return {
    ...input,
    ...(triggers ? { supported_triggers: triggers } : {}),
    ...(input.modules ? { modules: knownModules(context, input.modules) } : {}),
  };
}

const versionsPath = "/actions/actions/:id/versions";

interface VersionParams {
  id: string;
  versionId: string;
}

/** The versions of an Action: list (newest first), read, deploy again. Documented, not observed. */
export function registerActionVersions(app: FastifyInstance, context: TenantContext): void {
  app.get<{ Params: { id: string }; Querystring: Query }>(versionsPath, needs("read:actions"), (request) => {
    const action = findAction(context, request.params.id);
    const versions = action.versions.toReversed().map((version) => view(action, version));
    return actionsEnvelope("versions", paged(versions, request.query));
  });

  app.get<{ Params: VersionParams }>(`${versionsPath}/:versionId`, needs("read:actions"), (request) => {
    const action = findAction(context, request.params.id);
    return view(action, findVersion(action, request.params.versionId));
  });

  app.post<{ Params: VersionParams; Body: { update_draft?: boolean } | null }>(
    `${versionsPath}/:versionId/deploy`,
    { ...needs("create:actions"), schema: { body: deployVersionSchema } },
    (request) => {
      const action = findAction(context, request.params.id);
      const version = findVersion(action, request.params.versionId);
      const deployed = deployVersion(action, version, request.body?.update_draft === true);
      return versionView(action, deployed, false);
    },
  );
}

function view(action: ActionRecord, version: VersionRecord): object {
  return versionView(action, version, version === deployedVersion(action));
}

function findVersion(action: ActionRecord, id: string): VersionRecord {
  const version = action.versions.find((candidate) => candidate.id === id);
  if (!version) throw new ManagementError(404, "That action version does not exist.");
  return version;
}
