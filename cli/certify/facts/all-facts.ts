import type { Fact } from "../fact.ts";
import { actionBuild } from "./actions/action-build.ts";
import { actionCreate } from "./actions/action-create.ts";
import { actionDeploy } from "./actions/action-deploy.ts";
import { actionEdit } from "./actions/action-edit.ts";
import { actionNameFilter } from "./actions/action-name-filter.ts";
import { actionNoOpPatch } from "./actions/action-no-op-patch.ts";
import { actionRollback } from "./actions/action-rollback.ts";
import { actionSecrets } from "./actions/action-secrets.ts";
import { actionTestAnswer } from "./actions/action-test-answer.ts";
import { actionTestBare } from "./actions/action-test-bare.ts";
import { actionTestWrapped } from "./actions/action-test-wrapped.ts";
import { actionVersions } from "./actions/action-versions.ts";
import { optionsMerged } from "./connections/options-merged.ts";
import { optionsRead } from "./connections/options-read.ts";
import { optionsReplaced } from "./connections/options-replaced.ts";
import { exportedUsers } from "./jobs/export-file.ts";
import { exportJob } from "./jobs/export-job.ts";
import { importJob } from "./jobs/import-job.ts";
import { importLeavesObjects } from "./jobs/import-leaves-objects.ts";
import { importLeavesUsers } from "./jobs/import-leaves-users.ts";
import { importPicture } from "./jobs/import-picture.ts";
import { importRefusals } from "./jobs/import-refusals.ts";
import { importReplaces } from "./jobs/import-replaces.ts";
import { importUnverifies } from "./jobs/import-unverifies.ts";
import { binding } from "./logins/binding.ts";
import { boundDelete } from "./logins/bound-delete.ts";
import { linkRoot } from "./logins/link-root.ts";
import { linkSearch } from "./logins/link-search.ts";
import { linkSecondary } from "./logins/link-secondary.ts";
import { link } from "./logins/link.ts";
import { linkedLogin } from "./logins/linked-login.ts";
import { loginEvent } from "./logins/login-event.ts";
import { loginPicture } from "./logins/login-picture.ts";
import { refreshPicture } from "./logins/refresh-picture.ts";
import { unbinding } from "./logins/unbinding.ts";
import { unlink } from "./logins/unlink.ts";
import { userinfoPicture } from "./logins/userinfo-picture.ts";
import { grantedScopes } from "./scopes/granted-scopes.ts";
import { rateLimitHeaders } from "./scopes/rate-limit-headers.ts";
import { scopeOfAppMetadata } from "./scopes/scope-of-app-metadata.ts";
import { scopeOfDeployment } from "./scopes/scope-of-deployment.ts";
import { scopeOfOptionsRead } from "./scopes/scope-of-options-read.ts";
import { scopeOfOptionsWrite } from "./scopes/scope-of-options-write.ts";
import { scopeRefused } from "./scopes/scope-refused.ts";
import { databaseCreate } from "./users/database-create.ts";
import { defaultPicture } from "./users/default-picture.ts";
import { metadataEmpty } from "./users/metadata-empty.ts";
import { metadataMerge } from "./users/metadata-merge.ts";
import { rootPictureRefused } from "./users/root-picture-refused.ts";
import { rootPictureRemoved } from "./users/root-picture-removed.ts";
import { rootPictureSet } from "./users/root-picture-set.ts";
import { userCreate } from "./users/user-create.ts";
import { userMissing } from "./users/user-missing.ts";

/** In the order in which they are asked: what changes something that others look at comes after them. */
export const allFacts: readonly Fact[] = [
  actionCreate,
  actionSecrets,
  actionNameFilter,
  actionBuild,
  actionTestWrapped,
  actionTestAnswer,
  actionTestBare,
  actionDeploy,
  actionNoOpPatch,
  actionEdit,
  actionVersions,
  actionRollback,
  databaseCreate,
  userCreate,
  defaultPicture,
  userMissing,
  metadataMerge,
  metadataEmpty,
  rootPictureSet,
  rootPictureRefused,
  rootPictureRemoved,
  importJob,
  importReplaces,
  importLeavesObjects,
  importLeavesUsers,
  importUnverifies,
  importPicture,
  importRefusals,
  exportJob,
  exportedUsers,
  optionsRead,
  optionsMerged,
  optionsReplaced,
  grantedScopes,
  scopeRefused,
  scopeOfDeployment,
  scopeOfOptionsRead,
  scopeOfOptionsWrite,
  scopeOfAppMetadata,
  link,
  linkRoot,
  linkSecondary,
  linkSearch,
  binding,
  loginPicture,
  loginEvent,
  userinfoPicture,
  refreshPicture,
  linkedLogin,
  boundDelete,
  unbinding,
  unlink,
  rateLimitHeaders,
];
