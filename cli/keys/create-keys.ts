import { ExpectedError } from "../../infra/expected-error.ts";
import type { StackConfig } from "../pulumi/stack-config.ts";
import { readClientConfig } from "../rotate/client-config.ts";
import { newPrivateKey, publicKeyOf } from "../rotate/key-pair.ts";

export interface CreatedKeys {
  /** PEM. */
  readonly publicKey: string;
  /** Whether the client uses keys already; else that is to be configured. */
  readonly isInUse: boolean;
}

/**
 * Makes the first pair of keys of a stack's client: the public half into its configuration, the private half there too,
 * encrypted. Again after a kill, it takes the private half that is there.
 *
 * @throws ExpectedError `client-keys-exist`, or what is wrong with the configuration.
 */
export async function createKeys(stack: string, config: StackConfig): Promise<CreatedKeys> {
  const client = await readClientConfig(stack, config);
  if (client.publicKeys.length > 0) {
    throw new ExpectedError(
      "client-keys-exist",
      `Stack ${stack} has keys already (clientPublicKeys). To replace them without a gap, run pictures rotate --stack ${stack}.`,
    );
  }
  const privateKey = client.privateKey ?? newPrivateKey();
  if (client.privateKey === undefined) await config.setSecret("clientPrivateKey", privateKey);
  const publicKey = publicKeyOf(privateKey, "clientPrivateKey");
  await config.set("clientPublicKeys", JSON.stringify([publicKey]));
  return { publicKey, isInUse: client.authentication === "private_key_jwt" };
}
