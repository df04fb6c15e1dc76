import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * When a process began, as the system writes it: with the process id it names one process for good. Undefined where there is
 * no such process, or the system does not tell.
 */
export function processStart(pid: number): string | undefined {
  try {
    if (process.platform !== "linux") return startFromPs(pid);
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // proc(5): the second field is a name in parentheses, which may hold spaces; the start is the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // One that ended, and whose parent has not asked about it yet.
    return fields[0] === "Z" ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  const env = { PATH: process.env["PATH"], LC_ALL: "C" };
  const start = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env }).trim();
  return start === "" ? undefined : start.replace(/\s+/g, "-");
}
