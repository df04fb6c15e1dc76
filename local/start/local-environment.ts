import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { LocalFolder } from "./local-folder.ts";
import type { RunFile } from "./run-file.ts";

/** The user's own of these would reach a real tenant, account or backend, or change what Pulumi does. */
const foreign = /^(AUTH0|AWS|PULUMI|PICTURES)_|^(https?|all)_proxy$/i;

/**
 * The environment for `pulumi` and everything else that works on a running local world: its credentials and its
 * certificate authority, with nothing of the user's own Auth0, AWS and Pulumi settings in it.
 */
export function localEnvironment(
  base: NodeJS.ProcessEnv,
  folder: LocalFolder,
  { tenant, s3 }: Pick<RunFile, "tenant" | "s3">,
): NodeJS.ProcessEnv {
  const kept = Object.entries(base).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    PATH: [folder.bin, join(folder.pulumiHome, "bin"), base["PATH"] ?? ""].join(delimiter),
    PULUMI_HOME: folder.pulumiHome,
    PULUMI_BACKEND_URL: `file://${folder.pulumiState}`,
    PULUMI_CONFIG_PASSPHRASE: readFileSync(folder.passphrase, "utf8"),
    PULUMI_STACK: "local",
    // The `pictures` command reads the stack's file there.
    PICTURES_STACK_FOLDER: folder.root,
    // The journal of `pictures` is of a tenant that is gone after the run.
    XDG_STATE_HOME: folder.commandState,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    AUTH0_DOMAIN: tenant.domain,
    AUTH0_CLIENT_ID: tenant.clientId,
    AUTH0_CLIENT_SECRET: tenant.clientSecret,
    AWS_ENDPOINT_URL_S3: s3.endpoint,
    AWS_REGION: s3.region,
    AWS_ACCESS_KEY_ID: s3.accessKeyId,
    AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    // Programs in Go, in Node and the AWS tools each have a variable of their own for this.
    SSL_CERT_FILE: tenant.caFile,
    NODE_EXTRA_CA_CERTS: tenant.caFile,
    AWS_CA_BUNDLE: tenant.caFile,
  };
}
