import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../../infra/caller-folder.ts";
import { ExpectedError } from "../../infra/expected-error.ts";
import { given, type Environment } from "../environment.ts";
import { incompleteCredentials } from "./incomplete-credentials.ts";
import type { ManagementCredentials } from "./management-credentials.ts";

/**
 * The credentials of people without Pulumi: `PICTURES_DOMAIN`, `PICTURES_CLIENT_ID`, and `PICTURES_CLIENT_SECRET` or
 * `PICTURES_PRIVATE_KEY_FILE`, the name of a PEM file.
 *
 * @param stackDomain The stack's tenant, which stands in for a missing `PICTURES_DOMAIN`.
 * @returns undefined where there is no `PICTURES_CLIENT_ID`.
 * @throws ExpectedError `credentials-incomplete` or `private-key-unreadable`.
 */
export function picturesVariables(
  env: Environment,
  stackDomain: string | undefined,
): ManagementCredentials | undefined {
  const clientId = given(env, "PICTURES_CLIENT_ID");
  if (clientId === undefined) return undefined;
  const clientSecret = given(env, "PICTURES_CLIENT_SECRET");
  const keyFile = given(env, "PICTURES_PRIVATE_KEY_FILE");
  const domain = given(env, "PICTURES_DOMAIN") ?? stackDomain;
  const missing = [
    ...(domain === undefined ? ["PICTURES_DOMAIN"] : []),
    ...(clientSecret === undefined && keyFile === undefined
      ? ["PICTURES_CLIENT_SECRET (or PICTURES_PRIVATE_KEY_FILE)"]
      : []),
  ];
  if (domain === undefined || missing.length > 0) throw incompleteCredentials("PICTURES_CLIENT_ID", missing);
  const proof =
    clientSecret === undefined
      ? { clientId, privateKey: readKey(keyFile ?? "") }
      : { clientId, clientSecret };
  return { domain, source: "PICTURES_*", proof };
}

function readKey(file: string): string {
  try {
    return readFileSync(resolve(callerFolder(), file), "utf8");
  } catch (cause) {
    const message = `PICTURES_PRIVATE_KEY_FILE (${file}) cannot be read. Name the PEM file of the client's private key.`;
    throw new ExpectedError("private-key-unreadable", message, { cause });
  }
}
