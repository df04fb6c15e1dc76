import type { FastifyInstance } from "fastify";
import {
  inMilliseconds,
  type ClientCredentialRecord,
  type CredentialInput,
} from "../state/client-credential.ts";
import { millisecondTimestamp } from "../state/ids-and-timestamps.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError } from "./answer.ts";
import { needs } from "./authorize.ts";
import { addCredential, credentialsOf } from "./clients.ts";
import { createCredentialSchema, updateCredentialSchema } from "./credential-schema.ts";

interface CredentialParams {
  id: string;
  credentialId: string;
}

const credentialsPath = "/clients/:id/credentials";

/** The public keys and certificates of an application. */
export function registerClientCredentials(app: FastifyInstance, context: TenantContext): void {
  app.get<{ Params: { id: string } }>(credentialsPath, needs("read:client_credentials"), (request) =>
    // A bare array, whatever the query says.
    [...credentialsOf(context, request.params.id).values()].map(view),
  );

  app.post<{ Params: { id: string }; Body: CredentialInput }>(
    credentialsPath,
    { ...needs("create:client_credentials"), schema: { body: createCredentialSchema } },
    async (request, reply) => {
      const credential = await addCredential(context, request.params.id, request.body);
      return reply.code(201).send(view(credential));
    },
  );

  app.get<{ Params: CredentialParams }>(
    `${credentialsPath}/:credentialId`,
    needs("read:client_credentials"),
    (request) => view(findCredential(context, request.params)),
  );

  app.patch<{ Params: CredentialParams; Body: { expires_at: string | null } }>(
    `${credentialsPath}/:credentialId`,
    { ...needs("update:client_credentials"), schema: { body: updateCredentialSchema } },
    (request) => {
      const credential = findCredential(context, request.params);
      const { expires_at } = request.body;
      if (expires_at === null) delete credential.expires_at;
      else credential.expires_at = inMilliseconds(expires_at);
      credential.updated_at = millisecondTimestamp();
      return view(credential);
    },
  );

  app.delete<{ Params: CredentialParams }>(
    `${credentialsPath}/:credentialId`,
    needs("delete:client_credentials"),
    (request, reply) => {
      const { id, credentialId } = request.params;
      credentialsOf(context, id).delete(credentialId);
      return reply.code(204).send();
    },
  );
}

function findCredential(context: TenantContext, params: CredentialParams): ClientCredentialRecord {
  const credential = credentialsOf(context, params.id).get(params.credentialId);
  if (!credential) throw new ManagementError(404, "The credential does not exist", "inexistent_credential");
  return credential;
}

function view({ publicKeyPem: _, ...credential }: ClientCredentialRecord): object {
  return credential;
}
