import { ExpectedError } from "../lib/errors.ts";

/** What makes a release: the git tag, package.json's version, and CHANGELOG.md. */
export interface Release {
  readonly tag: string;
  readonly version: string;
  readonly changelog: string;
}

/**
 * The changelog's section of the version that the tag names, in Markdown without its heading: a release's notes.
 *
 * @throws ExpectedError `release-tag-differs`, `release-notes-missing`, `release-date-missing` or `release-notes-empty`: then there is
 * nothing to release.
 */
export function releaseNotes({ tag, version, changelog }: Release): string {
  if (tag !== `v${version}`) {
    throw new ExpectedError(
      "release-tag-differs",
      `The tag is ${tag}, but package.json has the version ${version}, whose tag is v${version}. ` +
        "Delete the tag, set the version in package.json and package-lock.json, and tag that commit.",
    );
  }
  const lines = changelog.split(/\r?\n/);
  const start = lines.findIndex((line) => headingVersion(line) === version);
  if (start < 0) {
    throw new ExpectedError(
      "release-notes-missing",
      `CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD". Give it what is under Unreleased, and tag that commit.`,
    );
  }
  refuseUndated(lines[start] ?? "", version);
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith("## "));
  const section = lines.slice(start + 1, length < 0 ? undefined : start + 1 + length);
  refuseEmpty(section, version);
  return `${section.join("\n").trim()}\n`;
}

/** `1.0.0` of `## [1.0.0] - 2026-11-27`; undefined where a line is no heading of a version. */
function headingVersion(line: string): string | undefined {
  return /^## \[([^\]]+)\]/.exec(line)?.[1];
}

function refuseUndated(heading: string, version: string): void {
  if (/^## \[[^\]]+\] - \d{4}-\d{2}-\d{2}$/.test(heading)) return;
  throw new ExpectedError(
    "release-date-missing",
    `CHANGELOG.md has the heading "${heading}". Write "## [${version}] - YYYY-MM-DD" with the date of the release.`,
  );
}

/** Headings alone say nothing. */
function refuseEmpty(section: readonly string[], version: string): void {
  if (section.some((line) => line.trim() !== "" && !line.startsWith("#"))) return;
  throw new ExpectedError(
    "release-notes-empty",
    `CHANGELOG.md says nothing under "## [${version}]". Write what changed, and tag that commit.`,
  );
}
