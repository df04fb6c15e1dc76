import type { Fact } from "../fact.ts";
import { actionBuild } from "./actions/action-build.ts";
import { actionCreate } from "./actions/action-create.ts";
import { actionDeploy } from "./actions/action-deploy.ts";
import { actionNameFilter } from "./actions/action-name-filter.ts";
import { actionNoOpPatch } from "./actions/action-no-op-patch.ts";
import { actionSecrets } from "./actions/action-secrets.ts";

/** In the order in which they are asked: what changes something that others look at comes after them. */
export const allFacts: readonly Fact[] = [
  actionCreate,
  actionSecrets,
  actionNameFilter,
  actionBuild,
  actionDeploy,
  actionNoOpPatch,
];
