import { describe, expect, test } from "vitest";
import { canonicalQuantity, compareQuantities, formatQuantity, parseQuantity, quantityNanos } from "./quantity.ts";

/** As apimachinery/pkg/api/resource/quantity_test.go and observed of kubectl. */
test.each([
  ["0", "0"],
  ["1", "1"],
  ["0.5", "500m"],
  [".5", "500m"],
  ["100m", "100m"],
  ["1000m", "1"],
  ["1500m", "1500m"],
  ["1.5", "1500m"],
  ["2000", "2k"],
  ["2500", "2500"],
  ["1Gi", "1Gi"],
  ["1024Mi", "1Gi"],
  ["1536Mi", "1536Mi"],
  ["1.5Gi", "1536Mi"],
  ["1024", "1024"],
  ["1000Ki", "1000Ki"],
  ["0.5Gi", "512Mi"],
  ["1e3", "1e3"],
  ["1E3", "1e3"],
  ["12e6", "12e6"],
  ["1M", "1M"],
  ["1000k", "1M"],
  ["100n", "100n"],
  ["1u", "1u"],
  ["1E", "1E"],
  ["-1", "-1"],
  ["+1", "1"],
  ["-0.5", "-500m"],
])("%s is written %s", (text, canonical) => expect(canonicalQuantity(text)).toBe(canonical));

describe("what is none", () => {
  const regexp = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

  test.each([
    ["", regexp],
    ["x", regexp],
    ["1 Gi", regexp],
    ["Mi", regexp],
    ["1GB", regexp],
    ["1.2.3", regexp],
    ["1mm", "unable to parse quantity's suffix"],
  ])("%j: %s", (text, error) => expect(canonicalQuantity(text)).toEqual({ error }));
});

test("amounts", () => {
  expect(quantityNanos("1Ki")).toBe(1024n * 1_000_000_000n);
  expect(quantityNanos("250m")).toBe(250_000_000n);
  expect(compareQuantities("1Gi", "1G")).toBe(1);
  expect(compareQuantities("1", "1000m")).toBe(0);
  expect(compareQuantities("100m", "1")).toBe(-1);
  const parsed = parseQuantity("1.5Gi");
  expect(typeof parsed === "string" ? parsed : formatQuantity(parsed)).toBe("1536Mi");
});
