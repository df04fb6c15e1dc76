import { actionList } from "./actions.ts";
import { capabilityNames, type CapabilityName } from "./client-capabilities.ts";
import {
  clientGenerations,
  clientPrivateKey,
  clientPublicKey,
  connectionSync,
  flowPosition,
  integerBetween,
  listOf,
  matching,
  oneOf,
  resourceName,
  trueOrFalse,
  uploadKey,
  type Parser,
} from "./config-value.ts";
import { hostEntry, httpsBaseUrl, httpsOrigin, tenantDomain } from "./url-values.ts";

/** One key of a stack's configuration: `<key>` or `<project>:<key>` in `Pulumi.<stack>.yaml`. */
export interface ConfigKey<T> {
  /** For people: what the key decides. */
  readonly description: string;
  /** A value as one would type it, for remedies and the documentation; a list as JSON. */
  readonly example: string;
  readonly parse: Parser<T>;
  /** The value if the key is not set; a key without it must be set. */
  readonly fallback?: T;
  /** Only an encrypted value is accepted, and it is never shown. */
  readonly secret?: true;
}

/** Also read from a settings file, where naming the attribute switches it on. */
export const samlAttributeName = matching(
  /^[!-~]{1,256}$/,
  "an attribute name",
  "use at most 256 visible characters, such as http://schemas.auth0.com/picture",
);

