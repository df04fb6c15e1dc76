import type { ConfigEntry } from "../../../cli/pulumi/stack-config.ts";
import { isSameKey, publicKeyOf } from "../../../cli/rotate/key-pair.ts";
import type { RotationContext } from "../../../cli/rotate/rotation.ts";
import { ExpectedError } from "../../../lib/errors.ts";

/** A kill: what was done before it stays. */
export class Killed extends Error {}

/** A stack whose tenant takes the credentials that were deployed last. */
export interface StackInMemory {
  readonly context: RotationContext;
  readonly text: (key: string) => string | undefined;
  /** Every line that was told, and every config value that went in the clear. */
  readonly shown: string[];
  /** Ends the run right before its n-th change from now on; undefined lets it run. */
  readonly killBefore: (n: number | undefined) => void;
  /** Whether a client with this secret or private key gets a token. */
  readonly works: (clientId: string, clientAuth: { clientSecret?: string; privateKey?: string }) => boolean;
}

export function stackInMemory(
  config: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): StackInMemory {
  const entries = new Map<string, ConfigEntry>(
    Object.entries({ ...required, ...config }).map(([key, text]) => [
      key,
      { text, isSecret: secrets.includes(key) },
    ]),
  );
  const text = (key: string) => entries.get(key)?.text;
  const shown: string[] = [];
  let deployed = new Map<string, string>();
  let left: number | undefined;
  const change = <T>(run: () => T): Promise<T> => {
    if (left !== undefined && (left -= 1) < 0) return Promise.reject(new Killed("killed"));
    return Promise.resolve(run());
  };
  const generations = () => JSON.parse(deployed.get("clientGenerations") ?? "[1]") as number[];
  const isKey = () => deployed.get("clientAuthentication") === "private_key_jwt";
  const works: StackInMemory["works"] = (clientId, { clientSecret, privateKey }) => {
    const exists = generations().some((generation) => clientId === `client-${generation}`);
    if (privateKey === undefined) return exists && !isKey() && clientSecret === `secret-of-${clientId}`;
    const keys = JSON.parse(deployed.get("clientPublicKeys") ?? "[]") as string[];
    return exists && isKey() && keys.some((key) => isSameKey(key, publicKeyOf(privateKey, "test")));
  };
  const deploy = () => {
    deployed = new Map([...entries].map(([key, entry]) => [key, entry.text]));
  };
  deploy();
  const outputOf = (name: string, generation: number | undefined): [string, string][] => {
    if (generation === undefined) return [];
    const id: [string, string] = [`${name}Id`, `client-${generation}`];
    return isKey() ? [id] : [id, [`${name}Secret`, `secret-of-client-${generation}`]];
  };
  const context: RotationContext = {
    stack: "dev",
    config: {
      read: () => Promise.resolve(new Map(entries)),
      set: (key, value) =>
        change(() => {
          shown.push(value);
          entries.set(key, { text: value, isSecret: false });
        }),
      setSecret: (key, value) => change(() => void entries.set(key, { text: value, isSecret: true })),
      remove: (key) => change(() => void entries.delete(key)),
    },
    deploy: () => change(deploy),
    outputs: () => {
      const [current, next] = generations();
      return Promise.resolve(
        Object.fromEntries([
          ...outputOf("managementClient", current),
          ...outputOf("nextManagementClient", next),
        ]),
      );
    },
    prove: (request) =>
      works(request.clientId, request)
        ? Promise.resolve()
        : Promise.reject(new ExpectedError("client-refused", "refused")),
    progress: (line) => shown.push(line),
  };
  return { context, text, shown, works, killBefore: (n) => (left = n) };
}

const required = {
  auth0Domain: "acme-dev.eu.auth0.com",
  awsAccountId: "123456789012",
  awsRegion: "eu-central-1",
  imageBucket: "acme-dev-user-pictures",
};
