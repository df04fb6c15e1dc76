/** For prepare-user-image.test.ts: a decoder that a file took over, and that answers with something else than pixels. */
process.once("message", () =>
  process.send?.({ pixels: Buffer.from("<script>") }, () => process.disconnect()),
);