export const configKeys = {
  auth0Domain: {
    description: "The tenant that this stack manages, as Auth0 names it (not a custom domain).",
    example: "acme-dev.eu.auth0.com",
    parse: tenantDomain,
  },
  awsAccountId: {
    description: "The AWS account that holds this stack's bucket. Quote it: YAML drops leading zeros.",
    example: '"123456789012"',
    parse: matching(/^\d{12}$/, "an AWS account id", "use its 12 digits, in quotes"),
  },
  awsRegion: {
    description: "The AWS region of the bucket.",
    example: "eu-central-1",
    parse: matching(/^[a-z]{2}(-[a-z]+)+-\d$/, "an AWS region", "use a region such as eu-central-1"),
  },
  imageBucket: {
    description: "The name of the bucket for the default image and users' own pictures.",
    example: "acme-dev-user-pictures",
    // Dots are legal in S3 but break TLS for virtual-hosted URLs (the certificate covers one label).
    parse: matching(
      /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/,
      "a bucket name that works over TLS",
      "use 3 to 63 lower-case letters, digits and hyphens, without dots",
    ),
  },
  imageBaseUrl: {
    description: "The base URL of the bucket's objects, if it is not the bucket's own S3 URL.",
    example: "https://img.acme.com",
    parse: httpsBaseUrl,
    fallback: undefined,
  },
  imageDelivery: {
    description:
      "Who serves the bucket's objects: the bucket itself, or cloudfront with your own domain and certificate.",
    example: "cloudfront",
    parse: oneOf("bucket", "cloudfront"),
    fallback: "bucket",
  },
  imageCertificateArn: {
    description: "The certificate of imageBaseUrl's host, in us-east-1. For imageDelivery cloudfront only.",
    example: "arn:aws:acm:us-east-1:123456789012:certificate/1d0e5a4c-7b1f-4a37-9c52-0a6c2f3b8e11",
    parse: matching(
      /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\da-f-]{36}$/,
      "a certificate that CloudFront accepts",
      "use the ARN of a certificate of AWS Certificate Manager in us-east-1",
    ),
    fallback: undefined,
  },
  keepSupersededDays: {
    description: "How many days a deleted or overwritten object is kept, not publicly readable.",
    example: "30",
    parse: integerBetween(1, 3650),
    fallback: 30,
  },
  deleteBucketContents: {
    description:
      "Whether a deletion of the bucket deletes everything in it too, users' pictures included. Not on stack prod.",
    example: "true",
    parse: trueOrFalse,
    fallback: false,
  },
  uploadOrigins: {
    description: "Web origins whose pages upload pictures to the bucket through presigned URLs.",
    example: '["https://app.acme.com"]',
    parse: listOf(httpsOrigin),
    fallback: [] as readonly string[],
  },
  uploadKey: {
    description:
      "The key that names the folders of an application's uploads, encrypted. Former keys may follow it, after blanks.",
    example: "--secret < upload.key",
    parse: uploadKey,
    fallback: undefined,
    secret: true,
  },
  defaultImage: {
    description: "The default image's file, relative to the project.",
    example: "assets/default-picture.png",
    parse: matching(/\S/, "a file name", "use a path such as assets/default-picture.png"),
    fallback: "assets/default-picture.png",
  },
  gravatar: {
    description:
      "keep Gravatar pictures; keep them with our default image as Gravatar's fallback; or never show them.",
    example: "fallback",
    parse: oneOf("keep", "fallback", "never"),
    fallback: "fallback",
  },
  social: {
    description: "keep the picture that a connection provides, or replace it with the default for all users.",
    example: "keep",
    parse: oneOf("keep", "replace"),
    fallback: "keep",
  },
  copies: {
    description: "show our copy of a provider's picture or Gravatar where there is one, or keep copies off.",
    example: "show",
    parse: oneOf("off", "show"),
    fallback: "off",
  },
  allowedHosts: {
    description:
      "The hosts that users' own pictures may be on: host, host:port or *.domain. Empty: any public host.",
    example: '["img.acme.com", "*.cdn.acme.com"]',
    parse: listOf(hostEntry),
    fallback: [] as readonly string[],
  },
  allowAnyHost: {
    description: "Whether allowedHosts may stay empty on stack prod.",
    example: "true",
    parse: trueOrFalse,
    fallback: false,
  },
  maxLength: {
    description: "The longest picture URL that a login shows, in characters.",
    example: "2048",
    parse: integerBetween(1, 65_536),
    fallback: 2048,
  },
  samlPicture: {
    description: "Whether SAML applications get the same picture, as an attribute.",
    example: "true",
    parse: trueOrFalse,
    fallback: false,
  },
  samlAttribute: {
    description: "The name of that attribute.",
    example: "http://schemas.auth0.com/picture",
    parse: samlAttributeName,
    fallback: "http://schemas.auth0.com/picture",
  },
  capabilities: {
    description: "What the stack's Management API client is for; its scopes follow from it.",
    example: '["show", "change"]',
    parse: listOf(oneOf(...capabilityNames)),
    fallback: ["show", "change"] as readonly CapabilityName[],
  },
  driftClient: {
    description: "Whether there is a second client, with read scopes only, that looks for drift in CI.",
    example: "true",
    parse: trueOrFalse,
    fallback: false,
  },
  clientAuthentication: {
    description:
      "How the Management API client authenticates: with a secret, or with a key (Auth0's Enterprise plan).",
    example: "private_key_jwt",
    parse: oneOf("client_secret_post", "private_key_jwt"),
    fallback: "client_secret_post",
  },
  clientPublicKeys: {
    description:
      "The public keys that the client may use, two of them during a rotation. Written by pictures keys create.",
    example: '["-----BEGIN PUBLIC KEY-----\\n...\\n-----END PUBLIC KEY-----\\n"]',
    parse: listOf(clientPublicKey),
    fallback: [] as readonly string[],
  },
  clientPrivateKey: {
    description: "The client's private key, encrypted. Written by pictures keys create.",
    example: "--secret < key.pem",
    parse: clientPrivateKey,
    fallback: undefined,
    secret: true,
  },
  clientNextPrivateKey: {
    description:
      "The private key that a rotation brings in, encrypted. Written and removed by pictures rotate.",
    example: "--secret < key.pem",
    parse: clientPrivateKey,
    fallback: undefined,
    secret: true,
  },
  clientGenerations: {
    description:
      "The number of the client in use; during a rotation of its secret also that of its successor.",
    example: "[1, 2]",
    parse: clientGenerations,
    fallback: [1] as readonly number[],
  },
  flowPosition: {
    description:
      "Where our Actions run among foreign ones in the Login flow: first, last, before:NAME or after:NAME.",
    example: "last",
    parse: flowPosition,
    fallback: "last",
  },
  flowOwnership: {
    description: "shared leaves foreign Actions in the Login flow alone; exclusive binds only ours.",
    example: "shared",
    parse: oneOf("shared", "exclusive"),
    fallback: "shared",
  },
  dropForeignActions: {
    description: "With flowOwnership exclusive: the names of foreign Actions that may be unbound.",
    example: '["old-enrichment"]',
    parse: listOf(resourceName),
    fallback: [] as readonly string[],
  },
  connections: {
    description: "The connections whose logins should stop overwriting users' pictures (and names).",
    example: '["google-oauth2"]',
    parse: listOf(resourceName),
    fallback: [] as readonly string[],
  },
  connectionSync: {
    description: "When logins through these connections set the root picture: on_first_login.",
    example: "on_first_login",
    parse: connectionSync,
    fallback: "on_first_login",
  },
  replaceDeployed: {
    description:
      "The Actions whose deployed version may be replaced, although it is neither this stack's last one nor the program's.",
    example: '["default-picture"]',
    parse: listOf(oneOf(...actionList.map(({ name }) => name))),
    fallback: [] as readonly string[],
  },
} as const satisfies Record<string, ConfigKey<unknown>>;

type Keys = typeof configKeys;
type ValueOf<K> = K extends { readonly parse: Parser<infer T> } ? T : never;
type FallbackOf<K> = K extends { readonly fallback: infer F } ? Extract<F, undefined> : never;

/** The configuration of a stack, read and checked; the keys' descriptions are above. */
export type ConfigValues = { readonly [K in keyof Keys]: ValueOf<Keys[K]> | FallbackOf<Keys[K]> };
