import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../lib/project.ts";
import { missingTest } from "./safety-claims.ts";

const link = /\[([^\]]+)\]\(([^)\s]+)\)/g;

describe("SECURITY.md", () => {
  const text = readFileSync(join(projectRoot, "SECURITY.md"), "utf8");
  const links = [...text.matchAll(link)].map(([, words = "", target = ""]) => ({ words, target }));

  it("names for each thing that is protected a test that is there", () => {
    const shown = links.filter(({ target }) => target.startsWith("tests/"));
    assert.deepEqual(
      shown.flatMap(({ target, words }) => missingTest(target, words)),
      [],
    );
    const [protectedPart = ""] = text.split("## What is not protected");
    const sentences = protectedPart.split(/^- /m).slice(1);
    assert.ok(sentences.length > 20, `${sentences.length} sentences`);
    for (const sentence of sentences) assert.match(sentence, /\]\(tests\/[\w./-]+\.ts\)/);
  });

  it("links to nothing that is not there", () => {
    const files = links.filter(({ target }) => !target.startsWith("https:")).map(({ target }) => target);
    assert.deepEqual(
      files.filter((target) => !existsSync(join(projectRoot, target.replace(/#.*/, "")))),
      [],
    );
  });
});
