import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { commitNamed, withCommitFolder, type CommitRequest } from "../../cli/commit-folder.ts";
import { typescriptLoader } from "../../lib/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("the folder of a commit", () => {
  const folder = temporaryFolder();

  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@acme.com", ...args], {
      cwd: join(folder(), "repository"),
      stdio: "pipe",
    });

  beforeEach(() => {
    for (const name of ["actions", "other"]) {
      mkdirSync(join(folder(), "repository", name), { recursive: true });
      writeFileSync(join(folder(), "repository", name, "file"), name);
    }
    git("init", "--quiet");
    git("add", ".");
    git("commit", "--quiet", "--no-verify", "-m", "First");
  });

  const unpacked = (request: Partial<CommitRequest>, use: (folder: string) => void) =>
    withCommitFolder({ named: "HEAD", root: join(folder(), "repository"), ...request }, (commit) =>
      use(commit.folder),
    );

  it("is not used where there is no such commit, or it lacks a folder", async () => {
    const use = () => assert.fail("used");
    for (const named of ["nothing", "--upload-pack=x", "", "HEAD:actions"]) {
      await assert.rejects(unpacked({ named }, use), { message: "There is no such commit here." });
      assert.equal(commitNamed(named, join(folder(), "repository")), undefined);
    }
    await assert.rejects(unpacked({ folders: ["actions", "policy"] }, use));
  });

  it("is gone after a failure, and after a success", async () => {
    let used = "";
    await assert.rejects(
      unpacked({}, (found) => {
        used = found;
        throw new Error("no use");
      }),
      { message: "no use" },
    );
    assert.equal(existsSync(used), false);
    await unpacked({}, (found) => {
      used = found;
      assert.equal(readFileSync(join(found, "other", "file"), "utf8"), "other");
    });
    assert.equal(existsSync(used), false);
    assert.equal(process.listenerCount("SIGTERM"), 0);
  });

  it("holds what is asked for", async () => {
    await unpacked({ folders: ["actions"] }, (found) => assert.deepEqual(readdirSync(found), ["actions"]));
  });

  it("is gone after a signal that came while the process was busy, and the signal ends the process", async () => {
    const file = join(folder(), "go-on");
    const program = join(__dirname, "commit-folder-program.ts");
    const args = ["--require", typescriptLoader, program, join(folder(), "repository"), file];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    const ended = once(child, "exit");
    const [used] = (await once(child.stdout, "data")) as [Buffer];
    assert.equal(existsSync(used.toString()), true);
    child.kill("SIGTERM");
    writeFileSync(file, "");
    assert.deepEqual(await ended, [null, "SIGTERM"]);
    assert.equal(existsSync(used.toString()), false);
  });
});
