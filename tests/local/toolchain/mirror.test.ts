import assert from "node:assert/strict";
import { archiveUrl, mirrorOf } from "../../../local/toolchain/mirror.ts";
import { installToolchain } from "../../../local/toolchain/install-toolchain.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { fakeArtifact } from "./fake-artifact.ts";

const published = "https://downloads.example/releases/v1/tool-v1.tar.gz";

describe("PICTURES_MIRROR", () => {
  const folder = temporaryFolder();

  const refused = [
    "http://mirror.example",
    "mirror.example",
    "https://me:hush@mirror.example",
    "https://mirror.example?a=b",
  ];
  for (const PICTURES_MIRROR of refused) {
    it(`refuses ${PICTURES_MIRROR}, without showing it: it may hold a password`, () => {
      assert.throws(
        () => mirrorOf({ PICTURES_MIRROR }),
        (error: unknown) => {
          assert.ok(error instanceof Error && "code" in error);
          assert.equal(error.code, "TOOLCHAIN_MIRROR");
          assert.match(
            error.message,
            /^PICTURES_MIRROR must be an https:\/\/ address .*Correct it, or unset it/,
          );
          assert.doesNotMatch(error.message, /hush/);
          return true;
        },
      );
    });
  }

  it("is an error at once where it cannot be used, also where all could be built", async () => {
    const options = { home: folder(), env: { PICTURES_MIRROR: "ftp://x" }, progress: () => undefined };
    const installing = installToolchain({ ...options, artifacts: [fakeArtifact("alpha")] });
    await assert.rejects(installing, { code: "TOOLCHAIN_MIRROR" });
  });

  it("has the archives under their publishers' file names", () => {
    for (const PICTURES_MIRROR of ["https://mirror.example/some/path", "https://mirror.example/some/path/"]) {
      assert.equal(
        archiveUrl(published, { PICTURES_MIRROR }),
        "https://mirror.example/some/path/tool-v1.tar.gz",
      );
    }
  });

  it("changes nothing where it is not set, or empty", () => {
    assert.equal(archiveUrl(published, {}), published);
    assert.equal(archiveUrl(published, { PICTURES_MIRROR: "" }), published);
  });
});
