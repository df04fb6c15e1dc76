import { visible } from "../people/visible.ts";
import { csvLine } from "./csv-line.ts";
import type { Finding } from "./finding.ts";
import { openReportFile, type ReportFile } from "../report-file.ts";

/** A CSV file with a line for every finding. */
export interface FindingsFile extends Pick<ReportFile, "finish" | "drop"> {
  readonly add: (finding: Finding) => void;
}

/** @throws UsageError `report-file-not-writable`. */
export function openFindingsFile(name: string): FindingsFile {
  const { write, finish, drop } = openReportFile("--csv", name);
  write(csvLine(["user_id", "finding", "cause", "address"]));
  return {
    add: ({ userId, kind, cause, address }) => write(csvLine([visible(userId), kind, cause, address])),
    finish,
    drop,
  };
}
