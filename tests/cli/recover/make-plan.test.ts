import assert from "node:assert/strict";
import { isEmptyPlan, makePlan, type Plan } from "../../../cli/recover/make-plan.ts";
import { readProgram } from "../../../cli/recover/program-resources.ts";
import type { Candidate, ResourceKind } from "../../../cli/recover/resource-kind.ts";
import type { Services } from "../../../cli/recover/services.ts";
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
      type: "auth0:index/client:Client",
      isRepeatable: false,
      find: () => Promise.resolve(clients.map(candidate)),
      remove: () => Promise.resolve(),
      unfinished: () => Promise.resolve(unfinished),
    },
    {
      type: "auth0:index/clientGrant:ClientGrant",
      isRepeatable: false,
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
  unfinished?: string,
): Promise<Plan> {
  return makePlan({
    mode: "recover",
    program: readProgram(previewText(ops)),
    state: { resources, pendingOperations: [] },
    locks: [],
    kinds: kindsOf(tenant, unfinished),
    services: {} as Services,
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
    const unchanged = await plan(tenant, [client("c")], { client: "same" }, "never deployed");
    assert.deepEqual(
      unchanged.finishes.map(({ id, why }) => [id, why]),
      [["c", "never deployed"]],
    );
    const changing = await plan(tenant, [client("c")], { client: "update" }, "never deployed");
    assert.deepEqual(changing.finishes, []);
  });

  it("does not remove what nobody knows how to remove: people are told", async () => {
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
  });
});
