import { expect, test } from "vitest";
import { State } from "./state.ts";

const base = {
  name: "image:nginx",
  rows: new Map([
    ["a", { v: 1 }],
    ["b", { v: 2 }],
  ]),
};

test("a table on shared rows is saved as its difference and comes back", () => {
  const state = new State();
  const table = state.table<string, { v: number }>("files", { base });
  table.set("b", { v: 3 });
  table.set("c", { v: 4 });
  table.delete("a");
  const snapshot = state.fork().snapshot();
  expect(snapshot.tables).toEqual({
    files: {
      base: "image:nginx",
      rows: [
        ["b", { v: 3 }],
        ["c", { v: 4 }],
      ],
      deleted: ["a"],
    },
  });
  const restored = State.restore(snapshot, () => base);
  expect(restored.generation()).toBe(3);
  expect([...restored.table("files")]).toEqual([
    ["b", { v: 3 }],
    ["c", { v: 4 }],
  ]);
});

test("quiet tables do not change the generation, others do in their area", () => {
  const state = new State();
  let calls = 0;
  state.onChange = () => calls++;
  state.table<string, number>("log", { quiet: true }).set("a", 1);
  expect([state.generation(), calls]).toEqual([0, 0]);
  state.table<string, number>("objects").set("a", 1);
  state.table<string, number>("net/a/routes").set("a", 1);
  expect([state.generation(), state.generation("net"), state.generation("log"), calls]).toEqual([2, 1, 0, 2]);
  const fork = state.fork();
  fork.table<string, number>("log").set("b", 1);
  fork.table<string, number>("net/b/routes").set("b", 1);
  expect([fork.generation("net"), state.generation("net"), calls]).toEqual([2, 1, 2]);
});

test("drop forgets one table, or all below a name", () => {
  const state = new State();
  for (const name of ["net/a", "net/a/links", "net/ab", "net/a/routes"]) state.table(name);
  state.drop("net/a/");
  expect(state.names()).toEqual(["net/a", "net/ab"]);
  state.drop("net/a");
  expect(state.names()).toEqual(["net/ab"]);
});
