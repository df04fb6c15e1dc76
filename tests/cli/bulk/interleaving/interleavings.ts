import type { Player } from "./gate.ts";

/**
 * The orders of `block`'s requests among those of a bulk command in which both reads come together, and the write comes
 * together with the read after it: each place of the write, with the reads in each place before it.
 *
 * That is all there is to find. What the tenant does at a request depends on what was written before it, and `block` writes
 * once: for the bulk command an order is the place of that write, and for `block` it is which of the bulk command's writes come before its
 * reads, between the reads and its write, and after that. Two reads that are apart see no more than two at the earlier place, since the
 * second one decides whether `block` goes on.
 *
 * @param count Of the bulk command's requests.
 */
export function* straddlingOrders(count: number): Generator<Player[]> {
  for (let read = 0; read <= count; read += 1) {
    for (let write = read; write <= count; write += 1) yield orderOf(count, [read, read, write, write]);
  }
}

/** Every order of the requests of both. */
export function* allOrders(count: number, others: number): Generator<Player[]> {
  for (const places of rising(others, 0, count)) yield orderOf(count, places);
}

/** How many orders `allOrders` has. */
export function numberOfOrders(count: number, others: number): number {
  let orders = 1;
  for (let chosen = 1; chosen <= others; chosen += 1) orders = (orders * (count + chosen)) / chosen;
  return orders;
}

function* rising(length: number, from: number, to: number): Generator<number[]> {
  if (length === 0) yield [];
  else {
    for (let first = from; first <= to; first += 1) {
      for (const rest of rising(length - 1, first, to)) yield [first, ...rest];
    }
  }
}

/** @param places For each request of `block`, after how many of the bulk command's it comes. */
function orderOf(count: number, places: readonly number[]): Player[] {
  const order: Player[] = [];
  for (let done = 0; done <= count; done += 1) {
    order.push(...places.filter((place) => place === done).map(() => "block" as const));
    if (done < count) order.push("bulk");
  }
  return order;
}
