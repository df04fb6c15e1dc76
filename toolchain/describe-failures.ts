import type { Artifact } from "./artifact.ts";
import { versions } from "./pins.ts";

/** An artifact that could not be had, and why each way failed. */
export interface FailedArtifact {
  readonly artifact: Artifact;
  readonly failures: readonly string[];
}

/** The one message for people: what is missing, why, and what to do about it. */
export function describeFailures(failed: readonly FailedArtifact[]): string {
  const hosts = new Set(failed.flatMap(({ artifact }) => downloadHost(artifact) ?? []));
  const unpinned = failed.some(({ artifact }) => artifact.download === undefined);
  return [
    "The toolchain is incomplete. Missing:",
    ...failed.flatMap(({ artifact, failures }) => [
      `  ${artifact.title}`,
      ...failures.map((failure) => `      ${failure}`),
    ]),
    "What to do, the first being enough by itself; then run the command again:",
    `  - install Go ${versions.go} or newer (https://go.dev/dl/) and see that its module proxy can be reached: ` +
      "everything missing is built from source then;",
    ...(hosts.size > 0 ? [`  - let this machine reach ${[...hosts].join(" and ")} for the download;`] : []),
    ...(unpinned
      ? ["  - pin the checksums of the official archives in toolchain/pins.ts: they are downloaded then."]
      : []),
  ].join("\n");
}

function downloadHost({ download }: Artifact): string | undefined {
  return download === undefined ? undefined : new URL(download.url).host;
}
