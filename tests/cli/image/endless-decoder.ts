/** For prepare-user-image.test.ts: never answers. */
process.once("message", () => {
  for (;;);
});
