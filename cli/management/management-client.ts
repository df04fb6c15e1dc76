import { createRequire } from "node:module";
import { join } from "node:path";
import type { ManagementClient } from "auth0";
import { projectRoot } from "../../infra/project-root.ts";
import type * as Auth0Sdk from "./auth0-sdk.ts";
import type { ManagementAccess } from "./request-access.ts";

/** Seconds until a request is given up. */
const timeoutInSeconds = 30;

/** After a 429 the SDK waits until the time that Auth0's headers name, at most a minute each time. */
const maxRetries = 4;

/** Auth0's own SDK with a token that is there already. It is loaded here, since most commands do without it. */
export function managementClient({ domain, accessToken }: ManagementAccess): Promise<ManagementClient> {
  const bundle = join(projectRoot, "loader/auth0-sdk.js");
  const sdk = createRequire(bundle)(bundle) as typeof Auth0Sdk;
  return Promise.resolve(
    new sdk.ManagementClient({
      domain,
      token: accessToken,
      telemetry: false,
      timeoutInSeconds,
      maxRetries,
    }),
  );
}
