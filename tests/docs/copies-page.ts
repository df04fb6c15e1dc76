import { duration } from "../../cli/mirror/describe-mirror.ts";
import { foretell } from "../../cli/mirror/foretold.ts";
import {
  base64Host,
  countOutcome,
  noCounts,
  type MirrorCounts,
  type Outcome,
} from "../../cli/mirror/mirror-counts.ts";
import { grouped } from "../../lib/terminal.ts";
import { markdownTable } from "./markdown-table.ts";

const section = /(<!-- costs -->\n)[^]*(<!-- \/costs -->)/;

const users = 1_000_000;

/** USD, Amazon's list prices for S3 Standard in us-east-1; GB, of a copy. */
const s3 = { aThousandPuts: 0.005, gbMonth: 0.023, gbOfCopy: 60_000 / 1e9 };

interface Case {
  readonly what: string;
  /** Of how many sources: hosts, or the profiles themselves. */
  readonly sources: readonly string[];
  /** The share that gets a new copy. */
  readonly copied: number;
}

const hosts = ["google", "facebook", "linkedin", "github", "gravatar", "microsoft"];

const cases: readonly Case[] = [
  { what: "first run, all users of one provider", sources: ["google"], copied: 1 },
  { what: "first run, six providers alike", sources: hosts, copied: 1 },
  { what: "first run, all in base64", sources: [base64Host], copied: 1 },
  { what: "later run, one provider, 1% changed", sources: ["google"], copied: 0.01 },
  { what: "later run, six providers, 1% changed", sources: hosts, copied: 0.01 },
];

/** docs/copies.md with the table of what a million users cost, by the same rule as a dry run. */
export function copiesPage(former: string): string {
  if (!section.test(former)) throw new Error("docs/copies.md has lost its section for costs.");
  const head = ["", "requests to providers", "to Auth0", "to S3", "S3, once", "S3, a month", "duration"];
  const table = markdownTable(head, cases.map(row));
  // As a function, so that no dollar in the table is read as a reference.
  return former.replace(section, (_, start: string, end: string) => `${start}\n${table}\n\n${end}`);
}

function row(each: Case): string[] {
  const { requests, seconds } = foretell(countsOf(each));
  return [
    each.what,
    grouped(requests.hosts),
    grouped(requests.auth0),
    grouped(requests.s3),
    usd((requests.s3 / 1000) * s3.aThousandPuts),
    usd(users * s3.gbOfCopy * s3.gbMonth),
    duration(seconds),
  ];
}

function countsOf({ sources, copied }: Case): MirrorCounts {
  const counts = noCounts();
  for (let n = 0; n < users; n += 1) {
    const outcome: Outcome = n % 100 < copied * 100 ? "copied" : "unchanged";
    countOutcome(counts, { outcome, host: sources[n % sources.length] });
  }
  return counts;
}

function usd(amount: number): string {
  return `${amount.toFixed(2)} USD`;
}
