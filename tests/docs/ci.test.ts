import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";

interface TrustPolicy {
  readonly Statement: readonly {
    readonly Effect: string;
    readonly Action: string;
    readonly Condition: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  }[];
}

describe("the AWS roles in docs/ci.md", () => {
  const page = readFileSync(join(projectRoot, "docs/ci.md"), "utf8");

  it("trust one environment each by its name, for the audience of AWS", () => {
    const policies = [...page.matchAll(/```json\n([^]*?)```/g)].map(
      ([, text = ""]) => JSON.parse(text) as TrustPolicy,
    );
    const statements = policies.flatMap(({ Statement }) => Statement);
    assert.ok(statements.length > 0);
    for (const { Effect, Action, Condition } of statements) {
      assert.deepEqual([Effect, Action], ["Allow", "sts:AssumeRoleWithWebIdentity"]);
      assert.deepEqual(Object.keys(Condition), ["StringEquals"]);
      const {
        "token.actions.githubusercontent.com:aud": aud,
        "token.actions.githubusercontent.com:sub": sub,
      } = Condition["StringEquals"] ?? {};
      assert.equal(aud, "sts.amazonaws.com");
      for (const subject of [sub ?? ""].flat()) assert.match(subject, /^repo:[^*:]+:environment:[\w-]+$/);
    }
  });

  it("let a preview and the nightly look only read", () => {
    const table = page.split("\n").filter((line) => /^\| .*`(?:s3|kms|cloudfront):/.test(line));
    const permissions = table.flatMap((line) =>
      [...(line.split("|")[2] ?? "").matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? ""),
    );
    assert.ok(permissions.length > 5);
    for (const name of permissions) {
      assert.match(name, /^(?:s3:(?:Get|List)[A-Za-z]*\*?|kms:Decrypt|cloudfront:(?:Get|List)\*)$/);
    }
  });
});

describe("the AWS role in docs/copies.md", () => {
  const page = readFileSync(join(projectRoot, "docs/copies.md"), "utf8");

  it("writes below users/ only, and lists nothing else", () => {
    const [, text = ""] = /```json\n([^]*?)```/.exec(page) ?? [];
    const { Statement: statements } = JSON.parse(text) as {
      readonly Statement: readonly {
        readonly Action: readonly string[];
        readonly Resource: string;
        readonly Condition?: object;
      }[];
    };
    assert.equal(statements.length, 2);
    for (const { Action: actions, Resource: resource, Condition: condition } of statements) {
      if (condition === undefined) assert.match(resource, /^arn:aws:s3:::[\w-]+\/users\/\*$/);
      else {
        assert.deepEqual(condition, { StringLike: { "s3:prefix": "users/*" } });
        assert.ok(actions.every((action) => action.startsWith("s3:List")));
      }
    }
  });
});
