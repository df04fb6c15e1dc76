import assert from "node:assert/strict";
import { addressEnd, describeEnd, endNotes } from "../../../cli/people/address-end.ts";

const s3 = "https://b.s3.eu-central-1.amazonaws.com/a.png";
const policy = (seconds: number) =>
  Buffer.from(
    JSON.stringify({
      Statement: [{ Resource: "*", Condition: { DateLessThan: { "AWS:EpochTime": seconds } } }],
    }),
  )
    .toString("base64")
    .replace(/[+=/]/g, (character) => ({ "+": "-", "=": "_", "/": "~" })[character] ?? "");

describe("when an address ends", () => {
  for (const [address, end] of [
    [`${s3}?X-Amz-Date=20250101T000000Z&X-Amz-Expires=3600&X-Amz-Signature=0`, "2025-01-01T01:00:00.000Z"],
    [`https://img.acme.com/a?x-amz-expires=604800&x-amz-date=20261231T235959Z`, "2027-01-07T23:59:59.000Z"],
    [`${s3}?AWSAccessKeyId=A&Expires=1735700000&Signature=x%3D`, "2025-01-01T02:53:20.000Z"],
    [
      "https://storage.googleapis.com/b/a.png?X-Goog-Date=20250601T120000Z&X-Goog-Expires=900&X-Goog-Signature=0",
      "2025-06-01T12:15:00.000Z",
    ],
    [
      "https://storage.googleapis.com/b/a.png?GoogleAccessId=a&Expires=1735700000&Signature=x",
      "2025-01-01T02:53:20.000Z",
    ],
    ["https://cdn.acme.com/a.png?Expires=1735700000&Signature=x&Key-Pair-Id=K", "2025-01-01T02:53:20.000Z"],
    [
      `https://cdn.acme.com/a.png?Policy=${policy(1735700000)}&Signature=x&Key-Pair-Id=K`,
      "2025-01-01T02:53:20.000Z",
    ],
    [
      "https://a.blob.core.windows.net/c/a.png?sv=2022-11-02&se=2025-03-01T10%3A00%3A00Z&sig=x",
      "2025-03-01T10:00:00.000Z",
    ],
    ["https://a.blob.core.windows.net/c/a.png?se=2025-03-01&sig=x", "2025-03-01T00:00:00.000Z"],
    [
      "https://platform-lookaside.fbsbx.com/platform/profilepic/?asid=1&ext=1735700000&hash=x",
      "2025-01-01T02:53:20.000Z",
    ],
    ["https://scontent-fra3-1.cdninstagram.com/v/a.jpg?oh=00&oe=67748F60", "2025-01-01T00:42:08.000Z"],
    ["https://scontent.xx.fbcdn.net/v/a.jpg?oe=67748f60&oh=00", "2025-01-01T00:42:08.000Z"],
    ["https://media.licdn.com/dms/image/a?e=1735700000&v=beta&t=x", "2025-01-01T02:53:20.000Z"],
    ["https://cdn.discordapp.com/attachments/1/2/a.png?ex=67748f60&is=1&hm=0", "2025-01-01T00:42:08.000Z"],
    [
      "https://p16-sign.tiktokcdn-us.com/a.jpeg?x-expires=1735700000&x-signature=x",
      "2025-01-01T02:53:20.000Z",
    ],
  ] as const) {
    it(`is ${end} for ${address.slice(0, 90)}`, () => {
      assert.equal(addressEnd(address)?.toISOString(), end);
    });
  }

  for (const address of [
    "https://img.acme.com/a.png",
    "no url?Expires=1",
    "https://img.acme.com/a.png?Expires=1735700000",
    "https://img.acme.com/a.png?e=1735700000&ext=1735700000&oe=67748F60&se=2025-01-01",
    `${s3}?X-Amz-Date=20250101T000000Z`,
    `${s3}?X-Amz-Date=20259901T000000Z&X-Amz-Expires=60`,
    `${s3}?X-Amz-Date=20250101T000000Z&X-Amz-Expires=-60`,
    "https://notlicdn.com/a?e=1735700000",
    // LinkedIn's way of saying: never.
    "https://media.licdn.com/dms/image/a?e=2147483647&v=beta&t=x",
    "https://scontent.xx.fbcdn.net/v/a.jpg?oe=nothex",
    "https://cdn.acme.com/a.png?Policy=e30_&Signature=x&Key-Pair-Id=K",
  ]) {
    it(`is not told by ${address.slice(0, 90)}`, () => {
      assert.equal(addressEnd(address), undefined);
    });
  }

  it("is noted where it is still to come, and refused where it is past", () => {
    const url = "https://media.licdn.com/dms/image/a?e=1735700000";
    const at = (seconds: number) => new Date((1735700000 + seconds) * 1000);
    assert.match(endNotes(url, at(-1))[0] ?? "", /ends on 2025-01-01 02:53 UTC/);
    assert.throws(() => endNotes(url, at(0)), {
      code: "picture-url-ended",
      message: /ended on 2025-01-01 02:53 UTC/,
    });
    assert.deepEqual(endNotes("https://img.acme.com/a.png", at(0)), []);
    assert.equal(describeEnd(at(0)), "2025-01-01 02:53 UTC");
  });
});
