import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";

export interface CommandEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The most that it had resident, in bytes; 0 where the system does not tell. */
  readonly memory: number;
  readonly out: string;
  /** Both streams. */
  readonly output: string;
}

/** Runs Node with these arguments. */
export function runMeasured(
  { env }: { readonly env: NodeJS.ProcessEnv },
  args: readonly string[],
  progress: (line: string) => void,
): { readonly child: ChildProcess; readonly end: Promise<CommandEnd> } {
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const texts = { out: "", output: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    texts.out += text;
    texts.output += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    texts.output += text;
    progress(text.trimEnd());
  });
  const memory = watchMemory(child);
  const ended = async () => {
    const [code, signal] = (await once(child, "close")) as [number | null, NodeJS.Signals | null];
    return { code, signal, memory: memory(), ...texts };
  };
  return { child, end: ended() };
}

function watchMemory({ pid }: ChildProcess): () => number {
  let most = 0;
  const look = () => {
    try {
      const status = readFileSync(`/proc/${String(pid)}/status`, "utf8");
      most = Math.max(most, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024);
    } catch {
      // It has ended, or this is no Linux.
    }
  };
  const timer = setInterval(look, 100);
  return () => {
    clearInterval(timer);
    return most;
  };
}
