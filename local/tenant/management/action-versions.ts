import type { FastifyInstance } from "fastify";
import { deployVersion } from "../state/action-changes.ts";
import type { ActionRecord, VersionRecord } from "../state/action-record.ts";
import { deployedVersion } from "../state/action-record.ts";
import type { TenantContext } from "../tenant-context.ts";
import { deployVersionSchema } from "./action-schemas.ts";
import { versionView } from "./action-views.ts";
import { findAction } from "./actions.ts";
import { needs } from "./authorize.ts";
import { ManagementError } from "./management-error.ts";
import type { Query } from "./paging.ts";
import { actionsEnvelope, paged } from "./paging.ts";

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
    { ...needs("update:actions"), schema: { body: deployVersionSchema } },
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
