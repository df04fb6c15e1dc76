/** What one check of `pictures doctor` found. */
export type Finding =
  | { readonly status: "ok"; readonly detail: string }
  /** `remedy` is missing where `detail` says it already. */
  | { readonly status: "problem"; readonly detail: string; readonly remedy?: string }
  /** `detail` says why. */
  | { readonly status: "skipped"; readonly detail: string };

export function ok(detail: string): Finding {
  return { status: "ok", detail };
}

export function problem(detail: string, remedy?: string): Finding {
  return { status: "problem", detail, ...(remedy === undefined ? {} : { remedy }) };
}

export function skipped(detail: string): Finding {
  return { status: "skipped", detail };
}
