import type { ManagementTokenRequest } from "../../auth0/management-token.ts";
import { ExpectedError } from "../../lib/errors.ts";
import { ConfigError } from "../../stack/config-error.ts";
import { checkKeys, configNamespace } from "../../stack/read-config.ts";
import type { StackConfig } from "../pulumi/stack-config.ts";

/** What a rotation works on: the stack's configuration and deployment, and the tenant. */
export interface RotationContext {
  readonly stack: string;
  readonly config: StackConfig;
  /** Makes the tenant's clients what the configuration says. */
  readonly deploy: () => Promise<void>;
  /** The stack's outputs, decrypted: never to be shown. */
  readonly outputs: () => Promise<Readonly<Record<string, unknown>>>;
  /** Rejects where the client does not work. */
  readonly prove: (request: ManagementTokenRequest) => Promise<void>;
  /** Told each step, for people. */
  readonly progress: (line: string) => void;
}

/** Where a rotation is when the command ends. */
export interface RotationReport {
  readonly kind: "secret" | "key";
  /** `begun`: old and new work; consumers have to move. `finished`: only the new works. */
  readonly phase: "begun" | "finished";
  /** The client that the new credential is for. */
  readonly clientId: string;
}

/** What a stack's configuration says of its Management API client. Never shown: it holds private keys. */
export interface ClientConfig {
  readonly auth0Domain: string;
  readonly authentication: "client_secret_post" | "private_key_jwt";
  readonly generations: readonly number[];
  readonly publicKeys: readonly string[];
  /** PEM. */
  readonly privateKey: string | undefined;
  /** PEM; there from the beginning of a rotation to its end. */
  readonly nextPrivateKey: string | undefined;
}

/**
 * Reads it through Pulumi, decrypted.
 *
 * @throws ConfigError naming every key that is wrong; ExpectedError `client-key-readable` for a private key that is
 *   not encrypted, or what `StackConfig.read` throws.
 */
export async function readClientConfig(stack: string, config: StackConfig): Promise<ClientConfig> {
  const entries = await config.read();
  const privateKeyIn = (key: "clientPrivateKey" | "clientNextPrivateKey"): string | undefined => {
    const entry = entries.get(key);
    if (entry?.isSecret === false) throw readable(stack, key);
    return entry?.text;
  };
  const keys = {
    privateKey: privateKeyIn("clientPrivateKey"),
    nextPrivateKey: privateKeyIn("clientNextPrivateKey"),
  };
  const full = (key: string) => `${configNamespace}:${key}`;
  const all = [...entries].map(([key, { text }]) => [full(key), text] as const);
  const encrypted = [...entries].filter(([, { isSecret }]) => isSecret).map(([key]) => full(key));
  const { values, problems } = checkKeys(stack, Object.fromEntries(all), new Set(encrypted));
  if (problems.length > 0) throw new ConfigError(`The configuration of stack ${stack}`, problems);
  return {
    auth0Domain: values.auth0Domain ?? "",
    authentication: values.clientAuthentication ?? "client_secret_post",
    generations: values.clientGenerations ?? [1],
    publicKeys: values.clientPublicKeys ?? [],
    ...keys,
  };
}

function readable(stack: string, key: string): ExpectedError {
  return new ExpectedError(
    "client-key-readable",
    `Config key ${key} of stack ${stack} is not encrypted: everyone who can read the file has the key. Treat it as leaked: ` +
      `remove it (pulumi config rm ${key} --stack ${stack}) and its public key, then create a new pair.`,
  );
}
