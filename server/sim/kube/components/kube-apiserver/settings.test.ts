import { expect, test } from "vitest";
import { settingsOf } from "./settings.ts";

test("node ports are a range, a port and how many more, or one port", () => {
  const range = (text: string): unknown => {
    const settings = settingsOf(new Map([["service-node-port-range", text]]));
    return "error" in settings ? settings.error : settings.nodePorts;
  };
  expect(range("20000-22767")).toEqual({ from: 20_000, to: 22_767 });
  expect(range("20000+2767")).toEqual({ from: 20_000, to: 22_767 });
  expect(range("30080")).toEqual({ from: 30_080, to: 30_080 });
  for (const bad of ["22767-20000", "60000+6000", "a-b"]) expect(range(bad)).toContain("is not a valid port range");
});
