import assert from "node:assert/strict";
import { compare, holds, notAllowed, unknown, type Fact, type Finding } from "../../../cli/certify/fact.ts";
import {
  certificateOf,
  describeCertificate,
  exitCodeOf,
  type CertificateOptions,
} from "../../../cli/certify/report.ts";

const fact: Fact = {
  id: "sky",
  title: "The sky is blue",
  reliedOnBy: { document: "docs/certify.md", code: ["lib/hash.ts"] },
  scopes: [],
  check: () => Promise.resolve(holds),
};

function certificate(findings: readonly Finding[], options: Partial<CertificateOptions> = {}) {
  return certificateOf({
    asked: findings.map((finding) => ({ fact, finding })),
    at: new Date("2026-11-27T09:00:00Z"),
    domain: "acme.eu.auth0.com",
    namesTenant: false,
    secrets: ["s3cr3t-of-a-client"],
    seconds: 61.4,
    requests: 3,
    leftovers: [],
    ...options,
  });
}

describe("a certificate", () => {
  const differs = compare({ colour: ["blue", "grey"] });

  it("is not well where something differs, is unknown, or nothing could be asked", () => {
    assert.equal(exitCodeOf(certificate([differs, holds, unknown("clouds")])), 2);
    assert.equal(exitCodeOf(certificate([holds, unknown("clouds")])), 1);
    assert.equal(exitCodeOf(certificate([notAllowed("night")])), 1);
    assert.equal(exitCodeOf(certificate([])), 1);
    assert.equal(exitCodeOf(certificate([holds, notAllowed("night")])), 0);
  });

  it("hides secrets, tokens and the tenant, whoever repeats them", () => {
    const said = "400 acme.eu.auth0.com has s3cr3t-of-a-client and eyJhbGciOi.eyJzdWIi.c2ln";
    const finding: Finding = { result: "differs", expected: "done", found: said };
    const [hidden] = certificate([finding]).facts;
    assert.ok(hidden?.result === "differs");
    assert.equal(hidden.found, "400 [tenant] has [secret] and [token]");
    const named = certificate([finding], { namesTenant: true });
    assert.equal(named.tenant, "acme.eu.auth0.com");
    assert.match(JSON.stringify(named.facts), /acme\.eu\.auth0\.com has \[secret\]/);
  });

  it("shows a line for each fact, and below a difference what relies on the fact", () => {
    const text = describeCertificate(certificate([holds, differs, notAllowed("it is night")]));
    assert.equal(
      text,
      `holds             sky  The sky is blue
DIFFERS           sky  The sky is blue
                  expected  colour: "blue"
                  found     colour: "grey"
                  relied on by docs/certify.md; lib/hash.ts
not allowed here  sky  The sky is blue
                  it is night
1 hold, 1 differ, 1 not allowed here, 0 unknown (3 requests, 61 s). Everything that was made is removed.`,
    );
  });

  it("lets no answer of a tenant begin a line of its own", () => {
    const finding = compare({ colour: ["blue", "grey\nholds  sky\u001B[2J"] });
    const text = describeCertificate(certificate([finding]));
    assert.equal(text.split("\n").length, 5);
    assert.ok(!text.includes("\u001B"));
  });
});

describe("comparing what was expected with what was found", () => {
  it("tells only what is different, and cuts what is long", () => {
    const finding = compare({ same: [1, 1], missing: ["x", undefined], long: ["", "y".repeat(1000)] });
    assert.ok(finding.result === "differs");
    assert.match(finding.found, /^missing: nothing; long: "y{299}…$/);
    assert.equal(finding.expected, 'missing: "x"; long: ""');
  });

  it("takes objects for equal whatever the order of their keys, lists not, and undefined for another thing than null", () => {
    assert.deepEqual(
      compare({
        object: [
          { a: 1, b: { c: 2, d: 3 } },
          { b: { d: 3, c: 2 }, a: 1 },
        ],
      }),
      holds,
    );
    assert.equal(
      compare({
        list: [
          [1, 2],
          [2, 1],
        ],
      }).result,
      "differs",
    );
    assert.equal(compare({ nothing: [undefined, null] }).result, "differs");
  });
});
