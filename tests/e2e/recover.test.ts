import assert from "node:assert/strict";
import { requirePulumi, runPulumi } from "../../local/start/run-pulumi.ts";
import { interruptionsOf, type Interruptions } from "./interrupted-run.ts";
import { runPictures } from "./run-pictures.ts";
import { apiForSuite, worldForSuite } from "./world.ts";

interface Action {
  readonly name: string;
  readonly code: string;
  readonly all_changes_deployed: boolean;
}
interface Client {
  readonly client_id: string;
  readonly name: string;
  readonly client_metadata: Readonly<Record<string, string>>;
}

const up = ["up", "--yes", "--skip-preview"];

/** A sample; `npm run crash` goes through every call. The tests are one story, in the order in which they stand. */
describe("recover", function () {
  this.timeout(600_000);
  const world = worldForSuite();
  let interruptions: Interruptions;
  let stranger: string;
  // Before the tenant's first request: no hook can be added after it.
  before(() => {
    interruptions = interruptionsOf(world());
  });
  const api = apiForSuite(world);

  before(async () => {
    const { tenant } = world();
    await requirePulumi(world(), ["stack", "init", "local"]);
    stranger = tenant.clients.create({ name: "User pictures", app_type: "non_interactive" }).client_id;
  });

  const clients = async () =>
    ((await api.call("GET", "/clients?per_page=100")) as Client[]).filter(
      ({ name }) => name === "User pictures",
    );

  async function assertInStep(): Promise<void> {
    await requirePulumi(world(), ["preview", "--refresh", "--expect-no-changes"]);
    const { actions } = (await api.call("GET", "/actions/actions")) as { actions: Action[] };
    assert.deepEqual(actions.map(({ name, all_changes_deployed: deployed }) => [name, deployed]).sort(), [
      ["default-picture", true],
      ["user-picture", true],
    ]);
    const ours = (await clients()).filter(({ client_id: id }) => id !== stranger);
    assert.deepEqual(
      ours.map(({ client_metadata: metadata }) => metadata),
      [{ managed_by: "auth0-user-pictures", stack: "local" }],
    );
    const grants = (await api.call("GET", `/client-grants?client_id=${ours[0]!.client_id}`)) as unknown[];
    assert.equal(grants.length, 1);
  }

  it("imports and removes what lost answers left; a client without our mark stays, and is named", async () => {
    const { faults } = world().tenant;
    const lost = ["/api/v2/actions/actions", "/api/v2/clients"];
    faults.set(lost.map((path) => ({ kind: "drop-after", method: "POST", path, times: 1 })));
    // The grant is for the next test, whichever of the two fails first here.
    const { code: failed } = await runPulumi(world(), [...up, "--exclude", "**:ClientGrant::user-pictures"]);
    assert.notEqual(failed, 0);
    assert.deepEqual(
      faults
        .injected()
        .map(({ route }) => route)
        .sort(),
      lost,
    );
    faults.clear();

    const { code, output } = await runPictures(world(), "recover", "--yes");
    assert.equal(code, 0, output);
    assert.match(output, new RegExp(`left alone:\\n.*${stranger}.*lacks the mark`, "s"));
    assert.match(output, /Imported Action.*Removed client/s);
  });

  it("imports what a run made that was killed before it got the answer", async () => {
    const { killedAt } = await interruptions.run(up, (call) => call === "POST /client-grants");
    assert.ok(killedAt);
    const { code, output } = await runPictures(world(), "recover", "--yes");
    assert.equal(code, 0, output);
    assert.match(output, /Cleared the lock\..*Imported grant/s);
    await requirePulumi(world(), up);
    await assertInStep();
    assert.ok((await clients()).some(({ client_id: id }) => id === stranger));
  });

  it("clears what a run left that was killed between a draft and its deployment", async () => {
    await world().configure({ social: "replace" });
    const { killedAt } = await interruptions.run(up, (call) => call.startsWith("PATCH /actions/actions/"));
    assert.ok(killedAt);
    const { code, output } = await runPictures(world(), "recover", "--yes", "--json");
    assert.equal(code, 0, output);
    assert.match(output, /"done": true/);
    await requirePulumi(world(), up);
    await assertInStep();
  });

  it("says that there is nothing to recover where all is in step", async () => {
    const { code, output } = await runPictures(world(), "recover");
    assert.equal(code, 0, output);
    assert.match(output, /nothing to recover/);
  });
});
