import type { FastifyInstance } from "fastify";
import type { ActionRecord, ModuleReference } from "../state/action.ts";
import {
  changeModule,
  isPublished,
  newModule,
  publishModule,
  rollBackModule,
  type ModuleInput,
  type ModuleRecord,
  type ModuleVersionRecord,
} from "../state/action-module.ts";
import type { TenantContext } from "../tenant-context.ts";
import { dependencyViews, secretViews } from "./action-views.ts";
import { actionsEnvelope, ManagementError, paged, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { closed, flag, list, text } from "./body-schema.ts";

// In no text is a NUL allowed.
const words = (maxLength: number) => text({ maxLength, pattern: "^[^\u0000]*$" });

const fields = {
  code: words(65536),
  secrets: list(closed({ name: words(255), value: words(4096) }, "name", "value")),
  dependencies: list(closed({ name: words(255), version: words(50) }, "name", "version")),
};

const createSchema = closed(
  { ...fields, name: words(255), api_version: words(20), publish: flag },
  "name",
  "code",
);

interface ModuleParams {
  id: string;
}

/** /api/v2/actions/modules: code that Actions share. It is kept and shown; no login runs it. */
export function registerActionModules(app: FastifyInstance, context: TenantContext): void {
  const { modules } = context.state;

  app.get<{ Querystring: Query }>("/actions/modules", needs("read:actions"), (request) => {
    const found = [...modules.values()].map((module) => listedView(context, module));
    return fullEnvelope("modules", found, request.query);
  });

  app.post<{ Body: ModuleInput & { name: string; publish?: boolean } }>(
    "/actions/modules",
    { ...needs("create:actions"), schema: { body: createSchema } },
    (request, reply) => {
      const { name, publish } = request.body;
      if ([...modules.values()].some((module) => module.name === name)) {
        // 409 is documented, the words were not observed.
        throw new ManagementError(409, `A module with the name '${name}' already exists.`);
      }
      const module = newModule(name, request.body);
      if (publish === true) publishModule(module);
      modules.set(module.id, module);
      return reply.code(201).send(moduleView(context, module));
    },
  );

  app.get<{ Params: ModuleParams }>("/actions/modules/:id", needs("read:actions"), (request) =>
    moduleView(context, findModule(context, request.params.id)),
  );

  app.patch<{ Params: ModuleParams; Body: ModuleInput }>(
    "/actions/modules/:id",
    { ...needs("update:actions"), schema: { body: closed(fields) } },
    (request) => {
      const module = findModule(context, request.params.id);
      changeModule(module, request.body);
      return moduleView(context, module);
    },
  );

  app.delete<{ Params: ModuleParams }>("/actions/modules/:id", needs("delete:actions"), (request, reply) => {
    const { id, name } = findModule(context, request.params.id);
    if (usersOf(context, id).length > 0) {
      // 412 is documented, the words were not observed.
      throw new ManagementError(412, `The module '${name}' is used by an action.`);
    }
    modules.delete(id);
    return reply.code(204).send();
  });

  registerModuleVersions(app, context);

  app.get<{ Params: ModuleParams; Querystring: Query }>(
    "/actions/modules/:id/actions",
    needs("read:actions"),
    (request) => {
      const { id } = findModule(context, request.params.id);
      return actionsEnvelope("actions", paged(usersOf(context, id), request.query));
    },
  );
}

function registerModuleVersions(app: FastifyInstance, context: TenantContext): void {
  const path = "/actions/modules/:id/versions";

  app.get<{ Params: ModuleParams; Querystring: Query }>(path, needs("read:actions"), (request) => {
    const module = findModule(context, request.params.id);
    const views = module.versions.toReversed().map((version) => versionView(module, version));
    return fullEnvelope("versions", views, request.query);
  });

  app.post<{ Params: ModuleParams }>(path, needs("update:actions"), (request) => {
    const module = findModule(context, request.params.id);
    return versionView(module, publishModule(module));
  });

  app.get<{ Params: ModuleParams & { versionId: string } }>(
    `${path}/:versionId`,
    needs("read:actions"),
    (request) => {
      const module = findModule(context, request.params.id);
      return versionView(module, findVersion(module, request.params.versionId));
    },
  );

  app.post<{ Params: ModuleParams; Body: { module_version_id: string } }>(
    "/actions/modules/:id/rollback",
    {
      ...needs("update:actions"),
      schema: { body: closed({ module_version_id: text() }, "module_version_id") },
    },
    (request) => {
      const module = findModule(context, request.params.id);
      rollBackModule(module, findVersion(module, request.body.module_version_id));
      return moduleView(context, module);
    },
  );
}

/** What an Action's POST or PATCH names by ids, with what its answers say of it; 404 for what is not there. */
export function knownModules(
  context: TenantContext,
  sent: readonly Partial<ModuleReference>[],
): ModuleReference[] {
  return sent.map(({ module_id = "", module_version_id = "" }) => {
    const module = findModule(context, module_id);
    const { version_number } = findVersion(module, module_version_id);
    return { module_id, module_name: module.name, module_version_id, module_version_number: version_number };
  });
}

/** The words of these two 404s were not observed. */
function findModule(context: TenantContext, id: string): ModuleRecord {
  const module = context.state.modules.get(id);
  if (!module) throw new ManagementError(404, "That action module does not exist.");
  return module;
}

function findVersion(module: ModuleRecord, id: string): ModuleVersionRecord {
  const version = module.versions.find((candidate) => candidate.id === id);
  if (!version) throw new ManagementError(404, "That action module version does not exist.");
  return version;
}

/** Unlike the other lists of this family, that of modules and that of their versions have their zeros. */
function fullEnvelope(name: string, all: object[], query: Query): object {
  const { items, page, perPage, total } = paged(all, query);
  // Past the end there is nothing, and the total says so too.
  return { [name]: items, total: items.length === 0 ? 0 : total, page, per_page: perPage };
}

function usersOf(context: TenantContext, moduleId: string): object[] {
  return [...context.state.actions.values()].flatMap((action) => {
    const used = referenceTo(action, moduleId);
    if (!used) return [];
    const { module_version_id, module_version_number } = used;
    return [{ action_id: action.id, action_name: action.name, module_version_id, module_version_number }];
  });
}

/** In the draft, or else in a version: an Action that can be deployed again still needs the module. */
function referenceTo(action: ActionRecord, moduleId: string): ModuleReference | undefined {
  return [action.draft, ...action.versions.toReversed()]
    .flatMap(({ modules = [] }) => modules)
    .find(({ module_id }) => module_id === moduleId);
}

function moduleView(context: TenantContext, module: ModuleRecord): object {
  const latest = module.versions.at(-1);
  return {
    ...sharedView(context, module),
    ...(latest
      ? {
          latest_version: {
            id: latest.id,
            version_number: latest.version_number,
            code: latest.code,
            dependencies: dependencyViews(latest.dependencies),
            secrets: secretViews(latest.secrets),
          },
        }
      : {}),
  };
}

/** As documented: no list with modules in it was recorded. */
function listedView(context: TenantContext, module: ModuleRecord): object {
  const latest = module.versions.at(-1);
  return {
    ...sharedView(context, module),
    ...(latest ? { latest_version_number: latest.version_number } : {}),
  };
}

function sharedView(context: TenantContext, module: ModuleRecord): object {
  return {
    id: module.id,
    name: module.name,
    code: module.code,
    dependencies: dependencyViews(module.dependencies),
    secrets: secretViews(module.secrets),
    all_changes_published: isPublished(module),
    actions_using_module_total: usersOf(context, module.id).length,
    created_at: module.created_at,
    updated_at: module.updated_at,
  };
}

function versionView(module: ModuleRecord, version: ModuleVersionRecord): object {
  return {
    id: version.id,
    module_id: module.id,
    version_number: version.version_number,
    code: version.code,
    secrets: secretViews(version.secrets),
    dependencies: dependencyViews(version.dependencies),
    created_at: version.created_at,
  };
}
