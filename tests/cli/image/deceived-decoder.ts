/** For refused-images.test.ts: the decoder as it is, given SVG in place of what its parent sends. */
import "../../../cli/image/decode-program.ts";

const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512"></svg>`;
process.emit("message", { bytes: Buffer.from(svg) }, undefined);
