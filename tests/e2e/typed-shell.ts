import { randomUUID } from "node:crypto";
import { spawnMarked } from "../../local/processes/marked-processes.ts";

export interface TypedLine {
  readonly code: number;
  /** Standard output and standard error, in the order in which they came. */
  readonly output: string;
}

/** One shell in which a user types line after line: a `cd` or an `export` holds for the lines after it. */
export interface TypedShell {
  /** Types the line and waits until the prompt is back. Where a command asks, there is no answer. */
  readonly type: (line: string) => Promise<TypedLine>;
  readonly close: () => void;
}

export interface TypedShellOptions {
  readonly runId: string;
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A `sh` with the mark of the run; close it. */
export function openShell(options: TypedShellOptions): TypedShell {
  const shell = spawnMarked("sh", [], { ...options, stdio: ["pipe", "pipe", "pipe"] });
  let printed = "";
  let whenPrinted: () => void = () => undefined;
  for (const stream of [shell.stdout, shell.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      whenPrinted();
    });
  }
  const type = (line: string): Promise<TypedLine> => {
    const prompt = randomUUID();
    const back = new RegExp(`${prompt} (\\d+)\\n`);
    printed = "";
    return new Promise((resolve, reject) => {
      whenPrinted = () => {
        const [found, code] = back.exec(printed) ?? [];
        if (found !== undefined) resolve({ code: Number(code), output: printed.replace(found, "") });
      };
      shell.once("close", () => reject(new Error(`The shell ended at: ${line}\n${printed}`)));
      // In braces and not in parentheses, so that the line changes this shell.
      shell.stdin?.write(`{ ${line}\n} 2>&1 </dev/null; echo "${prompt} $?"\n`);
    });
  };
  return { type, close: () => shell.kill("SIGKILL") };
}
