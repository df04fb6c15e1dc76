/** A count for people: its digits in threes. */
export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}
