import fc from "fast-check";
import { expect, test } from "vitest";
import { Table } from "./table.ts";

const key = fc.constantFrom(..."abcdefghij");
const step = fc.oneof(
  fc.record({ do: fc.constant("set" as const), key, value: fc.nat(9) }),
  fc.record({ do: fc.constant("delete" as const), key }),
  fc.record({ do: fc.constant("fork" as const) }),
  fc.record({ do: fc.constant("bulk" as const), from: fc.nat(40) }),
);

test("a table and its forks behave like Maps that were copied", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let table = new Table<string, number>();
      let model = new Map<string, number>();
      const left: [Table<string, number>, [string, number][]][] = [];
      for (const next of steps) {
        if (next.do === "set") {
          table.set(next.key, next.value);
          model.set(next.key, next.value);
        } else if (next.do === "delete") {
          expect(table.delete(next.key)).toBe(model.delete(next.key));
        } else if (next.do === "bulk") {
          for (let at = next.from; at < next.from + 40; at++) {
            table.set(`n${at}`, at);
            model.set(`n${at}`, at);
          }
        } else {
          left.push([table, [...model]]);
          table = table.fork();
          model = new Map(model);
        }
        expect([...table]).toEqual([...model]);
        expect(table.size).toBe(model.size);
      }
      for (const [parent, rows] of left) expect([...parent]).toEqual(rows);
    }),
  );
});
