import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkConfig, checkDefaultImage } from "../../../cli/doctor/check-stack.ts";
import type { Facts, Finding } from "../../../cli/doctor/check.ts";
import { exampleStacks } from "../../../stack/example-stacks.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { factsOfDev, surroundings } from "./surroundings.ts";

describe("doctor's look at the configuration", () => {
  const folder = temporaryFolder();

  it("does not take the example that comes with the project for a stack, and says what to run", async () => {
    const example = Object.entries(exampleStacks["dev"] ?? {}).map(([key, text]) => `  ${key}: "${text}"\n`);
    writeFileSync(join(folder(), "Pulumi.dev.yaml"), `config:\n${example.join("")}`);
    const facts: Facts = {};
    const check = checkConfig.run(surroundings({ env: { PICTURES_STACK_FOLDER: folder() } }), facts);
    await assert.rejects(check, { code: "stack-is-example", message: /npx pictures setup --stack dev$/ });
    // What comes after it would ask a stranger's tenant and account.
    assert.deepEqual(facts, {});
  });
});

describe("doctor's look at the default image", () => {
  const ownFetch = globalThis.fetch;
  afterEach(() => {
    globalThis.fetch = ownFetch;
  });

  const headers = { "content-type": "image/png", "cache-control": "public, max-age=31536000, immutable" };

  async function served(answer: () => Response): Promise<Finding> {
    // eslint-disable-next-line @typescript-eslint/require-await -- as the real one, it throws later
    globalThis.fetch = async () => answer();
    return checkDefaultImage.run(surroundings(), await factsOfDev());
  }

  const content = async () => readFileSync((await factsOfDev()).config?.image.file ?? "");

  it("finds that its address does not answer, and says why", async () => {
    const { status, detail } = await served(() => {
      throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
    });
    assert.equal(status, "problem");
    assert.match(detail, /https:\/\/.* does not answer \(ENOTFOUND\)/);
  });

  it("finds that not everybody may get it", async () => {
    const { status, detail } = await served(() => new Response("", { status: 403 }));
    assert.equal(status, "problem");
    assert.match(detail, /default-.* is not public: it answers 403/);
  });

  it("finds everything that is wrong with what is served, at once", async () => {
    const { status, detail } = await served(
      () => new Response("other", { headers: { "content-type": "text/html" } }),
    );
    assert.equal(status, "problem");
    for (const part of [/bytes differ/, /type is text\/html, not image\/png/, /Cache-Control is missing/])
      assert.match(detail, part);
  });

  it("finds nothing wrong with the project's file", async () => {
    const bytes = await content();
    assert.equal((await served(() => new Response(new Uint8Array(bytes), { headers }))).status, "ok");
  });
});
