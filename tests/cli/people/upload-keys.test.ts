import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { findUploadKeys } from "../../../cli/people/upload-keys.ts";
import type { RunPulumi } from "../../../cli/pulumi/run-pulumi.ts";
import { ExpectedError } from "../../../lib/errors.ts";
import { configNamespace } from "../../../stack/read-config.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const key = randomBytes(32).toString("base64");
const former = randomBytes(32).toString("base64");
const withKey = `config:\n  ${configNamespace}:uploadKey:\n    secure: AAABAJ\n`;

describe("the keys of an application's uploads", () => {
  const folder = temporaryFolder();

  function find(stackFile: string, pulumi: RunPulumi, named?: string): Promise<readonly string[]> {
    writeFileSync(join(folder(), "Pulumi.dev.yaml"), stackFile);
    const env = {
      PICTURES_STACK_FOLDER: folder(),
      ...(named === undefined ? {} : { PICTURES_UPLOAD_KEY: named }),
    };
    return findUploadKeys({ stack: "dev", env }, pulumi);
  }

  const answers =
    (stdout: string, code = 0, stderr = ""): RunPulumi =>
    () =>
      Promise.resolve({ code, stdout, stderr });
  const unasked: RunPulumi = () => Promise.reject(new Error("pulumi was asked"));

  const refusals: Readonly<Record<string, [RunPulumi, string?]>> = {
    "it cannot be decrypted": [answers("", 255, "error: incorrect passphrase")],
    "there is no pulumi": [() => Promise.reject(new ExpectedError("pulumi-missing", "There is no pulumi."))],
    "it is none": [answers("hush-hush\n")],
    "the variable is none": [unasked, "hush-hush"],
  };
  for (const [what, [pulumi, named]] of Object.entries(refusals)) {
    it(`are an error where ${what}, which says what to do and shows no key`, async () => {
      await assert.rejects(find(withKey, pulumi, named), (error: ExpectedError) => {
        assert.equal(error.code, "upload-key-unavailable");
        assert.match(error.message, /nothing was changed/);
        assert.match(error.message, /PICTURES_UPLOAD_KEY/);
        assert.doesNotMatch(error.message, /hush/);
        return true;
      });
    });
  }

  it("are none where the stack has none, and pulumi is not asked", async () => {
    assert.deepEqual(await find(`config:\n  ${configNamespace}:auth0Domain: a.eu.auth0.com\n`, unasked), []);
  });

  it("are those of the stack's encrypted configuration", async () => {
    const asked: (readonly string[])[] = [];
    const pulumi: RunPulumi = (args) => {
      asked.push(args);
      return answers(`${key} ${former}\n`)(args);
    };
    assert.deepEqual(await find(withKey, pulumi), [key, former]);
    assert.deepEqual(asked, [["config", "get", "uploadKey", "--stack", "dev"]]);
  });

  it("are those of the variable, without pulumi", async () => {
    assert.deepEqual(await find(withKey, unasked, `${key}\n${former}`), [key, former]);
  });
});
