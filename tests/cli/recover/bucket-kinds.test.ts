import assert from "node:assert/strict";
import { S3ServiceException } from "@aws-sdk/client-s3";
import { bucketKind, bucketSettingKinds } from "../../../cli/recover/bucket-kinds.ts";
import { readingFailure } from "../../../cli/recover/make-plan.ts";
import type { ResourceKind, Services } from "../../../cli/recover/resource-kind.ts";
import { recordProgram } from "../../record-program.ts";
import { surroundingsOf } from "../../record-stack.ts";

const inputs = { bucket: "acme" };

/** S3 that gives each command the same answer: a document, or the status and name of an error. */
function s3Answering(answer: object | readonly [number, string]): Services {
  const send = () => {
    if (!isRefusal(answer)) return Promise.resolve(answer);
    const [httpStatusCode, name] = answer;
    const $metadata = { httpStatusCode };
    return Promise.reject(new S3ServiceException({ name, message: name, $fault: "client", $metadata }));
  };
  return { s3: { send }, awsRegion: "eu-central-1", awsAccountId: undefined } as unknown as Services;
}

function isRefusal(answer: object): answer is readonly [number, string] {
  return Array.isArray(answer);
}

const nameOf = ({ type }: ResourceKind) => type.split(":").at(-1) ?? type;

async function foundWith(services: Services): Promise<string[]> {
  const found: string[] = [];
  for (const kind of bucketSettingKinds) {
    const [candidate] = await kind.find(inputs, services);
    if (candidate !== undefined) found.push(nameOf(kind));
  }
  return found;
}

describe("what adopt takes of a bucket", () => {
  it("is every setting that the program writes: none is overwritten without a difference in the preview", async () => {
    const { resources } = await recordProgram(surroundingsOf("dev"));
    const settings = resources.map(({ type }) => type).filter((type) => /:Bucket[A-Z]\w+$/.test(type));
    const written = new Set(settings.filter((type) => !type.endsWith(":BucketObjectv2")));
    assert.ok(written.size > 0);
    assert.deepEqual(bucketSettingKinds.map(({ type }) => type).sort(), [...written].sort());
  });

  it("is nothing where the bucket has no such setting, or the server does not know of such", async () => {
    for (const refusal of [
      [404, "NoSuchLifecycleConfiguration"],
      [501, "NotImplemented"],
    ] as const) {
      assert.deepEqual(await foundWith(s3Answering(refusal)), []);
    }
  });

  it("is no versioning where the bucket never had versions", async () => {
    assert.ok(!(await foundWith(s3Answering({}))).includes("BucketVersioning"));
    assert.ok((await foundWith(s3Answering({ Status: "Suspended" }))).includes("BucketVersioning"));
  });

  it("says what could not be read, and which permission that takes", async () => {
    const services = s3Answering([403, "AccessDenied"]);
    for (const kind of bucketSettingKinds) {
      const refusal = await kind.find(inputs, services).then(
        () => assert.fail(`${kind.type} was read`),
        (error: unknown) => readingFailure(error, { kind, inputs, services }),
      );
      const { name, code, message } = refusal as Error & { code: string };
      assert.deepEqual([name, code], ["ExpectedError", "picture-store-forbidden"]);
      assert.ok(message.startsWith(`Could not read the ${nameOf(kind)} of bucket acme: `), message);
      assert.ok(message.includes(kind.permissions[0] ?? "a permission"), message);
    }
  });

  it("is no bucket of another account", async () => {
    const [candidate] = await bucketKind.find(inputs, s3Answering([403, "Forbidden"]));
    assert.match(candidate?.refusal ?? "", /does not belong to these credentials/);
  });
});
