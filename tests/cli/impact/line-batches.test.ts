import assert from "node:assert/strict";
import fc from "fast-check";
import { createBufferPool, lineBatches, type LineBatch } from "../../../cli/impact/line-batches.ts";

const lineFeed = 10;

/** What the batches hold, one after the other. Each buffer is used again at once, as by a process that is done with it. */
async function joined(content: Buffer, pieceBytes: number): Promise<Buffer> {
  const pool = createBufferPool();
  const found: Buffer[] = [];
  for await (const { buffer, length } of lineBatches(pieces(content, pieceBytes), pool)) {
    found.push(Buffer.from(buffer.subarray(0, length)));
    pool.giveBack(buffer.fill(0));
  }
  for (const batch of found.slice(0, -1)) assert.equal(batch.at(-1), lineFeed);
  return Buffer.concat(found);
}

// eslint-disable-next-line @typescript-eslint/require-await -- a source is asynchronous, this one has nothing to wait for
async function* pieces(content: Buffer, pieceBytes: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < content.length; start += pieceBytes) {
    yield content.subarray(start, start + pieceBytes);
  }
}

/** Lines of these lengths, with their line feeds; each of a letter of its own. */
function linesOf(lengths: readonly number[]): Buffer {
  return Buffer.concat(lengths.map((length, index) => Buffer.from(`${letter(index).repeat(length - 1)}\n`)));
}

function letter(index: number): string {
  return String.fromCharCode("a".charCodeAt(0) + (index % 26));
}

describe("batches of whole lines", () => {
  it("give out the whole lines before the source fails, then fail", async () => {
    const failing = async function* () {
      yield* pieces(Buffer.from("aa\nbb\ncc"), 4);
      throw new Error("no more");
    };
    const batches = lineBatches(failing(), createBufferPool());
    const { buffer, length } = (await batches.next()).value as LineBatch;
    assert.equal(buffer.toString("utf8", 0, length), "aa\nbb\n");
    await assert.rejects(batches.next(), { message: "no more" });
  });

  for (const lengths of [
    [600_000, 600_000],
    [262_141, 300_000],
  ]) {
    it(`loses nothing of lines of ${lengths.join(" and ")} bytes`, async () => {
      const content = linesOf(lengths);
      assert.ok((await joined(content, 1 << 16)).equals(content));
    });
  }

  it("hold together what came in, whatever the lines' lengths", async () => {
    const around = (power: number) => fc.integer({ min: 2 ** power - 6, max: 2 ** power + 6 });
    const length = fc.oneof(fc.integer({ min: 1, max: 500_000 }), around(18), around(19), around(20));
    const pieceBytes = fc.constantFrom(1 << 12, 1 << 16, (1 << 18) - 1, 1 << 21);
    await fc.assert(
      fc.asyncProperty(
        fc.array(length, { maxLength: 6 }),
        pieceBytes,
        fc.boolean(),
        async (lengths, size, isEnded) => {
          const whole = linesOf(lengths);
          const content = isEnded ? whole : whole.subarray(0, -1);
          assert.ok((await joined(content, size)).equals(content));
        },
      ),
      { numRuns: 60 },
    );
  });
});
