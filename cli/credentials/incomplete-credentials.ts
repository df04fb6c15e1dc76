import { ExpectedError } from "../../infra/expected-error.ts";

/** Some variables of a set are there and these are not. Others are not taken instead: the person meant these. */
export function incompleteCredentials(present: string, missing: readonly string[]): ExpectedError {
  const names = new Intl.ListFormat("en").format(missing);
  const are = missing.length === 1 ? "is" : "are";
  return new ExpectedError(
    "credentials-incomplete",
    `${present} is set, but ${names} ${are} not. Set ${missing.length === 1 ? "it" : "them"} too, or unset ${present}.`,
  );
}
