/**
 * Whether a version is at least another; both are numbers separated by dots, of which missing ones count as 0. What follows a
 * hyphen does not count.
 */
export function isAtLeast(version: string, least: string): boolean {
  const [own, other] = [numbersOf(version), numbersOf(least)];
  const difference = [0, 1, 2].map((index) => (own[index] ?? 0) - (other[index] ?? 0)).find((d) => d !== 0);
  return difference === undefined || difference > 0;
}

function numbersOf(version: string): number[] {
  return (version.split("-")[0] ?? "").split(".").map(Number);
}
