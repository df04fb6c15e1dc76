import assert from "node:assert/strict";
import { allOrders, numberOfOrders, straddlingOrders } from "./interleaving/interleavings.ts";
import { callsAlone, meetInOrder, requestsOfBlock, scenarios } from "./interleaving/scenarios.ts";
import { openMeetingStage, type MeetingStage } from "./interleaving/stage.ts";

/**
 * Each order is a meeting of two processes that share no lock, as on two machines. Afterwards the user is blocked, or `block`
 * said that it refused; a login shows the default image; the other users have what the file asks for; and the bulk command says so
 * if it read the user after the block was set. `npm run interleavings` does the same in every order of all
 * requests; see `straddlingOrders` for why these are enough.
 */
describe("a block at any moment of a bulk command on another machine", () => {
  let stage: MeetingStage;
  before(async () => {
    stage = await openMeetingStage();
  });
  after(() => stage.close());

  for (const scenario of scenarios) {
    it(`holds while ${scenario.name}`, async () => {
      const { length } = await callsAlone(stage, scenario);
      for (const order of straddlingOrders(length)) {
        const wrong = await meetInOrder(stage, scenario, order);
        assert.equal(wrong.join("\n"), "");
      }
      assert.deepEqual(stage.tenant.unhandled, []);
    });
  }
});

describe("the orders of two commands' requests", () => {
  const texts = (orders: Iterable<readonly string[]>) => [...orders].map((order) => order.join());

  it("are all there, each once", () => {
    const orders = texts(allOrders(5, requestsOfBlock));
    assert.equal(orders.length, 126);
    assert.equal(new Set(orders).size, numberOfOrders(5, requestsOfBlock));
  });

  it("have the write in each place, and the reads in each place before it", () => {
    const orders = texts(straddlingOrders(5));
    assert.equal(new Set(orders).size, 21);
    const all = new Set(texts(allOrders(5, requestsOfBlock)));
    assert.ok(orders.every((order) => all.has(order)));
  });
});
