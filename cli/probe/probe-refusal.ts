/** What can be wrong with a picture's URL once somebody looks behind it; `picture-url-<reason>` is the error's code. */
export type ProbeReason =
  | "not-https"
  | "not-public"
  | "too-many-redirects"
  | "too-slow"
  | "too-large"
  | "not-an-image"
  | "unreachable";

/** Stops a probe from the inside; probePictureUrl makes it an ExpectedError that names the URL and the remedy. */
export class ProbeRefusal extends Error {
  readonly reason: ProbeReason;

  /** @param why What the host or its answer does, to stand behind its name. */
  constructor(reason: ProbeReason, why: string, options?: ErrorOptions) {
    super(why, options);
    this.name = "ProbeRefusal";
    this.reason = reason;
  }
}
