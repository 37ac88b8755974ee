import type { Process, Program } from "../../sim/host/index.ts";
import { quote } from "../gnu/quoting.ts";
import { evaluate } from "./expression.ts";

export const test: Program = {
  name: "test",
  summary: "check file types and compare values",
  run: (process, args) => run(process, args),
};

export const bracket: Program = {
  name: "[",
  summary: "check file types and compare values",
  async run(process, args) {
    if (args.at(-1) === "]") return run(process, args.slice(0, -1));
    await process.error(`${process.argv[0] ?? "["}: missing ${quote("]", process.env)}\n`);
    return 2;
  },
};

async function run(process: Process, words: readonly string[]): Promise<number> {
  const answer = evaluate(process, words, (text) => quote(text, process.env));
  if (typeof answer === "boolean") return answer ? 0 : 1;
  await process.error(`${process.argv[0] ?? "test"}: ${answer.problem}\n`);
  return 2;
}
