import { visible } from "../people/visible.ts";
import { csvLine } from "./csv-line.ts";
import type { Finding } from "./finding.ts";
import { openReportFile } from "./report-file.ts";

/** A CSV file with a line for every finding. */
export interface FindingsFile {
  readonly add: (finding: Finding) => void;
  readonly close: () => void;
}

/** @throws UsageError `report-file-not-writable`. */
export function openFindingsFile(name: string): FindingsFile {
  const file = openReportFile("--csv", name);
  file.write(csvLine(["user_id", "finding", "cause", "address"]));
  return {
    add: ({ userId, kind, cause, address }) => file.write(csvLine([visible(userId), kind, cause, address])),
    close: () => file.close(),
  };
}
