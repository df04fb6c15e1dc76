import assert from "node:assert/strict";
import { isPublicAddress } from "../../../cli/image/public-network.ts";

/** The first and the last of each range. */
const notPublic: Record<string, readonly string[]> = {
  "this network": ["0.0.0.0", "0.255.255.255"],
  private: ["10.0.0.0", "10.255.255.255", "172.16.0.0", "172.31.255.255", "192.168.0.0", "192.168.255.255"],
  "shared by a provider's customers": ["100.64.0.0", "100.127.255.255"],
  loopback: ["127.0.0.1", "127.255.255.255", "::1"],
  unspecified: ["::"],
  "link-local": ["169.254.0.0", "169.254.169.254", "fe80::1", "febf::1", "fe80::1%eth0"],
  "protocol assignments": ["192.0.0.1", "192.0.0.170", "2001:1ff::1"],
  documentation: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
  benchmarks: ["198.18.0.0", "198.19.255.255"],
  multicast: ["224.0.0.1", "239.255.255.255", "ff02::1"],
  "reserved or broadcast": ["240.0.0.0", "255.255.255.255", "4000::1", "5f00::1"],
  "unique local": ["fc00::1", "fdff::1", "fd00:ec2::254"],
  "site local": ["fec0::1"],
  "IPv4 mapped": ["::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:93.184.216.34"],
  "IPv4 compatible": ["::127.0.0.1", "::10.0.0.1"],
  NAT64: ["64:ff9b::7f00:1", "64:ff9b::10.0.0.1", "64:ff9b:1::1"],
  "6to4": ["2002:7f00:1::", "2002:a00:1::1", "192.88.99.1"],
  Teredo: ["2001::1"],
  discard: ["100::1"],
  "no address": ["", "localhost", "127.1", "0x7f.0.0.1", "010.0.0.1", "[::1]", "1.2.3.4.5", "2130706433"],
};

describe("isPublicAddress", () => {
  for (const [kind, addresses] of Object.entries(notPublic)) {
    it(`says no to ${kind}`, () => {
      assert.deepEqual(addresses.filter(isPublicAddress), []);
    });
  }

  it("says yes to the neighbours of those ranges, and to servers of the Internet", () => {
    const neighbours4 = [
      "9.255.255.255",
      "11.0.0.0",
      "100.63.255.255",
      "100.128.0.0",
      "126.255.255.255",
      "128.0.0.0",
    ];
    const more4 = [
      "169.253.255.255",
      "169.255.0.0",
      "172.15.255.255",
      "172.32.0.0",
      "192.167.255.255",
      "223.255.255.255",
    ];
    const addresses6 = ["2606:4700::1111", "2a00:1450:4001::1", "2001:4860:4860::8888", "2003::1", "3ffe::1"];
    const addresses = [...neighbours4, ...more4, "93.184.216.34", ...addresses6];
    assert.deepEqual(
      addresses.filter((address) => !isPublicAddress(address)),
      [],
    );
  });
});
