/** Why an upload did not become a picture; `code` is for programs, the message for people. */
export type UploadErrorCode =
  | "usage"
  | "type-refused"
  | "size-refused"
  | "key-refused"
  | "upload-missing"
  | "not-a-picture"
  | "upload-refused"
  | "auth0-refused";

export class UploadError extends Error {
  readonly code: UploadErrorCode;

  constructor(code: UploadErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UploadError";
    this.code = code;
  }
}
