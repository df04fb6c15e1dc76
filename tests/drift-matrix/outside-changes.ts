import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import type { Outside } from "./outside.ts";

/** Changes one property of one resource from outside. */
type OutsideChange = (outside: Outside, name: string) => Promise<unknown>;

const action =
  (body: object): OutsideChange =>
  async ({ api, actionId }, name) =>
    api.call("PATCH", `/actions/actions/${await actionId(name)}`, body);

const client =
  (body: object): OutsideChange =>
  async ({ api, clientId }) =>
    api.call("PATCH", `/clients/${await clientId()}`, body);

interface Bound {
  readonly display_name: string;
  readonly action: { readonly id: string };
}

const flow =
  (change: (bindings: Bound[]) => Bound[]): OutsideChange =>
  async ({ api }) => {
    const path = "/actions/triggers/post-login/bindings";
    const { bindings } = (await api.call("GET", `${path}?per_page=50`)) as { bindings: Bound[] };
    const items = change(bindings).map(({ display_name, action: { id } }) => ({
      display_name,
      ref: { type: "action_id", value: id },
    }));
    return api.call("PATCH", path, { bindings: items });
  };

async function grantPath({ api, clientId }: Outside): Promise<string> {
  const [grant] = (await api.call("GET", `/client-grants?client_id=${await clientId()}`)) as { id: string }[];
  return `/client-grants/${grant?.id ?? ""}`;
}

const dropGrant: OutsideChange = async (outside) => outside.api.call("DELETE", await grantPath(outside));

/** Puts the object again as it is, but for the change. */
const object =
  (change: Partial<PutObjectCommandInput>): OutsideChange =>
  async ({ s3, bucket }, key) => {
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const body = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    const same = { Body: body, ContentType: found.ContentType, CacheControl: found.CacheControl };
    return s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...same, ...change }));
  };

const cors =
  (rule: object): OutsideChange =>
  ({ s3, bucket }) => {
    const rules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["*"], ...rule }];
    return s3.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: rules } }));
  };

const dropObject: OutsideChange = ({ s3, bucket }, key) =>
  s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));

const tags: OutsideChange = ({ s3, bucket }) =>
  s3.send(
    new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: [{ Key: "by", Value: "hand" }] } }),
  );

