const startedAtNs = BigInt(Date.now()) * 1_000_000n;
const startedAtTick = process.hrtime.bigint();

/** RFC 3339, UTC, nanoseconds: the Actions family's form, e.g. `2026-01-31T12:00:37.131474951Z`. Never the same twice. */
export function nanosecondTimestamp(): string {
  const ns = startedAtNs + (process.hrtime.bigint() - startedAtTick);
  const seconds = new Date(Number(ns / 1_000_000n)).toISOString().slice(0, 19);
  return `${seconds}.${(ns % 1_000_000_000n).toString().padStart(9, "0")}Z`;
}

/** ISO 8601, UTC, milliseconds: the form of every other family. */
export function millisecondTimestamp(): string {
  return new Date().toISOString();
}
