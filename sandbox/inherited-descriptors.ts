import { openSync, readdirSync, readFileSync } from "node:fs";

let instead: readonly number[] | undefined;

/**
 * What to start a process with instead of the descriptors, from 3 on up to the last one, that whoever started this program has left
 * open for it, such as a shell's `<(…)`: the process would have them, too. Each is nothing to read. None where the system closes
 * them by itself (macOS).
 */
export function insteadOfInherited(): readonly number[] {
  if (instead === undefined) {
    const length = lastInherited() - 2;
    instead = length > 0 ? Array<number>(length).fill(openSync("/dev/null", "r")) : [];
  }
  return instead;
}

/** Node's own descriptors are closed where another program is started. */
const closedOnStart = 0o2000000;

function lastInherited(): number {
  if (process.platform !== "linux") return 2;
  return Math.max(...readdirSync("/proc/self/fdinfo").map(Number).filter(isInherited), 2);
}

function isInherited(fd: number): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, "utf8"));
    return flags !== null && (Number.parseInt(flags[1] ?? "0", 8) & closedOnStart) === 0;
  } catch {
    // It was that of the folder that is read.
    return false;
  }
}
