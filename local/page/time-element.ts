/** The time of day, UTC, with the whole moment for machines. An invalid date is named so. */
export function timeElement(at: Date): string {
  if (Number.isNaN(at.getTime())) return "at an unknown time";
  const moment = at.toISOString();
  return `<time datetime="${moment}">${moment.slice(11, 19)} UTC</time>`;
}
