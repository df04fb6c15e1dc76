/**
 * Stable codes of what can be expected to go wrong:
 * - `TOOLCHAIN_INCOMPLETE`: some artifact could be neither downloaded nor built; the message lists all of them;
 * - `TOOLCHAIN_PLATFORM`: there is no toolchain for this operating system and processor;
 * - `DOWNLOAD_FAILED`, `CHECKSUM_MISMATCH`, `GO_MISSING`, `GO_TOO_OLD`, `BUILD_FAILED`: why one way did not work.
 */
export type ToolchainErrorCode =
  | "TOOLCHAIN_INCOMPLETE"
  | "TOOLCHAIN_PLATFORM"
  | "DOWNLOAD_FAILED"
  | "CHECKSUM_MISMATCH"
  | "GO_MISSING"
  | "GO_TOO_OLD"
  | "BUILD_FAILED";

/** An expected failure; the message is for people, `code` for programs. */
export class ToolchainError extends Error {
  override readonly name = "ToolchainError";
  readonly code: ToolchainErrorCode;

  constructor(code: ToolchainErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
