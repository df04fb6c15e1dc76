import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { fieldValue, htmlPage, markup, timeElement, type PageOptions } from "../../lib/html.ts";

describe("markup", () => {
  it("escapes text everywhere, and replaces what turns a line", () => {
    const name = `"'><script>alert(1)</script>\u202Egnp`;
    const { html } = markup`<p title="${name}">${name}</p>`;
    assert.equal(html.split("<").length, 3, "no tag but ours");
    assert.doesNotMatch(html, /\u202E/);
    assert.match(html, /^<p title="&#34;&#39;&#62;&#60;script/);
  });

  it("leaves names as they are written, and makes a line break a space", () => {
    assert.equal(markup`${"می\u200cنا\n👩\u200d💻"}`.html, "می\u200cنا 👩\u200d💻");
  });

  it("gives a form's value back as it is, escaped only", () => {
    const { html } = markup`<input value="${fieldValue('"\u200B>')}">`;
    assert.equal(html, '<input value="&#34;\u200B&#62;">');
  });

  it("takes markup as it is, and a list of it line by line", () => {
    const items = ["a", "<"].map((text) => markup`<li>${text}</li>`);
    assert.equal(markup`<ul>${items}</ul>`.html, "<ul><li>a</li>\n<li>&#60;</li></ul>");
  });
});

describe("a page", () => {
  const page = (options: Partial<PageOptions> = {}) =>
    htmlPage({ title: "<T>", style: "p { color: red; }", main: markup`<p>x</p>`, ...options });
  const policyOf = (html: string) =>
    /content-security-policy" content="([^"]*)"/.exec(html)?.[1]?.replace(/&#39;/g, "'");

  it("has a policy that allows its own style and pictures that it holds, and says it in the page and its headers", () => {
    const { html, headers } = page();
    const [, style = ""] = /<style>([^]*?)<\/style>/.exec(html) ?? [];
    const hash = createHash("sha256").update(style).digest("base64");
    const policy = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'none'`;
    assert.equal(policyOf(html), policy);
    assert.equal(headers["content-security-policy"], `${policy}; frame-ancestors 'none'`);
    assert.match(html, /<title>&#60;T&#62;<\/title>/);
  });

  it("loads pictures of one origin and sends forms as far as it is told to", () => {
    const local = policyOf(page({ pictureOrigin: "https://localhost:9", forms: "own-origin" }).html);
    assert.match(local ?? "", /img-src data: https:\/\/localhost:9;.*form-action 'self'$/);
    assert.doesNotMatch(page({ forms: "any" }).html, /form-action/);
  });

  it("says nobody where a link on it was followed, unless its forms need their origin", () => {
    assert.equal(page().headers["referrer-policy"], "no-referrer");
    const { html, headers } = page({ referrer: "same-origin" });
    assert.match(html, /name="referrer" content="same-origin"/);
    assert.equal(headers["referrer-policy"], "same-origin");
  });

  it("tells moments in UTC, and names one that is none", () => {
    const at = new Date("2026-03-01T12:34:56.789Z");
    const moment = '<time datetime="2026-03-01T12:34:56.789Z">';
    assert.equal(timeElement(at, "day").html, `${moment}2026-03-01 12:34 UTC</time>`);
    assert.equal(timeElement(at, "time").html, `${moment}12:34:56 UTC</time>`);
    assert.equal(timeElement(new Date(""), "day").html, "at an unknown time");
  });
});
