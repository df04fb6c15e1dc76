import { closeSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { callerFolder } from "../infra/caller-folder.ts";
import { UsageError } from "./usage-error.ts";

/** A file that a report goes to, piece by piece; only its owner may read it, since it names people. */
export interface ReportFile {
  readonly write: (text: string) => void;
  /** Puts it in its place; until then a former report stays there. */
  readonly finish: () => void;
  /** Leaves nothing of a report that is not finished; does nothing for one that is. */
  readonly drop: () => void;
}

const bufferedCharacters = 65_536;

/**
 * Opens the file before the work that fills it: a wrong name shows at once.
 *
 * @param option The one that named the file, for the message.
 * @throws UsageError `report-file-not-writable`.
 */
export function openReportFile(option: string, name: string): ReportFile {
  const path = resolve(callerFolder(), name);
  const part = `${path}.part`;
  const file = opened(option, name, part);
  let isOpen = true;
  let buffered = "";
  const flush = () => {
    writeFileSync(file, buffered);
    buffered = "";
  };
  const close = () => {
    isOpen = false;
    closeSync(file);
  };
  return {
    write: (text) => {
      buffered += text;
      if (buffered.length > bufferedCharacters) flush();
    },
    finish: () => {
      flush();
      close();
      renameSync(part, path);
    },
    drop: () => {
      if (!isOpen) return;
      close();
      rmSync(part, { force: true });
    },
  };
}

function opened(option: string, name: string, part: string): number {
  try {
    return openSync(part, "w", 0o600);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const message = `${option} ${name} cannot be written (${code ?? "no reason given"}). Name a file in a folder of yours.`;
    throw new UsageError("report-file-not-writable", message, { cause });
  }
}
