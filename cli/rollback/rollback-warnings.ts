import { keptVersions } from "../actions-api/actions-api.ts";
import type { ActionNow, ActionVersion } from "../actions-api/action-version.ts";

/** A target that fewer deployments than this will push out is worth a word. */
const fewLeft = 10;

/**
 * What somebody should know before a version is deployed again, in sentences.
 *
 * @param versions Newest first.
 */
export function rollbackWarnings(
  { name, deployed, draft, allChangesDeployed }: ActionNow,
  versions: readonly ActionVersion[],
  target: ActionVersion,
): string[] {
  return [
    ...limitWarning(versions, target),
    ...secretWarning(name, deployed, target),
    ...(allChangesDeployed || draft.codeHash === deployed?.codeHash
      ? []
      : [
          `${name} has a draft that was never deployed (code ${draft.codeHash.slice(0, 12)}): it will be overwritten.`,
        ]),
  ];
}

/** The rollback itself makes one more version. */
function limitWarning(versions: readonly ActionVersion[], target: ActionVersion): string[] {
  const newer = versions.filter(({ number }) => number > target.number).length;
  const left = keptVersions - newer - 1;
  if (left > fewLeft) return [];
  const when = left <= 1 ? "with this very deployment" : `after ${left - 1} more deployments`;
  return [
    `Auth0 keeps ${keptVersions} versions of an Action: it deletes version ${target.number} ${when}. ` +
      "Its code stays in the pin and in the new version that the rollback makes.",
  ];
}

function secretWarning(name: string, deployed: ActionVersion | undefined, target: ActionVersion): string[] {
  if (target.secrets.length === 0) return [];
  const changed = target.secrets.filter(
    (secret) =>
      !deployed?.secrets.some((now) => now.name === secret.name && now.updatedAt === secret.updatedAt),
  );
  const names = target.secrets.map((secret) => secret.name).join(", ");
  if (changed.length === 0) return [`${name} has secrets (${names}); this version has the same values.`];
  return [
    `The values that ${name}'s secrets had then come back with version ${target.number}: ` +
      `${changed.map((secret) => secret.name).join(", ")}. Set them again if they were replaced since.`,
  ];
}
