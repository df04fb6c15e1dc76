import assert from "node:assert/strict";
import { clientGrantKind, clientKind } from "../../../cli/recover/auth0-kinds.ts";
import { describePlan } from "../../../cli/recover/describe-plan.ts";
import { isEmptyPlan, makePlan, type Plan, type PlanningInput } from "../../../cli/recover/make-plan.ts";
import { readProgram } from "../../../cli/recover/program-resources.ts";
import type { Candidate, ResourceKind, Services } from "../../../cli/recover/resource-kind.ts";
import type { StackState } from "../../../cli/recover/stack-state.ts";
import { previewText, urns, type Ops } from "./program.ts";

interface Tenant {
  readonly clients: readonly string[];
  /** By client. */
  readonly grants: Readonly<Record<string, string>>;
}

const candidate = (id: string): Candidate => ({ id, what: id, isOurs: true, because: "marked" });

function kindsOf({ clients, grants }: Tenant, unfinished?: string): ResourceKind[] {
  return [
    {
      ...clientKind,
      find: () => Promise.resolve(clients.map(candidate)),
      unfinished: () => Promise.resolve(unfinished),
    },
    {
      ...clientGrantKind,
      find: ({ clientId }) => {
        const grant = grants[String(clientId)];
        return Promise.resolve(grant === undefined ? [] : [candidate(grant)]);
      },
    },
  ];
}

const inState = (urn: string, type: string, id: string, isDeleted = false) => ({ urn, type, id, isDeleted });
const client = (id: string, isDeleted = false) =>
  inState(urns.client, "auth0:index/client:Client", id, isDeleted);

function plan(
  tenant: Tenant,
  resources: StackState["resources"],
  ops: Ops = {},
  others: Partial<PlanningInput> = {},
): Promise<Plan> {
  return makePlan({
    mode: "recover",
    program: readProgram(previewText(ops)),
    state: { resources, pendingOperations: [] },
    locks: [],
    kinds: kindsOf(tenant),
    services: {} as Services,
    ...others,
  });
}

const ids = ({ imports, removals }: Plan) => ({
  imports: imports.map(({ candidate: { id } }) => id),
  removals: removals.map(({ candidate: { id } }) => id),
});

