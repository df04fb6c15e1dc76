import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { sha256 } from "../lib/hash.ts";
import { pinFiles, type PinRecord } from "../stack/pins.ts";
import { recordProgram, type ProgramSurroundings } from "./record-program.ts";
import { surroundingsOf } from "./record-stack.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const dev = surroundingsOf("dev");
const code = "exports.onExecutePostLogin = async () => {};\n";

describe("the program with a pinned Action", () => {
  const folder = temporaryFolder();
  let surroundings: ProgramSurroundings;

  beforeEach(() => {
    const env = { ...dev.env, PICTURES_STACK_FOLDER: folder() };
    surroundings = { ...dev, env };
    const files = pinFiles("dev", env);
    const record: PinRecord = {
      version: 1,
      codeHash: sha256(code),
      runtime: "node18-actions",
      dependencies: [{ name: "lodash", version: "4.17.21" }],
      pinnedAt: "2026-03-01T12:00:00.000Z",
      deployed: { id: "id-3", number: 3 },
      replaced: { number: 2, codeHash: "0" },
    };
    mkdirSync(files.folder, { recursive: true });
    writeFileSync(files.code("user-picture"), code);
    writeFileSync(files.record("user-picture"), JSON.stringify(record));
  });

  /** The tenant runs version 3 of user-picture, which nobody deployed with Pulumi. */
  const rolledBack = () => ({
    ...surroundings,
    deployed: [{ name: "user-picture", versionId: "id-3", number: 3, codeHash: sha256(code) }],
    state: {
      "urn:pulumi:dev::auth0-user-pictures::auth0-user-pictures:index:DeploymentRecord::deployments": {
        records: { "user-picture": { codeHash: sha256("the source"), replacedVersion: "id-1" } },
      },
    },
  });

  it("stops, and says which pin to commit, where the pin is not there", async () => {
    await assert.rejects(recordProgram({ ...rolledBack(), env: dev.env }), {
      message:
        /there is no pin here.*commit its pin.*pins\/dev\/user-picture\.js and \.json.*\[deployed-version-unknown\]$/s,
    });
  });

  it("deploys the pin, with its runtime and modules, and the other Action from the source", async () => {
    const { resources } = await recordProgram(rolledBack());
    const inputsOf = (action: string) =>
      resources.find(({ type, name }) => type.endsWith(":Action") && name === action)?.inputs;
    const pinned = inputsOf("user-picture");
    assert.equal(pinned?.["code"], code);
    assert.equal(pinned["runtime"], "node18-actions");
    assert.deepEqual(pinned["dependencies"], [{ name: "lodash", version: "4.17.21" }]);
    const other = inputsOf("default-picture");
    assert.match(String(other?.["code"]), /made by auth0-user-pictures/);
    assert.equal(other?.["dependencies"], undefined);
  });
});
