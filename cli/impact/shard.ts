import { UsageError } from "../usage-error.ts";
import type { Shard } from "./child/messages.ts";

/** Parts of the users. */
export const mostShards = 10_000;

/** Reads `2/8`. @throws UsageError `shard-unclear`. */
export function readShard(text: string): Shard {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (of !== undefined && shard.index >= 1 && shard.index <= shard.of && shard.of <= mostShards) return shard;
  const message = `--shard ${text} is no part: give the part and how many there are, such as 2/8.`;
  throw new UsageError("shard-unclear", message);
}