describe("the plan of a recovery", () => {
  it("is empty where nothing is there", async () => {
    assert.ok(isEmptyPlan(await plan({ clients: [], grants: {} }, [])));
  });

  it("is empty where the state knows all that is there", async () => {
    const known = [client("c"), inState(urns.grant, "auth0:index/clientGrant:ClientGrant", "g")];
    const ops = { client: "same", grant: "same" };
    assert.ok(isEmptyPlan(await plan({ clients: ["c"], grants: { c: "g" } }, known, ops)));
  });

  it("removes the client of a lost answer where the state has the one of the second try", async () => {
    const made = await plan({ clients: ["lost", "c"], grants: {} }, [client("c")], { client: "same" });
    assert.deepEqual(ids(made), { imports: [], removals: ["lost"] });
  });

  it("imports a client that the state lacks, and then the grant of that client", async () => {
    const made = await plan({ clients: ["c", "twin"], grants: { c: "g", twin: "other" } }, []);
    assert.deepEqual(ids(made), { imports: ["c", "g"], removals: ["twin"] });
    // The twin's grant goes with it.
    assert.deepEqual(made.unclear, []);
  });

  it("finds the grant of a client that the state knows", async () => {
    const made = await plan({ clients: ["c"], grants: { c: "g" } }, [client("c")], { client: "same" });
    assert.deepEqual(ids(made), { imports: ["g"], removals: [] });
  });

  it("leaves a client alone that a replacement is about to delete", async () => {
    const made = await plan({ clients: ["old", "new"], grants: {} }, [client("old", true), client("new")], {
      client: "same",
    });
    assert.ok(isEmptyPlan(made));
  });

  it("finishes what the state takes for finished, but not what the next up changes anyway", async () => {
    const tenant = { clients: ["c"], grants: {} };
    const kinds = kindsOf(tenant, "never deployed");
    const unchanged = await plan(tenant, [client("c")], { client: "same" }, { kinds });
    assert.deepEqual(
      unchanged.finishes.map(({ id, why }) => [id, why]),
      [["c", "never deployed"]],
    );
    const changing = await plan(tenant, [client("c")], { client: "update" }, { kinds });
    assert.deepEqual(changing.finishes, []);
  });

  it("does not remove a grant that the state has under a stale id: it is the only one, and people are told", async () => {
    const state = [client("c"), inState(urns.grant, "auth0:index/clientGrant:ClientGrant", "g")];
    const made = await plan({ clients: ["c"], grants: { c: "unknown" } }, state, {
      client: "same",
      grant: "same",
    });
    assert.deepEqual(ids(made), { imports: [], removals: [] });
    assert.deepEqual(
      made.unclear.map(({ id }) => id),
      ["unknown"],
    );
    assert.match(describePlan(made, "Nothing."), /^Nothing\.\nThis is ours.*- unknown.*pulumi refresh/s);
    const twice = { ...made, unclear: [...made.unclear, ...made.unclear] };
    assert.match(describePlan(twice, "Nothing."), /^Nothing\.\nThese are ours.*They are left alone:/s);
  });

  describe("to adopt the client that the user named", () => {
    const adopt = (chosenId: string) => ({ mode: "adopt", chosenId }) as const;

    it("refuses another one in its place", async () => {
      await assert.rejects(plan({ clients: ["c"], grants: {} }, [], {}, adopt("gone")), {
        code: "adopt-refused",
        message: /id gone\..* c: marked/s,
      });
    });

    it("refuses it where the state has another one already", async () => {
      const made = plan({ clients: ["c", "d"], grants: {} }, [client("c")], { client: "same" }, adopt("d"));
      await assert.rejects(made, { code: "adopt-refused", message: /Client d .*the stack has c / });
    });

    it("has nothing to do where the state has that one already", async () => {
      const ops = { client: "same", grant: "same" };
      assert.ok(isEmptyPlan(await plan({ clients: ["c"], grants: {} }, [client("c")], ops, adopt("c"))));
    });

    it("takes the grant of that client, whatever its id", async () => {
      const made = await plan({ clients: ["c", "d"], grants: { d: "g" } }, [], {}, adopt("d"));
      assert.deepEqual(ids(made), { imports: ["d", "g"], removals: [] });
    });
  });

  describe("where Auth0 refuses to answer", () => {
    const services = { auth0Domain: "acme.eu.auth0.com" } as Services;
    const refusal = Object.assign(new Error("no"), {
      statusCode: 403,
      body: { message: "Insufficient scope" },
    });
    const refusing = (kind: Partial<ResourceKind>) => {
      const [clients, grants] = kindsOf({ clients: ["c"], grants: {} });
      return { services, kinds: [{ ...clients!, ...kind }, grants!] };
    };
    const expected = {
      name: "ExpectedError",
      code: "auth0-forbidden",
      message:
        /403 to reading what could be its Client: Insufficient scope\..*Grant the deploying client read:clients, then/,
    };

    it("to what is there, says what was read and which scope it takes", async () => {
      const others = refusing({ find: () => Promise.reject(refusal) });
      await assert.rejects(plan({ clients: [], grants: {} }, [], {}, others), expected);
    });

    it("to what is unfinished, says the same", async () => {
      const others = refusing({ unfinished: () => Promise.reject(refusal) });
      const made = plan({ clients: ["c"], grants: {} }, [client("c")], { client: "same" }, others);
      await assert.rejects(made, expected);
    });

    it("does not take a bug for a refusal", async () => {
      const bug = new TypeError("x is not a function");
      const others = refusing({ find: () => Promise.reject(bug) });
      await assert.rejects(plan({ clients: [], grants: {} }, [], {}, others), bug);
    });
  });
});