const policy: OutsideChange = ({ s3, bucket }) => {
  const Statement = [
    { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/users/*` },
  ];
  return s3.send(
    new PutBucketPolicyCommand({
      Bucket: bucket,
      Policy: JSON.stringify({ Version: "2012-10-17", Statement }),
    }),
  );
};

const suspendVersions: OutsideChange = ({ s3, bucket }) =>
  s3.send(
    new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Suspended" } }),
  );

const objectOwnership: OutsideChange = ({ s3, bucket }) =>
  s3.send(
    new PutBucketOwnershipControlsCommand({
      Bucket: bucket,
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" }] },
    }),
  );

const other = "exports.onExecutePostLogin = async () => {};";
const reversed = flow((bindings) => bindings.toReversed());

/**
 * By type and path of an input, as tests/known-resources.ts writes them. Where an input is what a resource is known by,
 * the change takes the resource away.
 */
export const outsideChanges: Readonly<Record<string, OutsideChange>> = {
  "auth0:index/action:Action name": action({ name: "renamed-by-hand" }),
  "auth0:index/action:Action code": action({ code: other }),
  "auth0:index/action:Action deploy": async (outside, name) => {
    const path = `/actions/actions/${await outside.actionId(name)}`;
    const { code } = (await outside.api.call("GET", path)) as { code: string };
    return outside.api.call("PATCH", path, { code });
  },
  "auth0:index/action:Action runtime": action({ runtime: "node18-actions" }),
  "auth0:index/action:Action supportedTriggers.version": action({
    supported_triggers: [{ id: "post-login", version: "v2" }],
  }),
  "auth0:index/client:Client name": client({ name: "Renamed by hand" }),
  "auth0:index/client:Client description": client({ description: "by hand" }),
  "auth0:index/client:Client appType": client({ app_type: "regular_web" }),
  "auth0:index/client:Client grantTypes": client({ grant_types: ["client_credentials", "implicit"] }),
  "auth0:index/client:Client oidcConformant": client({ oidc_conformant: false }),
  "auth0:index/client:Client jwtConfiguration.alg": client({ jwt_configuration: { alg: "HS256" } }),
  "auth0:index/client:Client clientMetadata.stack": client({ client_metadata: { stack: "by hand" } }),
  "auth0:index/clientCredentials:ClientCredentials authenticationMethod": client({
    token_endpoint_auth_method: "client_secret_basic",
  }),
  "auth0:index/clientGrant:ClientGrant clientId": dropGrant,
  "auth0:index/clientGrant:ClientGrant audience": dropGrant,
  "auth0:index/clientGrant:ClientGrant scopes": async (outside) =>
    outside.api.call("PATCH", await grantPath(outside), { scope: ["read:users", "delete:users"] }),
  "userpictures:index:SharedFlow trigger": flow(() => []),
  "userpictures:index:SharedFlow actions[].id": reversed,
  "userpictures:index:SharedFlow actions[].displayName": flow((bindings) =>
    bindings.map((binding) => ({ ...binding, display_name: `${binding.display_name} by hand` })),
  ),
  "aws:s3/bucket:Bucket tags.*": tags,
  "aws:s3/bucketVersioning:BucketVersioning versioningConfiguration.status": suspendVersions,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls rule.objectOwnership": objectOwnership,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration corsRules[].allowedMethods": cors({
    AllowedMethods: ["GET", "PUT"],
  }),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration corsRules[].allowedOrigins": cors({
    AllowedOrigins: ["https://evil.example"],
  }),
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration corsRules[].maxAgeSeconds": cors({
    MaxAgeSeconds: 1,
  }),
  "aws:s3/bucketPolicy:BucketPolicy policy": policy,
  "aws:s3/bucketObjectv2:BucketObjectv2 key": dropObject,
  "aws:s3/bucketObjectv2:BucketObjectv2 source": object({ Body: "other bytes" }),
  "aws:s3/bucketObjectv2:BucketObjectv2 sourceHash": object({ Body: "other bytes" }),
  "aws:s3/bucketObjectv2:BucketObjectv2 etag": object({ Body: "other bytes" }),
  "aws:s3/bucketObjectv2:BucketObjectv2 contentType": object({ ContentType: "text/html" }),
  "aws:s3/bucketObjectv2:BucketObjectv2 cacheControl": object({ CacheControl: "no-store" }),
};

const noS3 = "the local S3 server does not have it";
const otherResource = "which resource it belongs to; the resource itself is changed above";

/** Why an input is not changed; by type, or by type and path. */
export const untested: Readonly<Record<string, string>> = {
  "pulumi:providers:auth0": "a setting of the run, not of the tenant",
  "pulumi:providers:aws": "a setting of the run, not of AWS",
  "pulumi:providers:userpictures": "a setting of the run, not of the tenant",
  "auth0:index/action:Action supportedTriggers.id": "a bound Action keeps its trigger",
  "auth0:index/clientCredentials:ClientCredentials clientId": otherResource,
  "userpictures:index:SharedFlow position":
    "needs another's Action in the flow: tests/e2e/shared-flow.test.ts",
  "aws:s3/bucket:Bucket bucket": "a bucket with objects cannot be taken away",
  "aws:s3/bucketVersioning:BucketVersioning bucket": otherResource,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls bucket": otherResource,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration bucket": otherResource,
  "aws:s3/bucketPolicy:BucketPolicy bucket": otherResource,
  "aws:s3/bucketObjectv2:BucketObjectv2 bucket": otherResource,
  "aws:s3/bucketObjectv2:BucketObjectv2 checksumAlgorithm":
    "says how an upload is checked, and is not compared",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": noS3,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": noS3,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": noS3,
};
