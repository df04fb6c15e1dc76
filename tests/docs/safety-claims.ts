import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectRoot } from "../../lib/project.ts";
import { literalsOf } from "./test-titles.ts";
import { sentencesOf } from "./sentences.ts";

/** safety-claims.yaml, whose beginning says what is in it. */
export interface SafetyClaims {
  readonly claims: Readonly<Record<string, Readonly<Record<string, ShownBy>>>>;
  readonly others: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

/** A part of a test's title, or several, by the test's file. */
type ShownBy = Readonly<Record<string, string | readonly string[]>>;

export function readSafetyClaims(): SafetyClaims {
  return parse(readFileSync(join(__dirname, "safety-claims.yaml"), "utf8")) as SafetyClaims;
}

/** What is wrong in the table of claims: a sentence that its document does not have any more, or a test that is gone. */
export function claimProblems({ claims, others }: SafetyClaims): string[] {
  const wanted = Object.entries(claims).flatMap(([document, sentences]) =>
    Object.entries(sentences).flatMap(([sentence, shownBy]) => [
      ...missingSentence(document, sentence),
      ...Object.entries(shownBy).flatMap(([file, titles]) =>
        [titles].flat().flatMap((title) => missingTest(file, title)),
      ),
    ]),
  );
  const noClaims = Object.values(others).flatMap((documents) =>
    Object.entries(documents).flatMap(([document, beginnings]) =>
      beginnings.flatMap((beginning) => missingSentence(document, beginning)),
    ),
  );
  return [...wanted, ...noClaims];
}

/** Nothing, or what to do about a test that is not there. */
export function missingTest(file: string, title: string): string[] {
  const path = join(projectRoot, file);
  if (!existsSync(path)) return [`${file} is gone: which test shows now that "${title}"?`];
  if (literalsOf(readFileSync(path, "utf8")).some((literal) => literal.includes(title))) return [];
  return [`${file} has no test "${title}" any more: name the one that shows it now, or take the claim back.`];
}

function missingSentence(document: string, sentence: string): string[] {
  if (proseOf(document).includes(sentence)) return [];
  return [
    `${document} does not say "${sentence}" any more: does the test show what it says now? Then change safety-claims.yaml.`,
  ];
}

/** In one line, without what begins the lines of a comment or an item. */
function proseOf(document: string): string {
  const text = readFileSync(join(projectRoot, document), "utf8");
  const isMarkdown = document.endsWith(".md");
  return (isMarkdown ? text : text.replace(/^\s*#/gm, "")).replace(/\s+/g, " ");
}

/** Words of which most sentences about safety have one. */
const words =
  /\b(?:never|nobody|no one|secrets?|lost|loses?|personal|guess(?:ed)?|only you|owner only|(?:no|without) (?:credentials?|emails?|cookie|environment)|encrypted|masked|sandbox)\b/i;

/** Sentences with such a word that are in neither list. */
export function unknownSentences({ claims, others }: SafetyClaims): string[] {
  return documents().flatMap((document) => {
    const known = [
      ...Object.keys(claims[document] ?? {}),
      ...Object.values(others).flatMap((byDocument) => byDocument[document] ?? []),
    ];
    return sentencesOf(readFileSync(join(projectRoot, document), "utf8"))
      .filter((sentence) => words.test(withoutCode(sentence)) && sentence.split(" ").length > 4)
      .filter((sentence) => !known.some((part) => sentence.includes(part) || part.includes(sentence)))
      .map((sentence) => `${document}: ${sentence}`);
  });
}

/** And without the addresses of links. */
function withoutCode(sentence: string): string {
  return sentence.replace(/`[^`]*`|\]\([^)]*\)/g, "");
}

/** Those that are generated say what their sources say; SECURITY.md has its own test. */
const generated = ["docs/resources.md", "docs/configuration.md", "docs/benchmarks.md"];

function documents(): string[] {
  const pages = ["docs", "docs/decisions"].flatMap((folder) =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  );
  return ["README.md", "CONTRIBUTING.md", ...pages.filter((page) => !generated.includes(page))];
}
