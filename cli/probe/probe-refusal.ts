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
  /** What the host answered, where it was not 200. */
  readonly status: number | undefined;

  /** @param why What the host or its answer does, to stand behind its name. */
  constructor(reason: ProbeReason, why: string, options?: ErrorOptions & { readonly status?: number }) {
    super(why, options);
    this.name = "ProbeRefusal";
    this.reason = reason;
    this.status = options?.status;
  }
}
