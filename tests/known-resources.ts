/** What the mocks know of a resource type. */
export interface KnownResource {
  /**
   * The inputs that the program may give, as paths: `rule.objectOwnership`, `actions[].id` for the items of a list,
   * `tags.*` for a map with free keys. Every other one is refused.
   */
  readonly inputs: readonly string[];
  /** What a provider would compute. */
  readonly computed?: (inputs: Record<string, unknown>) => Record<string, unknown>;
}

/** A resource type that is not here is refused. */
export const knownResources: Readonly<Record<string, KnownResource>> = {
  "auth0-user-pictures:index:DeploymentRecord": { inputs: [] },
  "auth0-user-pictures:index:ImageBucket": { inputs: [] },
  "auth0-user-pictures:index:LoginFlow": { inputs: [] },
  "auth0-user-pictures:index:ManagementClient": { inputs: [] },
  "auth0:index/action:Action": {
    inputs: [
      "name",
      "code",
      "deploy",
      "runtime",
      "dependencies[].name",
      "dependencies[].version",
      "supportedTriggers.id",
      "supportedTriggers.version",
    ],
    computed: () => ({ versionId: "version-id" }),
  },
  "auth0:index/client:Client": {
    inputs: [
      "name",
      "description",
      "appType",
      "grantTypes",
      "oidcConformant",
      "jwtConfiguration.alg",
      "clientMetadata.*",
    ],
    computed: () => ({ clientId: "client-id" }),
  },
  "auth0:index/clientCredentials:ClientCredentials": {
    inputs: [
      "clientId",
      "authenticationMethod",
      "privateKeyJwt.credentials[].credentialType",
      "privateKeyJwt.credentials[].pem",
      "privateKeyJwt.credentials[].name",
    ],
    computed: () => ({ clientSecret: "client-secret" }),
  },
  "auth0:index/clientGrant:ClientGrant": { inputs: ["clientId", "audience", "scopes"] },
  "auth0:index/triggerActions:TriggerActions": {
    inputs: ["trigger", "actions[].id", "actions[].displayName"],
  },
  "aws:s3/bucket:Bucket": {
    inputs: ["bucket", "forceDestroy", "tags.*"],
    computed: ({ bucket }) => ({
      arn: `arn:aws:s3:::${String(bucket)}`,
      bucketRegionalDomainName: `${String(bucket)}.s3.eu-central-1.amazonaws.com`,
    }),
  },
  "aws:cloudfront/distribution:Distribution": {
    inputs: [
      "enabled",
      "comment",
      "aliases",
      "isIpv6Enabled",
      "httpVersion",
      "origins[].originId",
      "origins[].domainName",
      "origins[].originAccessControlId",
      "defaultCacheBehavior.targetOriginId",
      "defaultCacheBehavior.viewerProtocolPolicy",
      "defaultCacheBehavior.allowedMethods",
      "defaultCacheBehavior.cachedMethods",
      "defaultCacheBehavior.compress",
      "defaultCacheBehavior.cachePolicyId",
      "defaultCacheBehavior.responseHeadersPolicyId",
      "restrictions.geoRestriction.restrictionType",
      "viewerCertificate.acmCertificateArn",
      "viewerCertificate.sslSupportMethod",
      "viewerCertificate.minimumProtocolVersion",
      "tags.*",
    ],
    computed: () => ({
      arn: "arn:aws:cloudfront::123456789012:distribution/E1",
      domainName: "d111111abcdef8.cloudfront.net",
    }),
  },
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    inputs: ["name", "description", "originAccessControlOriginType", "signingBehavior", "signingProtocol"],
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    inputs: [
      "name",
      "comment",
      "corsConfig.accessControlAllowCredentials",
      "corsConfig.accessControlAllowHeaders.items",
      "corsConfig.accessControlAllowMethods.items",
      "corsConfig.accessControlAllowOrigins.items",
      "corsConfig.accessControlMaxAgeSec",
      "corsConfig.originOverride",
      "securityHeadersConfig.contentTypeOptions.override",
    ],
  },
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": {
    inputs: [
      "bucket",
      "corsRules[].allowedMethods",
      "corsRules[].allowedOrigins",
      "corsRules[].allowedHeaders",
      "corsRules[].maxAgeSeconds",
    ],
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    inputs: [
      "bucket",
      "rules[].id",
      "rules[].status",
      "rules[].filter.prefix",
      "rules[].noncurrentVersionExpiration.noncurrentDays",
      "rules[].expiration.expiredObjectDeleteMarker",
      "rules[].abortIncompleteMultipartUpload.daysAfterInitiation",
    ],
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    inputs: ["bucket", "rules[].applyServerSideEncryptionByDefault.sseAlgorithm"],
  },
  "aws:s3/bucketVersioning:BucketVersioning": { inputs: ["bucket", "versioningConfiguration.status"] },
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    inputs: [
      "bucket",
      "key",
      "source",
      "sourceHash",
      "checksumAlgorithm",
      "etag",
      "contentType",
      "cacheControl",
    ],
  },
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": { inputs: ["bucket", "rule.objectOwnership"] },
  "aws:s3/bucketPolicy:BucketPolicy": { inputs: ["bucket", "policy"] },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    inputs: ["bucket", "blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets"],
  },
  "pulumi:providers:auth0": { inputs: ["domain"] },
  "pulumi:providers:userpictures": { inputs: ["domain"] },
  "userpictures:index:ConnectionSync": {
    inputs: ["connection", "setting"],
    computed: () => ({ former: "unset" }),
  },
  "userpictures:index:SharedFlow": {
    inputs: ["trigger", "actions[].id", "actions[].displayName", "position"],
  },
  // The SDK itself adds the last two.
  "pulumi:providers:aws": { inputs: ["region", "skipCredentialsValidation", "skipRegionValidation"] },
};

/** @throws Error for a type that the mocks do not know, naming the resource and the file to add it to. */
export function knownResource(type: string, name: string): KnownResource {
  const known = knownResources[type];
  if (known !== undefined) return known;
  throw new Error(
    `The mocks know no resource type ${type} (${name}). Add it, with its inputs, to tests/known-resources.ts.`,
  );
}

/** @throws Error naming the inputs that the mocks do not know; a typo in a nested one passes the provider's SDK. */
export function refuseUnknownInputs(type: string, name: string, inputs: Record<string, unknown>): void {
  const { inputs: known } = knownResource(type, name);
  const strange = inputPaths(inputs).filter(([path]) => !known.some((pattern) => matches(pattern, path)));
  if (strange.length === 0) return;
  const paths = strange.map(([path]) => path).join(", ");
  throw new Error(
    `The mocks know no input ${paths} of ${type} (${name}). Check it against the provider's documentation, then add it ` +
      "to tests/known-resources.ts.",
  );
}

/** Every value that is no map, with its path; the items of a list share one. */
export function inputPaths(value: unknown, path = ""): [path: string, value: unknown][] {
  if (Array.isArray(value) && value.some(isMap)) {
    return value.flatMap((item: unknown) => inputPaths(item, `${path}[]`));
  }
  if (!isMap(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, entry]) =>
    inputPaths(entry, path === "" ? key : `${path}.${key}`),
  );
}

/** An asset is an object of a class. */
function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function matches(pattern: string, path: string): boolean {
  return pattern.endsWith(".*") ? path.startsWith(pattern.slice(0, -1)) : pattern === path;
}
