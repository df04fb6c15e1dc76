import type { FastifyInstance } from "fastify";
import { without } from "../../lib/json.ts";
import type { ConnectionRecord } from "../state/connection.ts";
import {
  changeDirectory,
  defaultDirectoryMapping,
  newDirectory,
  type DirectoryGroup,
  type DirectoryInput,
  type DirectoryRecord,
} from "../state/connection-provisioning.ts";
import type { TenantContext } from "../tenant-context.ts";
import { listEnvelope, ManagementError, queryValue, type Query } from "./answer.ts";
import { needs } from "./authorize.ts";
import { closed, flag, list, oneOf, orNull, text, whole } from "./body-schema.ts";
import { findConnection } from "./connections.ts";

const directorySchema = orNull(
  closed({
    mapping: list(closed({ auth0: text(), idp: text() }, "auth0", "idp"), { minItems: 1 }),
    synchronize_automatically: flag,
    synchronize_groups: oneOf("all", "off", "selected"),
  }),
);

const groupsSchema = closed(
  {
    groups: list(
      closed(
        {
          id: text({ minLength: 1, maxLength: 32, pattern: "^[A-Za-z0-9]+$" }),
          // These three are not documented, but what real tenants take.
          name: text(),
          email: text({ format: "email", description: "Google Workspace Directory group email" }),
          direct_members_count: whole(0),
        },
        "id",
      ),
    ),
  },
  "groups",
);

interface IdParams {
  id: string;
}

/** /api/v2/connections/{id}/directory-provisioning: settings for Google Workspace. Nothing is synchronized here. */
export function registerConnectionDirectory(app: FastifyInstance, context: TenantContext): void {
  const { connections, directories } = context.state;
  const path = "/connections/:id/directory-provisioning";

  app.get<{ Querystring: Query }>(
    "/connections-directory-provisionings",
    needs("read:directory_provisionings"),
    (request) => {
      const views = [...connections.values()].flatMap((connection) => {
        const directory = directories.get(connection.id);
        return directory ? [view(connection, directory)] : [];
      });
      return listEnvelope("directory_provisionings", views, { take: "50", ...request.query });
    },
  );

  app.get<{ Params: IdParams }>(path, needs("read:directory_provisionings"), (request) => {
    const connection = findConnection(context, request.params.id);
    return view(connection, findDirectory(context, connection.id));
  });

  app.get<{ Params: IdParams }>(
    `${path}/default-mapping`,
    needs("read:directory_provisionings"),
    (request) => {
      checkedConnection(context, request.params.id);
      return { mapping: defaultDirectoryMapping() };
    },
  );

  app.post<{ Params: IdParams; Body: DirectoryInput | null }>(
    path,
    { ...needs("create:directory_provisionings"), schema: { body: directorySchema } },
    (request, reply) => {
      const connection = checkedConnection(context, request.params.id);
      if (directories.has(connection.id)) {
        // 409 is documented, the words were not observed.
        throw new ManagementError(409, "Directory provisioning is already configured.", "conflict");
      }
      const directory = newDirectory(request.body ?? {});
      directories.set(connection.id, directory);
      return reply.code(201).send(view(connection, directory));
    },
  );

  app.patch<{ Params: IdParams; Body: DirectoryInput | null }>(
    path,
    { ...needs("update:directory_provisionings"), schema: { body: directorySchema } },
    (request) => {
      const connection = findConnection(context, request.params.id);
      const directory = findDirectory(context, connection.id);
      changeDirectory(directory, request.body ?? {});
      return view(connection, directory);
    },
  );

  app.delete<{ Params: IdParams }>(path, needs("delete:directory_provisionings"), (request, reply) => {
    const { id } = findConnection(context, request.params.id);
    findDirectory(context, id);
    directories.delete(id);
    return reply.code(204).send();
  });

  registerGroups(app, context);
}

/** PUT replaces the groups; POST, which adds or changes some, and DELETE, which takes some away, were only observed. */
function registerGroups(app: FastifyInstance, context: TenantContext): void {
  const path = "/connections/:id/directory-provisioning/synchronized-groups";
  const changes = { ...needs("update:directory_provisionings"), schema: { body: groupsSchema } };
  interface Change {
    Params: IdParams;
    Body: { groups: DirectoryGroup[] };
  }

  app.get<{ Params: IdParams; Querystring: Query }>(
    path,
    needs("read:directory_provisionings"),
    (request) => {
      const { groups } = findDirectory(context, request.params.id);
      const found = [...groups.values()]
        .filter(matches(queryValue(request.query, "q")))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      return listEnvelope("groups", found, { take: "50", ...request.query });
    },
  );

  app.put<Change>(path, changes, (request, reply) => {
    const directory = findDirectory(context, request.params.id);
    directory.groups = new Map(request.body.groups.map((group) => [group.id, group]));
    return reply.code(204).send();
  });

  app.post<Change>(path, changes, (request, reply) => {
    const { groups } = findDirectory(context, request.params.id);
    for (const group of request.body.groups) groups.set(group.id, group);
    return reply.code(204).send();
  });

  app.delete<Change>(path, changes, (request, reply) => {
    const { groups } = findDirectory(context, request.params.id);
    for (const { id } of request.body.groups) groups.delete(id);
    return reply.code(204).send();
  });
}

/** Observed: `q=name:beginning*`. Whether there is more of a language is not known; nothing else finds a group here. */
function matches(q: string | undefined): (group: DirectoryGroup) => boolean {
  if (q === undefined) return () => true;
  const [, field = "", value = ""] = /^(id|name|email):(.*)$/.exec(q) ?? [];
  return (group) => {
    const found = field === "name" || field === "email" || field === "id" ? group[field] : undefined;
    if (found === undefined) return false;
    return value.endsWith("*") ? found.startsWith(value.slice(0, -1)) : found === value;
  };
}

/** The words of both refusals were not observed; those of SCIM were. */
function checkedConnection(context: TenantContext, id: string): ConnectionRecord {
  const connection = findConnection(context, id);
  if (connection.strategy === "google-apps") return connection;
  throw new ManagementError(404, "This connection type does not support directory provisioning.");
}

function findDirectory(context: TenantContext, connectionId: string): DirectoryRecord {
  findConnection(context, connectionId);
  const directory = context.state.directories.get(connectionId);
  if (!directory) throw new ManagementError(404, "Not Found");
  return directory;
}

function view({ id, name, strategy }: ConnectionRecord, directory: DirectoryRecord): object {
  return { connection_id: id, connection_name: name, strategy, ...without(directory, "groups") };
}
