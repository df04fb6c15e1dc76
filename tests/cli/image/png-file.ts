import { deflateSync } from "node:zlib";

export const pngSignature = Buffer.from("89504e470d0a1a0a", "hex");

/** A PNG chunk with its right CRC, or with a wrong one. */
export function pngChunk(type: string, data: Buffer, crcMask = 0): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([uint32(data.length), body, uint32((crc32(body) ^ crcMask) >>> 0)]);
}

/** A PNG, all zeros, whose header says that size and whose pixels are `rows` rows; without a kind, of 1 bit grey. */
export function blackPng(
  width: number,
  height: number,
  rows: number,
  { depth, colourType }: { depth: number; colourType: 0 | 6 } = { depth: 1, colourType: 0 },
): Buffer {
  const header = Buffer.concat([uint32(width), uint32(height), Buffer.from([depth, colourType, 0, 0, 0])]);
  const rowBits = width * depth * (colourType === 6 ? 4 : 1);
  const pixels = deflateSync(Buffer.alloc(rows * (1 + Math.ceil(rowBits / 8))), { level: 1 });
  return Buffer.concat([pngSignature, pngChunk("IHDR", header), pngChunk("IDAT", pixels), pngEnd]);
}

const pngEnd = pngChunk("IEND", Buffer.alloc(0));

/** The PNG with more chunks after its header. */
export function withChunks(png: Buffer, ...chunks: Buffer[]): Buffer {
  const afterHeader = pngSignature.length + 25;
  return Buffer.concat([png.subarray(0, afterHeader), ...chunks, png.subarray(afterHeader)]);
}

/** The types of the chunks of a PNG, in order. */
export function chunkTypes(png: Buffer): string[] {
  const types: string[] = [];
  for (let at = pngSignature.length; at < png.length; at += 12 + png.readUInt32BE(at)) {
    types.push(png.toString("latin1", at + 4, at + 8));
  }
  return types;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
