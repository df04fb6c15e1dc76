import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { completionScript } from "../../cli/completion.ts";
import { picturesProgram } from "../../cli/pictures-program.ts";

/** What bash offers behind these words; the last one may be the start of a word. */
function completed(...words: string[]): string[] {
  const script = completionScript(picturesProgram(), "bash");
  const line = ["pictures", ...words].map((word) => `'${word}'`).join(" ");
  const ask = `COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _pictures; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, stdout, stderr } = spawnSync("bash", ["--norc", "-c", `${script}\n${ask}`], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout.split("\n").filter((word) => word !== "");
}

describe("completion in bash", () => {
  it("offers nothing for what is not there", () => {
    assert.deepEqual(completed("no-such"), []);
  });

  it("offers commands, aliases too", () => {
    assert.deepEqual(completed("un"), ["unblock", "undo", "unpin"]);
    assert.deepEqual(completed("rem"), ["remove"]);
  });

  it("offers a command's options, behind its arguments too", () => {
    assert.deepEqual(completed("block", "--p"), ["--purge"]);
    assert.deepEqual(completed("block", "auth0|1", "--reason", "x", "--disc"), ["--discourse"]);
  });

  it("offers what belongs to a command below another", () => {
    assert.deepEqual(completed("discourse", "s"), ["sync"]);
    assert.deepEqual(completed("discourse", "sync", "--a"), ["--all"]);
  });
});

describe("completion in other shells", () => {
  it("is bash's in zsh, and a line for each word in fish", () => {
    assert.match(completionScript(picturesProgram(), "zsh"), /bashcompinit\n_pictures\(\)/);
    const fish = completionScript(picturesProgram(), "fish");
    assert.match(
      fish,
      /^complete -c pictures -n '__fish_use_subcommand' -f -a show -d 'Shows a user\\'s picture/m,
    );
    assert.match(
      fish,
      /-n '__fish_seen_subcommand_from discourse; and __fish_seen_subcommand_from sync' -l all /,
    );
  });
});
