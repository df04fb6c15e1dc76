import { closed, flag, list, notEmpty, oneOf, orNull, text, type BodySchema } from "./body-schema.ts";

const name = text({ maxLength: 128 });

const publicKeyFields = {
  pem: text(),
  alg: oneOf("RS256", "RS384", "PS256"),
  parse_expiry_from_cert: flag,
  expires_at: text({ format: "date-time" }),
  kid: text({ minLength: 10, maxLength: 64, pattern: "^[0-9a-zA-Z_-]{10,64}$" }),
};

const subjectDn = text({ minLength: 1, maxLength: 256 });

/** The body of POST /clients/{id}/credentials. */
export const createCredentialSchema = closed(
  {
    name,
    credential_type: oneOf("public_key", "cert_subject_dn", "x509_cert"),
    subject_dn: subjectDn,
    ...publicKeyFields,
  },
  "credential_type",
);

/** The body of PATCH /clients/{id}/credentials/{id}. */
export const updateCredentialSchema = notEmpty(closed({ expires_at: orNull(text({ format: "date-time" })) }));

/** Keys that are made together with their application. */
export const newPublicKeys = list(
  closed({ name, credential_type: oneOf("public_key"), ...publicKeyFields }, "credential_type", "pem"),
);

const certificate = text({ minLength: 1, maxLength: 4096 });
const newSubjects = list(
  closed(
    { name, credential_type: oneOf("cert_subject_dn"), subject_dn: subjectDn, pem: certificate },
    "credential_type",
  ),
);
const newCertificates = list(
  closed({ name, credential_type: oneOf("x509_cert"), pem: certificate }, "credential_type", "pem"),
);

/** Credentials that are there already, by their ids. */
export const knownCredentials = list(closed({ id: text({ pattern: "^cred_" }) }, "id"));

/** One way in which an application proves who it is: with keys or certificates, new ones or known ones. */
function authenticationMethods(keys: BodySchema, subjects: BodySchema, certificates: BodySchema): BodySchema {
  const methods = closed({
    private_key_jwt: closed({ credentials: keys }, "credentials"),
    tls_client_auth: closed({ credentials: subjects }, "credentials"),
    self_signed_tls_client_auth: closed({ credentials: certificates }, "credentials"),
  });
  return { ...notEmpty(methods), maxProperties: 1 };
}

export const newAuthenticationMethods = authenticationMethods(newPublicKeys, newSubjects, newCertificates);
export const knownAuthenticationMethods = authenticationMethods(
  knownCredentials,
  knownCredentials,
  knownCredentials,
);
