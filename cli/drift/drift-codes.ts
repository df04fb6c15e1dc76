/** What kinds of drift there are. The names are stable, for programs; docs/operations.md says what each means. */
export const driftCodes = [
  "action-missing",
  "action-not-deployed",
  "action-version-differs",
  "action-runtime",
  "action-dependencies",
  "action-secrets",
  "action-draft-differs",
  "action-draft-undeployed",
  "flow-order",
  "grant-missing",
  "grant-scopes",
  "grant-unexpected",
  "image-status",
  "image-type",
  "image-content",
  "image-cache",
  "resource-missing",
  "resource-changed",
  "program-ahead",
] as const;

export type DriftCode = (typeof driftCodes)[number];
