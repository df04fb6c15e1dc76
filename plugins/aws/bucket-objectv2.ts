import { readFile } from "node:fs/promises";
import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectCommand,
  type GetObjectCommandOutput,
} from "@aws-sdk/client-s3";
import { ExpectedError } from "../../lib/errors.ts";
import { sha256 } from "../../lib/hash.ts";
import { hasUnknown, isAsset, isMap, isUnknown, type PropertyMap } from "../grpc/property-map.ts";
import { deleteVersions, fromTagSet, saidMap, tagsOf } from "./bucket.ts";
import { unlessMissing, type Connection } from "./connection.ts";
import { textOf, type Found, type ResourceType } from "./resource-type.ts";

/** The inputs of which at most one says what an object holds. */
const contentInputs = ["source", "content", "contentBase64"] as const;

/** The bytes that the inputs say; none without any of them, as with the real provider. */
async function objectContent({ source, content, contentBase64 }: PropertyMap): Promise<Buffer> {
  if (isAsset(source)) return source.text === undefined ? readSource(source.path) : Buffer.from(source.text);
  if (typeof content === "string") return Buffer.from(content);
  return typeof contentBase64 === "string" ? Buffer.from(contentBase64, "base64") : Buffer.alloc(0);
}

/** Those of the content inputs that say these very bytes, given as hex SHA-256, as the engine writes an asset's hash. */
function contentInputsFor(hash: string, { source, content, contentBase64 }: PropertyMap): PropertyMap {
  return {
    source: isAsset(source) && source.hash === hash ? source : undefined,
    content: typeof content === "string" && sha256(Buffer.from(content)) === hash ? content : undefined,
    contentBase64:
      typeof contentBase64 === "string" && sha256(Buffer.from(contentBase64, "base64")) === hash
        ? contentBase64
        : undefined,
  };
}

async function readSource(path: string | undefined): Promise<Buffer> {
  try {
    return await readFile(path ?? "");
  } catch (cause) {
    throw new ExpectedError(
      "aws-source-unreadable",
      `The object's source ${path ?? "(a remote asset)"} cannot be read. Use a FileAsset or a StringAsset that exists at deployment.`,
      { cause },
    );
  }
}

/** Inputs that are headers of the object, and their names in the S3 client. */
const headers = {
  cacheControl: "CacheControl",
  contentDisposition: "ContentDisposition",
  contentEncoding: "ContentEncoding",
  contentLanguage: "ContentLanguage",
  contentType: "ContentType",
} as const;

/** The one that the stand-in has. */
const checksumAlgorithm = "SHA256";

/** What the server says of an object that was put without a type. */
const defaultContentType = "application/octet-stream";

/** `aws:s3/bucketObjectv2:BucketObjectv2`; its id is `bucket/key`. */
export const bucketObjectv2: ResourceType = {
  token: "aws:s3/bucketObjectv2:BucketObjectv2",
  inputs: {
    bucket: { required: true, replaces: true },
    key: { required: true, replaces: true },
    ...Object.fromEntries([...contentInputs, ...Object.keys(headers)].map((name) => [name, {}])),
    checksumAlgorithm: {},
    etag: {},
    forceDestroy: {},
    metadata: {},
    sourceHash: {},
    tags: {},
  },
  computed: ["arn", "checksumSha256", "contentType", "etag", "storageClass", "tagsAll", "versionId"],
  changing: ["checksumSha256", "contentType", "etag", "tagsAll", "versionId"],
  problem: objectProblem,
  idOf: (inputs) => `${textOf(inputs, "bucket")}/${textOf(inputs, "key")}`,
  write: async ({ s3 }, inputs) => {
    await s3.send(
      new PutObjectCommand({
        Bucket: textOf(inputs, "bucket"),
        Key: textOf(inputs, "key"),
        Body: await objectContent(inputs),
        // The server compares what arrives with the checksum of what was sent.
        ...(inputs["checksumAlgorithm"] === undefined ? {} : { ChecksumAlgorithm: checksumAlgorithm }),
        ...Object.fromEntries(Object.entries(headers).map(([input, header]) => [header, inputs[input]])),
        Metadata: metadataOf(inputs),
        Tagging: new URLSearchParams(tagsOf(inputs)).toString(),
      }),
    );
  },
  read: readObject,
  remove: async ({ s3 }, id) => {
    const { bucket, key } = parseId(id);
    await unlessMissing(deleteVersions(s3, bucket, key), "NoSuchBucket");
  },
};

