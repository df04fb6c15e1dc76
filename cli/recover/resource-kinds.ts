import {
  actionKind,
  clientCredentialsKind,
  clientGrantKind,
  clientKind,
  sharedFlowKind,
  triggerActionsKind,
} from "./auth0-kinds.ts";
import { bucketKind, bucketSettingKinds } from "./bucket-kinds.ts";
import type { ResourceKind } from "./resource-kind.ts";

/**
 * Every resource type that a recovery looks for. One that is not here is left to `pulumi up`, which creates it: right
 * for whatever is written whole each time. It makes a ConnectionSync again too, whose former value nobody can tell any
 * more: its create warns of that.
 */
export const resourceKinds: readonly ResourceKind[] = [
  actionKind,
  clientKind,
  clientGrantKind,
  clientCredentialsKind,
  triggerActionsKind,
  sharedFlowKind,
  bucketKind,
  ...bucketSettingKinds,
];
