import assert from "node:assert/strict";
import { unknownValue } from "../../../plugins/grpc/property-map.ts";
import { deployedAction } from "../../tenant/setup-tenant.ts";
import { providerOnTenant, rateLimitWrites } from "./provider-on-tenant.ts";

const token = "userpictures:index:SharedFlow";
const path = "/actions/triggers/post-login/bindings";
const request = { name: "post-login", oldInputs: {}, randomSeed: Buffer.from(""), proposedName: undefined };

interface Flow {
  readonly ids: Readonly<Record<string, string>>;
  readonly inputs: {
    readonly trigger: string;
    readonly position: string;
    readonly actions: readonly object[];
  };
}

describe("SharedFlow", () => {
  const setup = providerOnTenant();

  /** Others' Actions x, y and z are bound, ours (p, then u) are deployed. */
  async function flow(position = "last"): Promise<Flow> {
    const { api } = setup();
    const ids: Record<string, string> = {};
    for (const name of ["x", "y", "z", "p", "u"]) ids[name] = await deployedAction(api, name);
    await bind("x", "y", "z");
    return { ids, inputs: inputsOf(ids, position) };
  }

  function inputsOf(ids: Readonly<Record<string, string>>, position: string): Flow["inputs"] {
    const actions = ["p", "u"].map((name) => ({ id: ids[name], displayName: name }));
    return { trigger: "post-login", position, actions };
  }

  /** Binds by hand; x shows another name than its own. */
  async function bind(...names: readonly string[]): Promise<void> {
    const bindings = names.map((value) => ({
      ref: { type: "action_name", value },
      display_name: value === "x" ? "Fraud check" : value,
    }));
    assert.equal((await setup().api("PATCH", path, { bindings })).status, 200);
  }

  async function shown(): Promise<string[]> {
    const { body } = await setup().api("GET", path);
    return (body as unknown as { bindings: { display_name: string }[] }).bindings.map(
      ({ display_name }) => display_name,
    );
  }

  const check = (inputs: object, oldInputs: object = {}) =>
    setup().provider.check(token, { ...request, inputs: { ...inputs }, oldInputs: { ...oldInputs } });
  const create = (inputs: object) => setup().provider.create(token, { ...inputs }, false);

  /** As {@link bind}, but x's binding holds a secret. */
  async function bindWithSecret(...names: readonly string[]): Promise<void> {
    const secrets = [{ name: "API_KEY", value: "hidden" }];
    const bindings = names.map((value) => ({
      ref: { type: "action_name", value },
      display_name: value,
      ...(value === "x" ? { secrets } : {}),
    }));
    assert.equal((await setup().api("PATCH", path, { bindings })).status, 200);
  }

  it("writes nothing where another's binding holds secrets, and names them", async () => {
    const { inputs } = await flow();
    await bindWithSecret("x");
    await assert.rejects(create(inputs), { code: "flow-secrets", message: /x \(API_KEY\)/ });
    assert.deepEqual(setup().writes, []);
  });

  it("refuses in the preview already to lose another binding's secrets", async () => {
    const { inputs } = await flow();
    await bindWithSecret("x");
    const unborn = ["p", "u"].map((displayName) => ({ id: unknownValue, displayName }));
    const fewer = { ...inputs, actions: inputs.actions.slice(1) };
    const refused = { code: "flow-secrets", message: /x \(API_KEY\)/ };
    await assert.rejects(async () => check({ ...inputs, actions: unborn }), refused);
    await assert.rejects(async () => check(inputs, fewer), refused);
  });

  it("does not mind another binding's secrets where nothing would be written", async () => {
    const { inputs } = await flow();
    await bindWithSecret("x", "p", "u");
    assert.deepEqual((await check(inputs)).problems, []);
    await bindWithSecret("p", "x", "u");
    assert.deepEqual((await check(inputs, inputs)).problems, []);
  });

  it("keeps what others changed while it waited for the end of a rate limit", async () => {
    const { inputs } = await flow();
    rateLimitWrites(setup(), 4, () => bind("z", "x"));
    await create(inputs);
    assert.equal((await shown()).join(" "), "z Fraud check p u");
  });

  it("gives up where the rate limit does not end", async () => {
    const { inputs } = await flow();
    rateLimitWrites(setup(), 100, () => Promise.resolve());
    await assert.rejects(create(inputs), { status: 429 });
    assert.equal(setup().writes.length, 6);
  });

  it("fails where somebody else changes the flow while it is written, and says what it is now", async () => {
    const { inputs } = await flow();
    setup().afterAnswer = async (method) => {
      if (method === "PATCH") await bind("y", "z", "p", "u");
    };
    await assert.rejects(create(inputs), {
      code: "flow-changed-meanwhile",
      message: /should be Fraud check, y, z, p, u, and it is y, z, p, u\./,
    });
  });

  it("refuses a position that names an Action that is not bound, or one of ours, and names those that are", async () => {
    const { inputs } = await flow("before:none");
    const [problem] = (await check(inputs)).problems;
    assert.match(problem?.reason ?? "", /before:none: no Action of that name.* These are bound: x, y, z$/);
    await assert.rejects(create(inputs), { code: "flow-position" });
    await bind("x", "p", "u");
    const own = await check({ ...inputs, position: "after:p" });
    assert.match(own.problems[0]?.reason ?? "", /one of this project's own Actions/);
    assert.equal((await check({ ...inputs, position: "middle" })).problems.length, 1);
  });

  it("refuses a flow of more Actions than Auth0 takes", async () => {
    const { inputs } = await flow();
    const actions = Array.from({ length: 18 }, (_, index) => ({ id: `new-${index}`, displayName: "new" }));
    assert.match((await check({ ...inputs, actions })).problems[0]?.reason ?? "", /21 Actions.* at most 20/);
  });

  it("refuses inputs that are missing or that it does not have", async () => {
    const { problems } = await check({ trigger: "post-login", actions: [], order: 1 });
    assert.deepEqual(problems.map(({ property }) => property).sort(), ["order", "position"]);
  });

  for (const [position, expected] of [
    ["first", "p u Fraud check y z"],
    ["last", "Fraud check y z p u"],
    ["before:y", "Fraud check p u y z"],
    ["after:x", "Fraud check p u y z"],
  ] as const) {
    it(`binds ours ${position}, and leaves the others where they are with their display names`, async () => {
      const { inputs } = await flow(position);
      await create(inputs);
      assert.equal((await shown()).join(" "), expected);
    });
  }

  it("writes nothing where ours are bound already as they should be", async () => {
    const { inputs } = await flow();
    await bind("x", "y", "z", "p", "u");
    await create(inputs);
    assert.deepEqual(setup().writes, []);
  });

  it("takes a write for done whose answer was lost, and does it once", async () => {
    const { inputs } = await flow();
    setup().afterAnswer = (method) =>
      method === "PATCH" ? Promise.reject(new Error("reset")) : Promise.resolve();
    await create(inputs);
    assert.equal(setup().writes.length, 1);
    assert.equal((await shown()).join(" "), "Fraud check y z p u");
  });

  it("unbinds an Action that is no longer ours, and only that", async () => {
    const { inputs } = await flow();
    const { id, outputs } = await create(inputs);
    const fewer = { ...inputs, actions: inputs.actions.slice(1) };
    await setup().provider.update(token, { id, inputs: fewer, oldOutputs: outputs }, false);
    assert.equal((await shown()).join(" "), "Fraud check y z u");
  });

  it("unbinds only ours when it goes, wherever others were moved", async () => {
    const { inputs } = await flow();
    const { id, outputs } = await create(inputs);
    await bind("z", "p", "x", "u", "y");
    await setup().provider.remove(token, id, outputs);
    assert.equal((await shown()).join(" "), "z Fraud check y");
    await setup().provider.remove(token, id, outputs);
    assert.equal(setup().writes.length, 2);
  });

  it("sees no drift where only others moved, came or went, but warns that they run after ours", async () => {
    const { inputs } = await flow();
    const { id, outputs } = await create(inputs);
    await bind("p", "z", "u", "y");
    const read = await setup().provider.read(token, id, { inputs: { ...inputs }, outputs });
    assert.deepEqual(read, { id, inputs, outputs });
    const { warnings, problems } = await check(inputs);
    assert.deepEqual(problems, []);
    assert.match(warnings?.[0] ?? "", /runs p, z, u, y; position last means z, y, p, u/);
    assert.match(warnings?.[1] ?? "", /These run after our Actions: z, y/);
  });

  it("warns of nothing where ours run last", async () => {
    const { inputs } = await flow();
    await create(inputs);
    assert.deepEqual((await check(inputs)).warnings, []);
  });

  it("checks a flow by names before its own Actions exist", async () => {
    const { inputs } = await flow("before:z");
    await bind("x", "p", "z");
    const actions = ["p", "u"].map((displayName) => ({ id: unknownValue, displayName }));
    assert.match(
      (await check({ ...inputs, actions })).warnings?.[0] ?? "",
      /These run after our Actions: z\./,
    );
  });

  it("sees drift where ours changed their order or were unbound", async () => {
    const { ids, inputs } = await flow();
    const { id, outputs } = await create(inputs);
    for (const names of [["u", "p", "x"], ["x", "u"], []]) {
      await bind(...names);
      const read = await setup().provider.read(token, id, { inputs: { ...inputs }, outputs });
      const found = names
        .filter((name) => name !== "x")
        .map((name) => ({ id: ids[name], displayName: name }));
      assert.deepEqual(read?.inputs["actions"], found);
      assert.notDeepEqual(setup().provider.diff(token, read.inputs, { ...inputs }), []);
    }
  });

  it("is imported by the trigger, with names where others are bound too", async () => {
    const { inputs } = await flow("before:y");
    await bind("x", "p", "u", "y");
    const known = { inputs: undefined, outputs: {} };
    const named = await setup().provider.read(token, "post-login/p,u/before:y", known);
    assert.deepEqual(named, { id: "post-login", inputs, outputs: inputs });
    await bind("p", "u");
    const whole = await setup().provider.read(token, "post-login", known);
    assert.deepEqual(whole?.inputs, { ...inputs, position: "last" });
  });

  it("says which scope is missing", async () => {
    const { inputs } = await flow();
    const limited = await setup().providerWith("read:actions");
    await assert.rejects(limited.create(token, { ...inputs }, false), {
      code: "auth0-refused",
      message: /403.*update:actions/,
    });
  });
});