function objectProblem(inputs: PropertyMap) {
  const [, second] = contentInputs.filter((name) => inputs[name] !== undefined);
  if (second !== undefined)
    return { property: second, reason: `Only one of ${contentInputs.join(", ")} may be set` };
  const { source, metadata, checksumAlgorithm: algorithm = checksumAlgorithm } = inputs;
  if (algorithm !== checksumAlgorithm && !isUnknown(algorithm)) {
    const reason = `The local stand-in of the AWS provider has only ${checksumAlgorithm}`;
    return { property: "checksumAlgorithm", reason };
  }
  if (source !== undefined && !isAsset(source) && !isUnknown(source)) {
    return { property: "source", reason: "It must be a FileAsset or a StringAsset" };
  }
  // S3 gives the names back in lower case: anything else would differ for ever.
  if (isMap(metadata) && Object.keys(metadata).some((name) => name !== name.toLowerCase())) {
    return { property: "metadata", reason: "Names of metadata must be in lower case" };
  }
  return undefined;
}

async function readObject(
  { s3 }: Connection,
  id: string,
  known: PropertyMap = {},
): Promise<Found | undefined> {
  const { bucket, key } = parseId(id);
  const target = { Bucket: bucket, Key: key };
  const gone = ["NoSuchKey", "NoSuchBucket", "NotFound"];
  const object = await unlessMissing(
    s3.send(new GetObjectCommand({ ...target, ChecksumMode: "ENABLED" })),
    ...gone,
  );
  const bytes = await object?.Body?.transformToByteArray();
  if (object === undefined || bytes === undefined) return undefined;
  const tagging = await unlessMissing(s3.send(new GetObjectTaggingCommand(target)), "NoSuchTagSet", ...gone);
  const tagsAll = fromTagSet(tagging?.TagSet);
  const etag = object.ETag?.replaceAll('"', "");
  return {
    inputs: {
      bucket,
      key,
      ...contentInputsFor(sha256(bytes), known),
      ...saidHeaders(object, known),
      checksumAlgorithm: known["checksumAlgorithm"],
      etag: known["etag"] === undefined ? undefined : etag,
      forceDestroy: known["forceDestroy"],
      metadata: saidMap(object.Metadata ?? {}, known["metadata"]),
      sourceHash: known["sourceHash"],
      tags: saidMap(tagsAll, known["tags"]),
    },
    computed: {
      arn: `arn:aws:s3:::${bucket}/${key}`,
      // The real provider gives it only where the program names the algorithm.
      checksumSha256: known["checksumAlgorithm"] === undefined ? undefined : object.ChecksumSHA256,
      contentType: object.ContentType,
      etag,
      storageClass: object.StorageClass ?? "STANDARD",
      tagsAll,
      versionId: object.VersionId,
    },
  };
}

function saidHeaders(object: GetObjectCommandOutput, known: PropertyMap): PropertyMap {
  const found = Object.entries(headers).map(([input, header]) => [input, object[header]] as const);
  // A type that was not set is the server's, not an input.
  const serversType = known["contentType"] === undefined && object.ContentType === defaultContentType;
  return Object.fromEntries(found.filter(([input]) => input !== "contentType" || !serversType));
}

function metadataOf({ metadata }: PropertyMap): Record<string, string> {
  if (!isMap(metadata) || hasUnknown(metadata)) return {};
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [name, String(value)]));
}

/** Reads `bucket/key`, which an import may also write as a URL: `s3://bucket/key`. */
function parseId(id: string): { bucket: string; key: string } {
  const match = /^(?:s3:\/\/)?([^/]+)\/(.+)$/s.exec(id);
  const [, bucket, key] = match ?? [];
  if (bucket !== undefined && key !== undefined) return { bucket, key };
  throw new ExpectedError(
    "aws-bad-id",
    `${id} names no object. Write its id as BUCKET/KEY or s3://BUCKET/KEY.`,
  );
}
