import assert from "node:assert/strict";
import fc from "fast-check";
import { createFrameReader, frame, frameHeaderBytes } from "../../sandbox/frames.ts";

interface Read {
  readonly frames: { readonly kind: number; readonly content: string }[];
  tooLong: number;
  readonly add: (chunk: Buffer) => void;
}

function reading(mostBytes: number): Read {
  const read: Read = {
    frames: [],
    tooLong: 0,
    add: createFrameReader(
      mostBytes,
      (kind, content) => read.frames.push({ kind, content: content.toString("hex") }),
      () => (read.tooLong += 1),
    ).add,
  };
  return read;
}

const mostBytes = 64;
const arbitraryFrames = fc.array(
  fc.record({ kind: fc.integer({ min: 0, max: 255 }), content: fc.uint8Array({ maxLength: mostBytes }) }),
  { maxLength: 20 },
);

/** The bytes in pieces of these lengths, over and over. */
function chunksOf(bytes: Buffer, lengths: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const length = lengths[turn % lengths.length] ?? 1;
    chunks.push(bytes.subarray(at, at + length));
    at += length;
  }
  return chunks;
}

describe("createFrameReader()", () => {
  it("reads nothing more once a frame was announced that is too long", () => {
    const read = reading(mostBytes);
    const header = Buffer.from([mostBytes + 1, 0, 0, 0, 2]);
    for (const byte of [...header, ...frame(2, "x")]) read.add(Buffer.from([byte]));
    read.add(frame(2, "x"));
    assert.deepEqual([read.frames, read.tooLong], [[], 1]);
  });

  it("is told of the largest length there is by the header alone", () => {
    const read = reading(mostBytes);
    read.add(Buffer.from([0xff, 0xff, 0xff, 0xff, 2]));
    assert.equal(read.tooLong, 1);
  });

  it("gives what stands before a frame that is too long, and nothing behind it", () => {
    const read = reading(mostBytes);
    read.add(Buffer.concat([frame(2, "a"), frame(2, "x".repeat(mostBytes + 1)), frame(2, "b")]));
    assert.deepEqual([read.frames, read.tooLong], [[{ kind: 2, content: "61" }], 1]);
  });

  it("gives nothing of a frame whose end does not come", () => {
    const read = reading(mostBytes);
    read.add(frame(2, "whole").subarray(0, -1));
    assert.deepEqual([read.frames, read.tooLong], [[], 0]);
  });

  it("reads the same frames in whatever pieces they come", () => {
    fc.assert(
      fc.property(
        arbitraryFrames,
        fc.array(fc.integer({ min: 1, max: 3 * mostBytes }), { minLength: 1, maxLength: 10 }),
        (frames, lengths) => {
          const bytes = Buffer.concat(frames.map(({ kind, content }) => frame(kind, content)));
          const read = reading(mostBytes);
          for (const chunk of chunksOf(bytes, lengths)) read.add(chunk);
          const expected = frames.map(({ kind, content }) => ({
            kind,
            content: Buffer.from(content).toString("hex"),
          }));
          assert.deepEqual([read.frames, read.tooLong], [expected, 0]);
        },
      ),
    );
  });

  it("never gives more than was announced, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
        const read = reading(mostBytes);
        for (const chunk of chunks) read.add(Buffer.from(chunk));
        const given = read.frames.reduce(
          (sum, { content }) => sum + frameHeaderBytes + content.length / 2,
          0,
        );
        assert.ok(read.tooLong <= 1);
        assert.ok(given <= chunks.reduce((sum, { length }) => sum + length, 0));
        assert.ok(read.frames.every(({ content }) => content.length / 2 <= mostBytes));
      }),
    );
  });
});
