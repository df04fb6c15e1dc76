const lineFeed = 10;

/** A hundred users: what is said about a batch costs little beside it, and some batches have room in a pipe. */
const batchBytes = 1 << 16;

/** Buffers that are used again, so that memory does not depend on how many users there are. */
export interface BufferPool {
  readonly take: () => Buffer;
  readonly giveBack: (buffer: Buffer) => void;
}

export function createBufferPool(): BufferPool {
  const free: Buffer[] = [];
  return {
    take: () => free.pop() ?? Buffer.allocUnsafeSlow(batchBytes),
    giveBack: (buffer) => {
      // One that a huge line made larger is not kept.
      if (buffer.length === batchBytes) free.push(buffer);
    },
  };
}

/** Whole lines. */
export interface LineBatch {
  readonly buffer: Buffer;
  /** How much of the buffer they are. */
  readonly length: number;
}

/**
 * Cuts a stream of bytes into batches of whole lines. A batch's buffer belongs to its receiver. Where the source fails, the
 * whole lines before are given out first.
 *
 * @throws what the source throws, which also limits how long a line may be.
 */
export async function* lineBatches(
  source: AsyncIterable<Uint8Array>,
  pool: BufferPool,
): AsyncGenerator<LineBatch, void, undefined> {
  let buffer = pool.take();
  let length = 0;
  try {
    for await (const chunk of source) {
      for (let start = 0; start < chunk.length;) {
        const end = Math.min(chunk.length, start + buffer.length - length);
        buffer.set(chunk.subarray(start, end), length);
        length += end - start;
        start = end;
        if (length < buffer.length) continue;
        const cut = buffer.subarray(0, length).lastIndexOf(lineFeed) + 1;
        if (cut === 0) {
          buffer = grown(buffer);
          continue;
        }
        const rest = buffer.subarray(cut, length);
        const next = bufferFor(rest.length, pool);
        next.set(rest);
        yield { buffer, length: cut };
        buffer = next;
        length = rest.length;
      }
    }
  } catch (error) {
    const cut = buffer.subarray(0, length).lastIndexOf(lineFeed) + 1;
    if (cut > 0) yield { buffer, length: cut };
    throw error;
  }
  if (length > 0) yield { buffer, length };
}

/** With room for the start of a line that is this long, and for more of it. */
function bufferFor(rest: number, pool: BufferPool): Buffer {
  let size = batchBytes;
  while (size <= rest) size *= 2;
  return size === batchBytes ? pool.take() : Buffer.allocUnsafeSlow(size);
}

function grown(buffer: Buffer): Buffer {
  const larger = Buffer.allocUnsafeSlow(2 * buffer.length);
  buffer.copy(larger);
  return larger;
}
