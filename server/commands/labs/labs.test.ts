import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { BadFile } from "../../../labs/index.ts";
import { generatedFiles, labs } from "./index.ts";

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

test("list has rows of labs only, and exams behind the labs for people", async () => {
  expect(await labs.run(["list", "--json"])).toBe(0);
  const keys = printed
    .trim()
    .split("\n")
    .map((row) => Object.keys(JSON.parse(row) as object).join());
  expect(new Set(keys)).toEqual(new Set(["id,title,topics,level,minutes,points,tasks"]));
  printed = "";
  expect(await labs.run(["list"])).toBe(0);
  expect(printed).toMatch(/^lost-endpoints .* easy .* 6 min .* 6 points {2}Lost endpoints \(services, endpoints\)$/m);
  expect(printed).toMatch(
    /^networking-mock-a +exam {5}25 min {2}pass 66 % {2}Networking mock A \(node-network 25 %, lost-endpoints 30 %, fixed-node-port 45 %\)$/m,
  );
});

test("list --exams tells of what exams are made", async () => {
  expect(await labs.run(["list", "--exams", "--json"])).toBe(0);
  const exams = printed
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string });
  expect(exams.find(({ id }) => id === "networking-mock-a")).toMatchObject({
    id: "networking-mock-a",
    title: "Networking mock A",
    minutes: 25,
    pass: 66,
    labs: [
      { lab: "node-network", title: "The network of a node", weight: 5 },
      { lab: "lost-endpoints", title: "Lost endpoints", weight: 6 },
      { lab: "fixed-node-port", title: "A fixed node port", weight: 9 },
    ],
  });
});

test("an exam is checked with the labs that it names, wherever they lie", async () => {
  const [lab, exam] = [join(folder, "my-lab"), join(folder, "my-exam")];
  await labs.run(["new", lab]);
  const file = join(exam, "exam.yaml");
  mkdirSync(exam);
  const text = "version: 1\nid: my-exam\ntitle: Mine\nsummary: One.\nminutes: 9\npass: 50\ntasks:\n";
  writeFileSync(file, `${text}  - { lab: my-lab, weight: 1 }\n  - { lab: lost-endpoints, weight: 1 }\n`);
  printed = "";
  expect(await labs.run(["lint", lab, exam])).toBe(0);
  expect(printed).toBe("2 labs and 1 exam are well written; 'labs verify' proves labs\n");
  await expect(labs.run(["lint", exam])).rejects.toThrow(
    `${file}:8:7: tasks[0].lab: there is no lab my-lab: there are`,
  );
  writeFileSync(file, `${text}  - { lab: lost-endpoint, weight: 0 }\n`);
  await expect(labs.run(["verify", exam])).rejects.toThrow(
    `${file}:8:27: tasks[0].weight: expected more than 0, found the number 0`,
  );
});

test("all labs are well written", { timeout: 120_000 }, async () => {
  expect(await labs.run(["lint"])).toBe(0);
});

test("the schema has every kind of check", async () => {
  expect(await labs.run(["schema"])).toBe(0);
  const schema = JSON.parse(printed) as {
    properties: { tasks: { items: { properties: { checks: { items: { properties: object } } } } } };
  };
  expect(Object.keys(schema.properties.tasks.items.properties.checks.items.properties)).toEqual([
    "id", "points", "says", "needs", "partial", "object", "reach", "matrix", "dns", "file", "node", "run", "event", "log", "unchanged", "forbid",
  ]); // prettier-ignore
});

test("the schema of exams", async () => {
  expect(await labs.run(["schema", "exam"])).toBe(0);
  const { required } = JSON.parse(printed) as { required: string[] };
  expect(required).toEqual(["version", "id", "title", "summary", "minutes", "pass"]);
  await expect(labs.run(["schema", "exams"])).rejects.toThrow("labs schema: of which file? There are lab, exam");
});

test("a new lab is well written, and is not written over", async () => {
  const lab = join(folder, "my-lab");
  expect(await labs.run(["new", lab])).toBe(0);
  expect(printed).toContain(`${lab}/lab.yaml\n`);
  expect(readFileSync(join(lab, "lab.yaml"), "utf8")).toContain("id: my-lab\ntitle: My lab\n");
  expect(await labs.run(["lint", lab])).toBe(0);
  expect(await labs.run(["verify", lab, "--seeds", "1"])).toBe(0);
  expect(printed.match(/^✓ my-lab seed 1 (?:solution|wrong-)[\w-]*\.sh: \d of 3/gm)?.length).toBe(4);
  await expect(labs.run(["new", lab])).rejects.toThrow("is there already");
  await expect(labs.run(["new", join(folder, "My Lab")])).rejects.toThrow("lower-case words joined by -");
});

test("mistakes are told", async () => {
  await expect(labs.run([])).rejects.toThrow("labs: which one? there are list, verify, new, schema, reference, lint");
  await expect(labs.run(["prove"])).rejects.toThrow("labs: no 'prove'; there are");
  await expect(labs.run(["verify", "nothing"])).rejects.toThrow(
    /no lab or exam 'nothing'; there are .*node-network.*lost-endpoints.*networking-mock-a/,
  );
  await expect(labs.run(["list", "x"])).rejects.toThrow("labs list: unexpected 'x'");
  await expect(labs.run(["lint", folder])).rejects.toThrow(
    "lab.yaml:1:1: there is no such file: a lab is a folder with one",
  );
  await expect(labs.run(["verify", "--seeds", "0"])).rejects.toThrow("takes a number from 1 on");
  expect(new BadFile(["a", "b"]).message).toBe("a\nb");
});

test.each(generatedFiles())("labs/%s is as the schemas say: drydock labs reference --write", (file, text) => {
  expect(readFileSync(join(import.meta.dirname, "../../../labs", file), "utf8")).toBe(text);
});

test("every field, check and fault is described", () => {
  const [[, text]] = generatedFiles() as [[string, string]];
  const undescribed = text.split("\n").filter((line) => line.endsWith("|  |"));
  expect(undescribed).toEqual([]);
});
