/** For refused-images.test.ts: a decoder that a file took over, and that answers with its environment. */
process.once("message", () =>
  process.send?.({ refused: "broken", why: JSON.stringify(process.env) }, () => process.disconnect()),
);
