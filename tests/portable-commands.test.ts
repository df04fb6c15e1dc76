import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../lib/project.ts";
import { unportableCommands } from "./portable-commands.ts";

describe("the project's files", () => {
  const planted: readonly string[] = [
    'dir=$(dirname "$(readlink -f "$0")")',
    'execFileSync("readlink", ["-f", file])',
    "realpath --relative-to=. x",
    "sed -i 's/a/b/' Pulumi.dev.yaml",
    'spawnSync("sed", ["-i", expression, file])',
    "sed -n -r 's/a/b/p' x",
    "stat -c %s out.js",
    'execFile("stat", ["--format=%s", file])',
    "date -d yesterday",
    "date --iso-8601",
    "date +%s%N",
    "grep -oP 'x' y",
    "find . -name '*.ts' | xargs -r rm",
    "find . -type f -printf '%p'",
    "cp -t target a b",
    "cp --reflink=auto a b",
    "ln -sr a b",
    "base64 -w0 key.pem",
    "touch --date=now x",
    "du -sb .",
    "head -n -1 x",
    "tail --pid=17 -f log",
    'spawn("ps", ["-o", "stat=", "--ppid", String(parentPid)])',
    "ps -C node",
    "tar -czf a.tgz --owner=0 b",
    "mktemp -d --suffix=.x",
    "mktemp -p .",
    "ls --color a",
    "rm -r --force a",
    "install -D a b/c",
    "netstat -tlnp",
    "sha256sum -c sums",
    "sha256sum pulumi.tar.gz",
    "tac $file",
    "shuf -n 1 users.json",
    "flock /tmp/lock make",
    "timeout 60 npm start",
    "ip addr",
    "ss -ltn",
    "make -j$(nproc)",
    "mapfile -t lines < x",
    "declare -A seen",
    "echo ${name^^}",
  ];
  for (const text of planted) {
    it(`would be found with ${text}`, () => {
      assert.equal(unportableCommands(`# A script\n${text}\n`).length, 1);
    });
  }

  for (const text of [
    'ln -s "$(readlink "/$part")" "$jail/$part"',
    "sed -n 's/^x: *//p' a | head -n 1",
    "sed -E 's/a+/b/' x",
    'spawn("ps", ["-axwwE", "-o", "pid=,stat=,command="])',
    "grep -E 'P' x; xargs -n 1 echo",
    "cp -R a b; mv -f a b; mktemp -d; rm -rf x; mkdir -p a/b; tail -f log; date +%s; date -u",
    "aws s3 cp --only-show-errors a b",
    "npm install --save-exact x; npm ci --ignore-scripts; pulumi install --help",
    "A timeout of 60 s; the ip address; its stat.",
    "git -c user.name=x commit; git rm --cached x",
    'git(project, "rm", "--quiet", "x")',
    "shasum -a 256 -c sums",
  ]) {
    it(`may have ${text}`, () => {
      assert.deepEqual(unportableCommands(text), []);
    });
  }

  it("start nothing that macOS does not have, in code, scripts, workflows and documents alike", () => {
    const files = projectFiles();
    for (const some of [
      "package.json",
      ".ci/run",
      "README.md",
      "local/toolchain/launcher/pulumi-language-nodejs",
    ])
      assert.ok(files.includes(some), some);
    const found = files
      .filter((file) => !file.startsWith("tests/portable-commands."))
      .flatMap((file) =>
        unportableCommands(readFileSync(join(projectRoot, file), "utf8")).map((what) => `${file}: ${what}`),
      );
    assert.deepEqual(found, []);
  });

  /** What is there on Linux only, and why that does no harm elsewhere. */
  const linuxOnly: Readonly<Record<string, string>> = {
    "bench/run-timed.ts": "no figures of memory where there is no /proc",
    "sandbox/kernel-limits.ts": "only called where isolation() has found what it needs",
    "tests/bulk/run-measured.ts": "no figures of memory where there is no /proc",
    "tests/impact/process-tree.ts": "no figures where there is no /proc",
    "tests/sandbox/attacks/doors.ts": "an attempt that fails where there is no /proc",
    "tests/sandbox/flow-process.test.ts":
      "only where isolation() has found that processes can be in the background",
  };

  it("ask for the platform before they take something that only Linux has", () => {
    const ofLinux = /["'`]\/proc\b|["'`](?:chrt|prlimit|setpriv|unshare)["'`]/;
    const asks = /process\.platform|existsSync\("\/proc|spawnSync\("prlimit", \["--version"\]\)\.error/;
    const found = projectFiles().filter((file) => {
      if (!/\.[cm]?[jt]s$/.test(file) || file.startsWith("tests/portable-commands.")) return false;
      const code = readFileSync(join(projectRoot, file), "utf8");
      return ofLinux.test(code) && !asks.test(code);
    });
    assert.deepEqual(found, Object.keys(linuxOnly));
  });
});

/** All texts that are written by hand, relative to the project's folder. */
function projectFiles(place = ""): string[] {
  return readdirSync(join(projectRoot, place), { withFileTypes: true })
    .flatMap((entry) => {
      const path = place === "" ? entry.name : `${place}/${entry.name}`;
      if (entry.isDirectory())
        return /^(?:node_modules|\.git|\.local|pins)$/.test(path) ? [] : projectFiles(path);
      return entry.isFile() && !/\.(?:png|svg|sum|log)$|^package-lock\.json$|^\.git$/.test(path)
        ? [path]
        : [];
    })
    .sort();
}
