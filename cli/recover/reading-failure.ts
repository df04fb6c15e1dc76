import { ExpectedError } from "../../infra/expected-error.ts";
import { managementFailure } from "../management/management-failure.ts";
import { storeError } from "../storage/store-error.ts";
import { textIn, type JsonRecord } from "../json-record.ts";
import type { ResourceKind } from "./resource-kind.ts";
import type { Services } from "./services.ts";

/** What was being looked for. */
export interface Reading {
  readonly kind: ResourceKind;
  readonly inputs: JsonRecord;
  readonly services: Services;
}

/**
 * What a refusal or a lost answer means for people, as an ExpectedError of {@link managementFailure} or
 * {@link storeError}; any other error comes back as it is.
 */
export function readingFailure(error: unknown, { kind, inputs, services }: Reading): unknown {
  if (error instanceof ExpectedError) return error;
  const what = kind.type.split(":").at(-1) ?? kind.type;
  if (kind.type.startsWith("aws:")) {
    const bucket = textIn(inputs, "bucket");
    const task = `read the ${what} of bucket ${bucket}`;
    const { permissions } = kind;
    return storeError(error, { bucket, region: services.awsRegion }, { task, permissions });
  }
  const failure = managementFailure(error, services.auth0Domain, `reading what could be its ${what}`);
  if (!(failure instanceof ExpectedError)) return failure;
  const { code, message } = failure;
  return new ExpectedError(code, `${message} ${remedy(code, kind)}`, { cause: error });
}

function remedy(code: string, { permissions }: ResourceKind): string {
  const unchanged = "Nothing was imported or removed.";
  if (code !== "auth0-forbidden") return `${unchanged} Run this again.`;
  return `${unchanged} Let the client that deploys have ${permissions.join(" and ")}, then run this again.`;
}
