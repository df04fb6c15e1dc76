import { createHash } from "node:crypto";
import { join } from "node:path";
import type { PictureSettings } from "../../policy/settings.ts";
import { lineWriter } from "../line-writer.ts";
import { lineReader, readLines } from "../read-lines.ts";
import type { BulkChange, LineProblem } from "./bulk-change.ts";
import { checkRow } from "./check-row.ts";
import type { FirstProblems } from "./first-problems.ts";
import type { BulkRow } from "./read-rows.ts";
import { createUserIndex, type Slot, type UserIndex } from "./user-index.ts";

/** The changes of a file, on the disk. */
export interface MadePlan {
  /** Every change, in the file's order. */
  readonly changes: () => Generator<BulkChange, void, undefined>;
  /** Of a slot of the index. */
  readonly changeAt: (slot: Slot) => BulkChange;
  readonly count: number;
  readonly byAction: Readonly<Record<string, number>>;
  /** SHA-256 of the changes, in hexadecimal. */
  readonly hash: string;
  /** Of every user. */
  readonly index: UserIndex;
  readonly close: () => void;
}

/** Checks every line and writes what it asks for. With problems the plan is not to be used. */
export async function makePlan(
  folder: string,
  rows: AsyncIterable<BulkRow | LineProblem>,
  settings: PictureSettings,
  problems: FirstProblems,
): Promise<MadePlan> {
  const file = join(folder, "plan.ndjson");
  const written = await writePlan(file, rows, settings, problems);
  const index = createUserIndex(join(folder, "index"), written.count);
  const lines = lineReader(file);
  const changeAt = ({ offset }: Slot) => parseChange(lines.at(offset));
  for (const { text, offset } of readLines(file)) {
    const { line, user } = parseChange(text);
    const other = index.add(user, offset);
    if (other === undefined) continue;
    const message = `Line ${changeAt(other).line} has the same user. One line for each user.`;
    problems.add({ line, code: "user-twice", message });
  }
  return {
    ...written,
    index,
    changeAt,
    changes: function* () {
      for (const { text } of readLines(file)) yield parseChange(text);
    },
    close: () => {
      index.close();
      lines.close();
    },
  };
}

async function writePlan(
  file: string,
  rows: AsyncIterable<BulkRow | LineProblem>,
  settings: PictureSettings,
  problems: FirstProblems,
): Promise<Pick<MadePlan, "count" | "byAction" | "hash">> {
  const lines = lineWriter(file, "w");
  const hash = createHash("sha256");
  const byAction: Record<string, number> = {};
  let count = 0;
  try {
    for await (const row of rows) {
      const { user, change, problems: found } = lookedAt(row, settings);
      found.forEach(problems.add);
      if (user === undefined) continue;
      const text = JSON.stringify(change ?? { line: row.line, user });
      lines.write(text);
      hash.update(`${text}\n`);
      count += 1;
      if (change !== undefined) byAction[change.action] = (byAction[change.action] ?? 0) + 1;
    }
  } finally {
    lines.close();
  }
  return { count, byAction, hash: hash.digest("hex") };
}

function lookedAt(row: BulkRow | LineProblem, settings: PictureSettings): ReturnType<typeof checkRow> {
  if ("fields" in row) return checkRow(row, settings);
  return { user: undefined, change: undefined, problems: [row] };
}

/** A line of the plan: we wrote it. */
function parseChange(text: string): BulkChange {
  return JSON.parse(text) as BulkChange;
}
