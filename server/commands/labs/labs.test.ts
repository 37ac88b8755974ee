import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BadFile } from "../../../labs/index.ts";
import { labs } from "./index.ts";

let folder: string;
let printed: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labs-"));
  printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test("list tells what there is", async () => {
  expect(await labs.run(["list", "--json"])).toBe(0);
  const rows = printed
    .trim()
    .split("\n")
    .map((row) => JSON.parse(row) as { id: string });
  expect(rows.find(({ id }) => id === "lost-endpoints")).toEqual({
    id: "lost-endpoints",
    title: "Lost endpoints",
    topics: ["services", "endpoints"],
    level: "easy",
    minutes: 6,
    points: 6,
    tasks: 1,
  });
});

test("all labs are well written", async () => {
  expect(await labs.run(["lint"])).toBe(0);
});

test("the schema has every kind of check", async () => {
  expect(await labs.run(["schema"])).toBe(0);
  const schema = JSON.parse(printed) as {
    properties: { tasks: { items: { properties: { checks: { items: { properties: object } } } } } };
  };
  expect(Object.keys(schema.properties.tasks.items.properties.checks.items.properties)).toEqual([
    "id", "points", "says", "needs", "partial", "object", "reach", "dns", "file", "node", "run", "unchanged", "forbid",
  ]); // prettier-ignore
});

test("a new lab is well written, and is not written over", async () => {
  const lab = join(folder, "my-lab");
  expect(await labs.run(["new", lab])).toBe(0);
  expect(printed).toContain(`${lab}/lab.yaml\n`);
  expect(readFileSync(join(lab, "lab.yaml"), "utf8")).toContain("id: my-lab\ntitle: My lab\n");
  expect(await labs.run(["lint", lab])).toBe(0);
  await expect(labs.run(["new", lab])).rejects.toThrow("is there already");
  await expect(labs.run(["new", join(folder, "My Lab")])).rejects.toThrow("lower-case words joined by -");
});

test("mistakes are told", async () => {
  await expect(labs.run([])).rejects.toThrow("labs: which one? there are list, verify, new, schema, lint");
  await expect(labs.run(["prove"])).rejects.toThrow("labs: no 'prove'; there are");
  await expect(labs.run(["verify", "nothing"])).rejects.toThrow(
    "no lab 'nothing'; there are node-network, lost-endpoints",
  );
  await expect(labs.run(["list", "x"])).rejects.toThrow("labs list: unexpected 'x'");
  await expect(labs.run(["lint", folder])).rejects.toThrow("no lab");
  await expect(labs.run(["verify", "--seeds", "0"])).rejects.toThrow("takes a number from 1 on");
  expect(new BadFile(["a", "b"]).message).toBe("a\nb");
});
