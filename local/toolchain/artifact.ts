import type { Environment } from "../../lib/environment.ts";
import { ExpectedError } from "../../lib/errors.ts";

/** Receives one line for people at a time, without its line end. */
export type Progress = (line: string) => void;

/** What an artifact's own build gets. */
export interface BuildContext {
  /** An empty folder; the build puts the artifact's files there, under their paths in the toolchain. */
  readonly folder: string;
  readonly env: Environment;
  readonly progress: Progress;
}

/** An official archive (.tar.gz). */
export interface Download {
  readonly url: string;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Path in the archive by path in the toolchain. */
  readonly entries: Readonly<Record<string, string>>;
}

/** A program of others that downloads and unpacks an artifact. */
export interface Installer {
  /** Its command, for people. */
  readonly command: string;
  /** Where it asks. */
  readonly hosts: readonly string[];
  /** Throws a ToolchainError that says why it does not work here. */
  readonly install: (context: BuildContext) => Promise<void>;
}

/** Executable files that are installed together, and the ways to get them, of which the first that works is taken. */
export interface Artifact {
  /** Names the stamp file: kebab-case, unique in a toolchain. */
  readonly id: string;
  /** For people: name and version. */
  readonly title: string;
  /** Relative to the toolchain's home; of a download, the files are those of its entries. */
  readonly files: readonly string[];
  /** Missing where no checksum is pinned: then we never download it. */
  readonly download?: Download;
  /** Used in place of the download where that is missing. */
  readonly installer?: Installer;
  /** Throws a ToolchainError that says why it cannot be built here. */
  readonly build: (context: BuildContext) => Promise<void>;
}

/** How an artifact came into the toolchain. */
export type Origin = "downloaded" | "installed" | "built";

/**
 * Stable codes of what can be expected to go wrong:
 * - `TOOLCHAIN_INCOMPLETE`: some artifact could be neither downloaded nor built; the message lists all of them;
 * - `TOOLCHAIN_PLATFORM`: there is no toolchain for this operating system and processor;
 * - `TOOLCHAIN_MIRROR`: the mirror that the environment names cannot be one;
 * - `DOWNLOAD_FAILED`, `CHECKSUM_MISMATCH`, `GO_MISSING`, `GO_TOO_OLD`, `BUILD_FAILED`: why one way did not work.
 */
type ToolchainErrorCode =
  | "TOOLCHAIN_INCOMPLETE"
  | "TOOLCHAIN_PLATFORM"
  | "TOOLCHAIN_MIRROR"
  | "DOWNLOAD_FAILED"
  | "CHECKSUM_MISMATCH"
  | "GO_MISSING"
  | "GO_TOO_OLD"
  | "BUILD_FAILED";

/** Why the toolchain, or one way to get an artifact, cannot be had. */
export class ToolchainError extends ExpectedError {
  declare readonly code: ToolchainErrorCode;

  constructor(code: ToolchainErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
    this.name = "ToolchainError";
  }
}
