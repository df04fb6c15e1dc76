import { createPublicKey, X509Certificate, type KeyObject } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { calculateJwkThumbprint } from "jose";
import type { ClientCredentialRecord } from "../state/client.ts";
import { millisecondTimestamp, randomAlphanumeric } from "../state/ids-and-timestamps.ts";
import type { TenantContext } from "../tenant-context.ts";
import { ManagementError } from "./answer.ts";
import { needs } from "./authorize.ts";
import { createCredentialSchema, findClient, updateCredentialSchema } from "./clients.ts";

interface CredentialInput {
  name?: string;
  credential_type: string;
  pem?: string;
  alg?: string;
  parse_expiry_from_cert?: boolean;
  expires_at?: string;
}

interface CredentialParams {
  id: string;
  credentialId: string;
}

const credentialsPath = "/clients/:id/credentials";

/** The public keys of an application. */
export function registerClientCredentials(app: FastifyInstance, context: TenantContext): void {
  app.get<{ Params: { id: string } }>(credentialsPath, needs("read:client_credentials"), (request) =>
    // A bare array, whatever the query says.
    [...credentialsOf(context, request.params.id).values()].map(view),
  );

  app.post<{ Params: { id: string }; Body: CredentialInput }>(
    credentialsPath,
    { ...needs("create:client_credentials"), schema: { body: createCredentialSchema } },
    async (request, reply) => {
      const credential = await newCredential(request.body);
      credentialsOf(context, request.params.id).set(credential.id, credential);
      return reply.code(201).send(view(credential));
    },
  );

  app.get<{ Params: CredentialParams }>(
    `${credentialsPath}/:credentialId`,
    needs("read:client_credentials"),
    (request) => view(findCredential(context, request.params)),
  );

  app.patch<{ Params: CredentialParams; Body: { expires_at?: string | null } }>(
    `${credentialsPath}/:credentialId`,
    { ...needs("update:client_credentials"), schema: { body: updateCredentialSchema } },
    (request) => {
      const credential = findCredential(context, request.params);
      const { expires_at } = request.body;
      if (expires_at === null) delete credential.expires_at;
      else if (expires_at !== undefined) credential.expires_at = expires_at;
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

function credentialsOf(context: TenantContext, clientId: string): Map<string, ClientCredentialRecord> {
  findClient(context, clientId);
  const known = context.state.clientCredentials.get(clientId);
  if (known) return known;
  const credentials = new Map<string, ClientCredentialRecord>();
  context.state.clientCredentials.set(clientId, credentials);
  return credentials;
}

function findCredential(context: TenantContext, params: CredentialParams): ClientCredentialRecord {
  const credential = credentialsOf(context, params.id).get(params.credentialId);
  if (!credential) throw new ManagementError(404, "The credential does not exist", "inexistent_credential");
  return credential;
}

async function newCredential(input: CredentialInput): Promise<ClientCredentialRecord> {
  const pem = input.pem ?? "";
  const { key, notAfter } = publicKeyOf(pem);
  const expiresAt = input.parse_expiry_from_cert === true ? notAfter : input.expires_at;
  const now = millisecondTimestamp();
  return {
    id: `cred_${randomAlphanumeric(22)}`,
    name: input.name ?? "",
    credential_type: input.credential_type,
    // RFC 7638: the Terraform provider computes it too, and takes another one for a key that was exchanged.
    kid: await calculateJwkThumbprint(key),
    alg: input.alg ?? "RS256",
    created_at: now,
    updated_at: now,
    ...(expiresAt === undefined ? {} : { expires_at: expiresAt }),
    publicKeyPem: key.export({ type: "spki", format: "pem" }).toString(),
  };
}

function publicKeyOf(pem: string): { key: KeyObject; notAfter?: string } {
  try {
    if (!pem.includes("BEGIN CERTIFICATE")) return { key: createPublicKey(pem) };
    const certificate = new X509Certificate(pem);
    return { key: certificate.publicKey, notAfter: new Date(certificate.validTo).toISOString() };
  } catch {
    throw new ManagementError(
      400,
      "Payload validation error: 'Invalid PEM' on property pem.",
      "invalid_body",
    );
  }
}

function view({ publicKeyPem: _, ...credential }: ClientCredentialRecord): object {
  return credential;
}
