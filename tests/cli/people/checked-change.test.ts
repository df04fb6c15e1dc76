import assert from "node:assert/strict";
import type { User } from "../../../auth0/user.ts";
import { readBack, sendChange } from "../../../cli/people/checked-change.ts";
import { withChange, type PictureChange } from "../../../cli/people/picture-change.ts";
import { ExpectedError } from "../../../lib/errors.ts";

const flag = "app_metadata.picture_blocked";
const note = "app_metadata.picture_block";
const user: User = { user_id: "auth0|a", user_metadata: { theme: "dark" }, app_metadata: { plan: "pro" } };
const first = { reason: "case 1", at: "2026-01-01T00:00:00.000Z", by: "abc" };
const second = { reason: "case 2", at: "2026-01-02T00:00:00.000Z", by: "def" };
const blocked = withChange(user, { [flag]: true, [note]: first });
const block: PictureChange = { [flag]: true, [note]: second };
const unblock: PictureChange = {
  [flag]: false,
  [note]: { ...first, unblockedAt: "2026-01-03T00:00:00.000Z", unblockedBy: "abc" },
};

/** One user of a tenant in which others write, too. */
function tenantOf(start: User | undefined) {
  let now = start;
  let requests = 0;
  const others = new Map<number, (user: User) => User | undefined>();
  const turn = () => {
    const other = others.get(requests);
    if (other !== undefined && now !== undefined) now = other(now);
    requests += 1;
  };
  return {
    /** Others write before the request of that number, from 0. */
    before: (request: number, write: (user: User) => User | undefined) => others.set(request, write),
    now: () => now,
    get: () => {
      turn();
      return Promise.resolve(now);
    },
    patch: (_id: string, body: Readonly<Record<string, unknown>>) => {
      turn();
      const keys = Object.entries(body).flatMap(([place, values]) =>
        Object.entries(Object(values) as Record<string, unknown>).map(([name, value]) => [
          `${place}.${name}`,
          value,
        ]),
      );
      now = withChange(now ?? user, Object.fromEntries(keys) as PictureChange);
      return Promise.resolve(now);
    },
  };
}

async function changed(
  tenant: ReturnType<typeof tenantOf>,
  from: User,
  change: PictureChange,
): Promise<User> {
  await sendChange(tenant, from, change);
  return readBack(tenant, from, change);
}

describe("a change that is read back", () => {
  const set: PictureChange = { "user_metadata.picture": "https://img.acme.com/users/a.png" };

  it("is an error that names the user where another writer took it away", async () => {
    const tenant = tenantOf(user);
    tenant.before(1, () => user);
    await assert.rejects(changed(tenant, user, set), { code: "change-lost", message: /auth0\|a/ });
  });

  it("is found where the first read is older than the write", async () => {
    const tenant = tenantOf(user);
    let reads = 0;
    const get = async () => {
      const now = await tenant.get();
      reads += 1;
      return reads === 1 ? user : now;
    };
    const found = await changed({ ...tenant, get }, user, set);
    assert.deepEqual(found["user_metadata"], {
      theme: "dark",
      picture: "https://img.acme.com/users/a.png",
    });
  });

  it("is said to be sent where the user cannot be read after it", async () => {
    const tenant = tenantOf(user);
    const get = () => Promise.reject(new ExpectedError("auth0-failed", "The tenant answered 500."));
    await assert.rejects(changed({ ...tenant, get }, user, set), {
      code: "auth0-failed",
      message: /auth0\|a was sent, but whether it is there could not be read: The tenant answered 500/,
    });
  });

  it("says that there is no such user where he was deleted meanwhile", async () => {
    const tenant = tenantOf(user);
    tenant.before(1, () => undefined);
    await assert.rejects(changed(tenant, user, set), { code: "user-not-found" });
  });
});

describe("a block that is read back", () => {
  it("is set again where an import of another machine took it away", async () => {
    const tenant = tenantOf(user);
    tenant.before(1, () => user);
    assert.deepEqual((await changed(tenant, user, block))["app_metadata"], {
      plan: "pro",
      picture_blocked: true,
      picture_block: second,
    });
  });

  it("is an error where it is taken away again and again", async () => {
    const tenant = tenantOf(user);
    for (const read of [1, 3, 5]) tenant.before(read, () => user);
    await assert.rejects(changed(tenant, user, block), { code: "change-lost" });
  });

  it("is not set again after it was lifted on purpose", async () => {
    const tenant = tenantOf(user);
    tenant.before(1, (now) => withChange(now, unblock));
    await assert.rejects(changed(tenant, user, block), { code: "change-lost" });
    assert.equal((tenant.now()?.["app_metadata"] as { picture_blocked: unknown }).picture_blocked, false);
  });

  it("stands with the reason of a later one", async () => {
    const tenant = tenantOf(user);
    tenant.before(1, (now) => withChange(now, { [flag]: true, [note]: first }));
    assert.deepEqual((await changed(tenant, user, block))["app_metadata"], {
      plan: "pro",
      picture_blocked: true,
      picture_block: first,
    });
  });
});

describe("a block that is lifted while another is set", () => {
  const isBlockedAt = (tenant: ReturnType<typeof tenantOf>) =>
    (tenant.now()?.["app_metadata"] as { picture_blocked: unknown }).picture_blocked;

  // Before the flag's PATCH, before the note's, and before the read.
  for (const request of [0, 1, 2]) {
    it(`stays blocked and says so: request ${request}`, async () => {
      const tenant = tenantOf(blocked);
      tenant.before(request, (now) => withChange(now, block));
      await assert.rejects(changed(tenant, blocked, unblock), { code: "blocked-meanwhile" });
      assert.equal(isBlockedAt(tenant), true);
    });
  }

  it("is lifted, with a note of who did it, where none is", async () => {
    const tenant = tenantOf(blocked);
    await changed(tenant, blocked, unblock);
    assert.deepEqual(tenant.now(), withChange(user, unblock));
  });
});
