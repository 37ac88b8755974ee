import { expect, test } from "vitest";
import { CorefileError } from "./corefile-error.ts";
import { addressOfReverse, inZone, matchingZone, normalizeZones, zoneAddresses, zoneAddressText } from "./zone.ts";

test.each([
  [".", ["dns://.:53"]],
  [".:1053", ["dns://.:1053"]],
  [":5353", ["dns://.:5353"]],
  ["Example.ORG", ["dns://example.org.:53"]],
  ["dns://example.org:54", ["dns://example.org.:54"]],
  ["tls://.", ["tls://.:853"]],
  ["10.0.0.0/24", ["dns://0.0.10.in-addr.arpa.:53"]],
  ["10.0.0.0/8:54", ["dns://10.in-addr.arpa.:54"]],
  ["10.0.0.0/23", ["dns://0.0.10.in-addr.arpa.:53", "dns://1.0.10.in-addr.arpa.:53"]],
  ["fd00:77::/32", ["dns://7.7.0.0.0.0.d.f.ip6.arpa.:53"]],
])("key %s", (key, expected) => {
  expect(zoneAddresses([key], "53").map(zoneAddressText)).toEqual(expected);
});

test.each([
  ["a..b", "zone is not a valid domain name: a..b"],
  ["a:", 'expecting data after last colon: "a:"'],
])("key %s is refused", (key, expected) => {
  expect(() => zoneAddresses([key], "53")).toThrow(new CorefileError(expected));
});

test("names and zones", () => {
  expect(inZone("a.b.", "b.")).toBe(true);
  expect(inZone("ab.", "b.")).toBe(false);
  expect(inZone("b.", ".")).toBe(true);
  expect(matchingZone([".", "b.", "a.b."], "x.a.b.")).toBe("a.b.");
  expect(matchingZone(["b."], "c.")).toBeUndefined();
  expect(normalizeZones("dns://Example.org:53")).toEqual(["example.org."]);
  expect(addressOfReverse("5.1.244.10.in-addr.arpa.")).toBe("10.244.1.5");
  expect(addressOfReverse(`1${".0".repeat(30)}.f.ip6.arpa.`)).toBe("f000::1");
  expect(addressOfReverse("244.10.in-addr.arpa.")).toBeUndefined();
});
