/** Who asks the Management API, and where that was found. Never shown: it holds a secret. */
export interface ManagementCredentials {
  /** The tenant's own domain, without https://. */
  readonly domain: string;
  readonly source: CredentialSource;
  readonly proof: ManagementProof;
}

/** The variables that gave the credentials, or the stack's outputs. */
export type CredentialSource = "AUTH0_*" | "PICTURES_*" | "stack outputs";

export type ManagementProof =
  /** A Management API token that somebody else requested. */
  | { readonly token: string }
  | { readonly clientId: string; readonly clientSecret: string }
  /** PEM of the private key of a client that authenticates by `private_key_jwt`. */
  | { readonly clientId: string; readonly privateKey: string };
