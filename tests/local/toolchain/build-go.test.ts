import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { buildGo, type GoCommand } from "../../../local/toolchain/build-go.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { writeExecutable } from "./fake-artifact.ts";

const command: GoCommand = {
  title: "the tool",
  module: "versitygw",
  package: "example.org/tool",
  variables: { "main.Version": "1.2.3" },
  output: "bin/tool",
  minutes: 1,
};

describe("buildGo", () => {
  const folder = temporaryFolder();

  /** A `go` first in PATH: a shell script that knows its version and does the rest. */
  async function build(version: string, script: string, env: Record<string, string> = {}): Promise<void> {
    const answer = `case "$1" in version) echo "go version ${version} linux/amd64"; exit;; esac`;
    await writeExecutable(join(folder(), "path", "go"), `#!/bin/sh\n${answer}\n${script}\n`);
    const PATH = [join(folder(), "path"), process.env["PATH"]].join(delimiter);
    await buildGo(command, { folder: folder(), env: { ...env, PATH }, progress: () => undefined });
  }

  it("says so when there is no Go in PATH", async () => {
    const env = { PATH: join(folder(), "empty") };
    await assert.rejects(buildGo(command, { folder: folder(), env, progress: () => undefined }), {
      code: "GO_MISSING",
      message: /^Go is not installed/,
    });
  });

  it("refuses a Go that cannot fetch a newer one", async () => {
    await assert.rejects(build("go1.20.14", "exit 0"), {
      code: "GO_TOO_OLD",
      message: /^Go 1\.20\.14 is too old: 1\.\d+\.\d+ or newer is needed$/,
    });
  });

  it("does not take something for Go that tells no version", async () => {
    await assert.rejects(build("unknown", "exit 0"), { code: "GO_MISSING", message: /names no version/ });
  });

  it("tells the end of what a failed build printed", async () => {
    const script =
      "i=0; while [ $i -lt 50 ]; do i=$((i+1)); echo line $i; done; echo broken module >&2; exit 1";
    await assert.rejects(build("go1.99.0", script), (error: unknown) => {
      assert.ok(error instanceof Error && "code" in error);
      assert.equal(error.code, "BUILD_FAILED");
      assert.match(error.message, /broken module/);
      assert.doesNotMatch(error.message, /line 1\n/);
      return true;
    });
  });

  const writeEnvironment = `while [ "$1" != -o ]; do shift; done; env > "$2"`;
  const builtWith = (): string[] => readFileSync(join(folder(), "bin/tool"), "utf8").split("\n");

  it("keeps the user's module proxy and flags, and shuts out what would change the build", async () => {
    await build("go1.99.0", writeEnvironment, {
      GOPROXY: "https://goproxy.example",
      GOFLAGS: "-modcacherw",
      GOWORK: "/elsewhere/go.work",
      GOOS: "plan9",
      CGO_ENABLED: "1",
    });
    const kept = ["GOPROXY=https://goproxy.example", "GOFLAGS=-modcacherw"];
    const overridden = ["GOWORK=off", `GOOS=${process.platform}`, "CGO_ENABLED=0", "GOTOOLCHAIN=local"];
    const env = builtWith();
    for (const setting of [...kept, ...overridden]) assert.ok(env.includes(setting), setting);
  });

  it("lets a Go that is a bit too old fetch the one that it needs", async () => {
    await build("go1.22.1", writeEnvironment);
    assert.deepEqual(
      builtWith().filter((line) => line.startsWith("GOTOOLCHAIN=")),
      [],
    );
  });

  it("links the version in", async () => {
    await build("go1.99.0", `all="$*"; while [ "$1" != -o ]; do shift; done; echo "$all" > "$2"`);
    assert.match(
      builtWith()[0]!,
      /^build -trimpath -buildvcs=false -ldflags -s -w -X main\.Version=1\.2\.3 -o .* example/,
    );
  });
});
