import { expect, test } from "vitest";
import { compareVersions } from "./version.ts";

test("versions are ordered as dpkg --compare-versions orders them", () => {
  // Each is older than the one behind it: `dpkg --compare-versions A lt B`, dpkg 1.21.22.
  const ordered = [
    "1.0~rc1-1", "1.0-1", "1.0-1+b1", "1.0a-1", "1.0+dfsg-1", "1.2-1ubuntu0.1", "1.2-1ubuntu0.10", "1.10-1", "1.33.1-1.1", "1.33.2-1.1", "1.33.10-1.1", "1:0.1-1",
  ]; // prettier-ignore
  for (const [at, version] of ordered.entries())
    for (const [other, later] of ordered.entries())
      expect([version, later, Math.sign(compareVersions(version, later))]).toEqual([
        version,
        later,
        Math.sign(at - other),
      ]);
  expect(compareVersions("0:1.0-0", "1.0")).toBe(0);
});
