import type { KnownSecret } from "./secrets-in-code.ts";

/** Variables of a deployment that hold secrets. */
const secretVariables = [
  "AUTH0_CLIENT_SECRET",
  "AUTH0_API_TOKEN",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "PULUMI_ACCESS_TOKEN",
  "PULUMI_CONFIG_PASSPHRASE",
] as const;

/**
 * Every secret that a program run can see: the variables of its environment, and each encrypted value of the stack's
 * configuration, whosever key it is.
 *
 * @param config Every key of the stack with its namespace, values as text.
 */
export function knownSecrets(
  env: Readonly<Record<string, string | undefined>>,
  config: Readonly<Record<string, string>>,
  encrypted: ReadonlySet<string>,
): KnownSecret[] {
  const variables = secretVariables.map((label) => ({ label, value: env[label]?.trim() ?? "" }));
  const values = [...encrypted].map((key) => ({
    label: `the encrypted config key ${key}`,
    value: config[key]?.trim() ?? "",
  }));
  return [...variables, ...values].filter(({ value }) => value !== "");
}
