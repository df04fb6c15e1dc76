import assert from "node:assert/strict";
import fc from "fast-check";
import { samePolicy } from "../../../plugins/aws/bucket-policy.ts";

const read = { Sid: "Read", Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: ["a", "b"] };
const tls = {
  Effect: "Deny",
  Principal: { AWS: "*" },
  Action: "s3:*",
  Resource: "a",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

describe("samePolicy", () => {
  const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const differ = (name: string, ...[before, after]: [string, string]) =>
    it(`tells apart ${name}`, () => assert.equal(samePolicy(before, after), false));
  const same = (name: string, ...[before, after]: [string, string]) =>
    it(`takes for the same ${name}`, () => {
      assert.equal(samePolicy(before, after), true);
      assert.equal(samePolicy(after, before), true);
    });

  differ("another action", policy(read), policy({ ...read, Action: "s3:PutObject" }));
  differ("another effect", policy(read), policy({ ...read, Effect: "Deny" }));
  differ("one more resource", policy(read), policy({ ...read, Resource: ["a", "b", "c"] }));
  differ("resources in another case", policy(tls), policy({ ...tls, Resource: "A" }));
  differ(
    "a principal and everybody but it",
    policy(read),
    policy({ ...read, Principal: undefined, NotPrincipal: "*" }),
  );
  differ("a condition that is gone", policy(tls), policy({ ...tls, Condition: undefined }));
  differ("one more statement", policy(read), policy(read, tls));
  differ("another language version", policy(read), policy(read).replace("2012-10-17", "2008-10-17"));
  differ("texts that are no policy", "x", "y");
  differ("a policy and nothing", policy(read), "");

  same(
    "the same text with other white space",
    policy(read),
    JSON.stringify(JSON.parse(policy(read)), null, 2),
  );
  same("one value and a list of it", policy(read), policy({ ...read, Action: ["s3:GetObject"] }));
  same(
    "a statement and a list of it",
    policy(read),
    JSON.stringify({ Statement: read, Version: "2012-10-17" }),
  );
  same("everybody, written both ways", policy(read), policy({ ...read, Principal: { AWS: ["*"] } }));
  same("actions in another case", policy(read), policy({ ...read, Action: "S3:getobject" }));
  same("an empty Sid and none", policy(tls), policy({ ...tls, Sid: "" }));
  same(
    "false as a text and as a boolean",
    policy(tls),
    policy({ ...tls, Condition: { Bool: { "aws:SecureTransport": false } } }),
  );

  it("takes no notice of the order of statements and of values", () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 });
    const resources = ["a", "b", "c", "d"];
    const statements = ["w", "x", "y", "z"].map((Sid) => ({ ...tls, Sid, Resource: resources }));
    fc.assert(
      fc.property(order, order, (first, second) => {
        const Resource = first.map((index) => resources[index]);
        const shuffled = second.map((index) => ({ ...statements[index], Resource }));
        assert.ok(samePolicy(policy(...statements), policy(...shuffled)));
      }),
    );
  });
});
