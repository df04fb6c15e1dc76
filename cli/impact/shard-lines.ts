import { readUserLine } from "../../auth0/user-line.ts";
import type { Shard } from "./comparison.ts";
import { isInShard } from "./example-sample.ts";
import type { LineBatch } from "./line-batches.ts";

const [lineFeed, space] = [0x0a, 0x20];

/** Blanks the lines of other shards' users, so that lines keep their numbers. A line that is no user stays, to be told of. */
export function keepShard({ buffer, length }: LineBatch, shard: Shard): void {
  for (let start = 0; start < length;) {
    const found = buffer.indexOf(lineFeed, start);
    const end = found === -1 || found > length ? length : found;
    if (isOfOthers(buffer.toString("utf8", start, end), shard)) buffer.fill(space, start, end);
    start = end + 1;
  }
}

function isOfOthers(line: string, shard: Shard): boolean {
  try {
    return !isInShard(readUserLine(line).user_id, shard);
  } catch {
    return false;
  }
}
