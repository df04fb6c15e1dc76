import assert from "node:assert/strict";
import { readProgram, resolvedInputs } from "../../../cli/recover/program-resources.ts";
import { readStackState, withoutPendingOperations } from "../../../cli/recover/stack-state.ts";
import { previewText, resourceNamed, urns } from "./program.ts";

const exported = JSON.stringify({
  version: 3,
  deployment: {
    secrets_providers: { type: "passphrase", state: { salt: "s" } },
    resources: [
      { urn: urns.client, type: "auth0:index/client:Client", custom: true, id: "new" },
      { urn: urns.client, type: "auth0:index/client:Client", custom: true, id: "old", delete: true },
    ],
    pending_operations: [{ type: "creating", resource: { urn: urns.grant } }],
  },
});

describe("a stack's exported state", () => {
  it("that is no state is an expected error, and is not repeated", () => {
    for (const text of ["", "[]", '{"secret": 1}']) {
      assert.throws(() => readStackState(text), { code: "state-unreadable", message: /^(?!.*secret)/ });
    }
  });

  it("of a new stack has nothing in it", () => {
    assert.deepEqual(readStackState('{"version":3,"deployment":{"manifest":{}}}'), {
      resources: [],
      pendingOperations: [],
    });
  });

  it("says what is there, what is about to be deleted, and what a killed run was doing", () => {
    const { resources, pendingOperations } = readStackState(exported);
    assert.deepEqual(
      resources.map(({ id, isDeleted }) => [id, isDeleted]),
      [
        ["new", false],
        ["old", true],
      ],
    );
    assert.deepEqual(pendingOperations, [{ type: "creating", urn: urns.grant }]);
  });

  it("loses nothing but the pending operations when these are cleared", () => {
    const { pending_operations: _, ...kept } = (JSON.parse(exported) as { deployment: object })
      .deployment as {
      pending_operations: unknown;
    };
    assert.deepEqual(JSON.parse(withoutPendingOperations(exported)), { version: 3, deployment: kept });
  });
});

describe("a preview of the program", () => {
  it("that is no preview is an expected error", () => {
    assert.throws(() => readProgram("error: no"), { code: "preview-unreadable" });
  });

  it("names the stack and its project, and says what the state lacks", () => {
    const program = readProgram(previewText({ client: "same", grant: "create-replacement" }));
    assert.deepEqual([program.stack, program.project], ["dev", "pictures"]);
    assert.deepEqual(
      program.resources.map(({ name, isMissing }) => [name, isMissing]),
      [
        ["pictures-dev", true],
        ["auth0", true],
        ["management-client", true],
        ["user-pictures", false],
        ["user-pictures", false],
      ],
    );
  });

  it("has the ids in its inputs that are known by now, and leaves out those that are not", () => {
    const grant = resourceNamed(readProgram(previewText()), "grant");
    assert.deepEqual(
      resolvedInputs(grant, (urn) => (urn === urns.client ? "c" : undefined)),
      { clientId: "c", audience: "api" },
    );
    assert.deepEqual(
      resolvedInputs(grant, () => undefined),
      { audience: "api" },
    );
  });
});
