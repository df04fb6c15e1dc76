import { posix } from "node:path";
import { envVar, type Environment } from "../../lib/environment.ts";
import { ToolchainError } from "./artifact.ts";

/** Names an https:// address that serves the archives under their publishers' file names: docs/toolchain.md. */
export const mirrorVariable = "PICTURES_MIRROR";

/**
 * The mirror that the environment names, without a slash at its end.
 *
 * @throws ToolchainError `TOOLCHAIN_MIRROR` where it cannot be used.
 */
export function mirrorOf(env: Environment): string | undefined {
  const named = envVar(env, mirrorVariable);
  if (named === undefined) return undefined;
  const url = URL.canParse(named) ? new URL(named) : undefined;
  // Not http: the Auth0 provider has no pinned checksum, so that only TLS says whose archive it is.
  if (url?.protocol === "https:" && [url.username, url.search, url.hash].every((part) => part === "")) {
    return url.href.replace(/\/+$/, "");
  }
  throw new ToolchainError(
    "TOOLCHAIN_MIRROR",
    `${mirrorVariable} must be an https:// address without user name and query, such as https://mirror.example/pulumi. ` +
      "Correct it, or unset it to download from the publishers.",
  );
}

/** Where an archive is fetched from: its publisher, or the mirror, which has it under the same file name. */
export function archiveUrl(published: string, env: Environment): string {
  const mirror = mirrorOf(env);
  return mirror === undefined ? published : `${mirror}/${posix.basename(new URL(published).pathname)}`;
}
