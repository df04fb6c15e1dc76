/** For durable-file.test.ts: replaces a file and is killed on the way. */
import fs from "node:fs";
import promises, { open } from "node:fs/promises";
import { replaceFile, replaceFileSync } from "../../lib/durable-file.ts";

export const writeSteps = [
  "in the middle of the write",
  "before the file's sync",
  "before the rename",
  "before the folder's sync",
] as const;

function kill(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

function killSync(step: string): void {
  const { fsyncSync, writeSync } = fs;
  if (step === "before the rename") fs.renameSync = kill;
  if (step === "in the middle of the write") {
    const part = (fd: number, bytes: Buffer) => {
      writeSync(fd, bytes, 0, 1000);
      kill();
    };
    fs.writeSync = part as unknown as typeof writeSync;
  }
  if (step.endsWith("sync")) {
    fs.fsyncSync = (fd) => {
      if (fs.fstatSync(fd).isDirectory() === step.includes("folder")) kill();
      fsyncSync(fd);
    };
  }
}

async function killAsync(step: string): Promise<void> {
  if (step === "before the rename") promises.rename = kill;
  const handle = await open(__filename, "r");
  const prototype = Object.getPrototypeOf(handle) as typeof handle;
  await handle.close();
  const { sync, write } = prototype as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  if (step === "in the middle of the write") {
    const part = async function (this: typeof handle, bytes: Buffer): Promise<never> {
      await write?.call(this, bytes, 0, 1000);
      return kill();
    };
    prototype.write = part as unknown as typeof prototype.write;
  }
  if (step.endsWith("sync")) {
    prototype.sync = async function (this: typeof handle) {
      if ((await this.stat()).isDirectory() === step.includes("folder")) kill();
      await sync?.call(this);
    };
  }
}

async function main([form, file = "", step = "", durable]: readonly string[]): Promise<void> {
  const options = { durable: durable === "true" };
  killSync(step);
  await killAsync(step);
  const content = "n".repeat(100_000);
  if (form === "replaceFileSync") replaceFileSync(file, content, options);
  else await replaceFile(file, content, options);
}

if (require.main === module) void main(process.argv.slice(2));
