/** For prepare-user-image.test.ts: ends as a decoder with a memory error would. */
process.once("message", () => process.kill(process.pid, "SIGSEGV"));
