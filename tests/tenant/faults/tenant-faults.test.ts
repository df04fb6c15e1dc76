import assert from "node:assert/strict";
import { parseFaultOption, parseFaultRules } from "../../../tenant/faults/fault-rule.ts";
import { createFaultPlan, type FaultPlan } from "../../../tenant/faults/tenant-faults.ts";

const clients = { method: "GET", path: "/api/v2/clients", route: "/api/v2/clients" };
const user = (id: string) => ({ method: "GET", path: `/api/v2/users/${id}`, route: "/api/v2/users/:id" });

function happenings(plan: FaultPlan, count: number, request = clients): boolean[] {
  return Array.from({ length: count }, () => plan.decide(request).length > 0);
}

describe("createFaultPlan", () => {
  const half = [{ kind: "500", probability: 0.5 }] as const;

  it("repeats itself with the same seed, and only with that", () => {
    const run = (seed: number) => happenings(createFaultPlan(half, seed), 64);
    assert.deepEqual(run(7), run(7));
    assert.notDeepEqual(run(7), run(8));
  });

  it("decides the same whatever else is asked in between, and whatever the ids are", () => {
    const alone = createFaultPlan(half, 7);
    const among = createFaultPlan(half, 7);
    const expected = Array.from({ length: 64 }, (_, index) => alone.decide(user(`a${index}`)).length);
    const found = expected.map((_, index) => {
      among.decide(clients);
      return among.decide(user(`b${index}`)).length;
    });
    assert.deepEqual(found, expected);
  });

  it("happens about as often as the probability says", () => {
    const count = happenings(createFaultPlan([{ kind: "429", probability: 0.2 }], 1), 5000).filter(
      Boolean,
    ).length;
    assert.ok(count > 850 && count < 1150, String(count));
  });

  it("lets the first ones through and then happens so many times", () => {
    const plan = createFaultPlan([{ kind: "500", skip: 2, times: 3 }], 1);
    assert.deepEqual(happenings(plan, 7), [false, false, true, true, true, false, false]);
  });

  it("takes a path's * for any characters and everything else as it is", () => {
    const plan = createFaultPlan([{ kind: "500", path: "/api/v2/us*/a.b" }], 1);
    assert.equal(plan.decide(user("a.b")).length, 1);
    assert.equal(plan.decide(user("axb")).length, 0);
    assert.equal(plan.decide({ ...user("a.b"), path: "/x/api/v2/users/a.b" }).length, 0);
  });

  it("ends with the first fault that ends the request", () => {
    const rules = (["latency", "500", "429"] as const).map((kind) => ({ kind }));
    const kinds = createFaultPlan(rules, 1)
      .decide(clients)
      .map(({ kind }) => kind);
    assert.deepEqual(kinds, ["latency", "500"]);
  });

  it("does not use up a build's fault on other requests, nor a stale read's on writes", () => {
    const plan = createFaultPlan([{ kind: "failing-build" }, { kind: "stale-read" }], 1);
    assert.deepEqual(
      plan.decide(clients).map(({ kind }) => kind),
      ["stale-read"],
    );
    const path = "/api/v2/actions/actions";
    assert.deepEqual(
      plan.decide({ method: "POST", path, route: path }).map(({ kind }) => kind),
      ["failing-build"],
    );
  });

  it("has nothing but searches for users take too long", () => {
    const plan = createFaultPlan([{ kind: "503" }], 1);
    const path = "/api/v2/users";
    assert.equal(plan.decide(clients).length, 0);
    assert.equal(plan.decide({ method: "POST", path, route: path }).length, 0);
    assert.equal(plan.decide({ method: "GET", path: `${path}/a`, route: `${path}/:id` }).length, 0);
    assert.equal(plan.decide({ method: "GET", path, route: path }).length, 1);
  });

  it("has nothing but imports fail as one", () => {
    const plan = createFaultPlan([{ kind: "failing-import" }], 1);
    const path = "/api/v2/jobs/users-imports";
    assert.equal(plan.decide(clients).length, 0);
    assert.equal(plan.decide({ method: "POST", path, route: path }).length, 1);
  });
});

describe("parseFaultRules", () => {
  const wrong: [string, unknown, RegExp][] = [
    ["no list", {}, /rules must be a list/],
    ["a rule that is no object", [1], /rules\[0\] must be an object/],
    ["no kind", [{}], /rules\[0\]: kind must be one of latency, 429/],
    ["an unknown kind", [{ kind: "504" }], /kind must be one of/],
    ["an unknown field", [{ kind: "500", chance: 1 }], /chance is unknown; the fields are kind, probability/],
    ["a probability above 1", [{ kind: "500", probability: 20 }], /probability must be a number from 0 to 1/],
    ["a negative time", [{ kind: "latency", ms: -1 }], /ms must be milliseconds/],
    ["a method in small letters", [{ kind: "500", method: "get" }], /method must be/],
    ["half a time", [{ kind: "500", times: 0.5 }], /times must be a whole number/],
    ["a path from nowhere", [{ kind: "500", path: "api" }], /path must be/],
  ];
  for (const [what, rules, message] of wrong) {
    it(`refuses ${what} and says where`, () => {
      assert.throws(() => parseFaultRules(rules), { code: "bad-fault", message });
    });
  }
});

describe("parseFaultOption", () => {
  it("reads a kind alone", () => {
    assert.deepEqual(parseFaultOption("drop-after"), { kind: "drop-after" });
  });

  it("reads fields", () => {
    assert.deepEqual(parseFaultOption("429:probability=0.2,method=POST,path=/api/v2/users/*,ms=1000"), {
      kind: "429",
      probability: 0.2,
      method: "POST",
      path: "/api/v2/users/*",
      ms: 1000,
    });
  });

  for (const text of ["", "504", "500:probability", "500:ms=", "500:times=x", "500:kind=429,odd=1"]) {
    it(`refuses '${text}'`, () => {
      assert.throws(() => parseFaultOption(text), { code: "bad-fault" });
    });
  }
});
