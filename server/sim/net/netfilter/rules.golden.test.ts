import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testNetwork, machine } from "../testing.ts";
import { TableEditor } from "./editor.ts";
import type { Names } from "./extension.ts";
import { netfilterOf } from "./netfilter.ts";
import { DEFAULT_NAMES } from "./names.ts";
import { listRule, ruleText } from "./print.ts";
import { readRule } from "./read.ts";
import { isProblem, NO_COUNT, type Problem, type RuleRow, type TableName } from "./row.ts";
import { splitWords } from "./words.ts";

/** What the recorder kept of one command: `fixtures/record.mjs`. */
interface Recorded {
  readonly line: string;
  readonly status: number;
  readonly error?: string;
  readonly save?: readonly string[];
  readonly numeric?: readonly string[];
  readonly list?: readonly string[];
  readonly verbose?: readonly string[];
}

const recorded = JSON.parse(readFileSync(new URL("fixtures/rules.json", import.meta.url), "utf8")) as Recorded[];

/** The one service in the recordings that is not among the usual ones. */
const names: Names = {
  port: (service, protocol) => (service === "cisco-sccp" ? 2000 : DEFAULT_NAMES.port(service, protocol)),
  service: (port, protocol) => (port === 2000 ? "cisco-sccp" : DEFAULT_NAMES.service(port, protocol)),
};

const HINT = "Try `iptables -h' or 'iptables --help' for more information.\n";

function run(line: string): { status: number; error: string; rules: readonly RuleRow[]; unsimulated?: string } {
  const words = splitWords(line);
  const [table, , chain, ...rest] = words as [TableName, string, string, ...string[]];
  const netfilter = netfilterOf(machine(testNetwork(), "bare"));
  const editor = new TableEditor(netfilter, netfilter[table]);
  editor.newChain("other");
  const read = readRule(rest, { table, chain, names, hasChain: (name) => editor.has(name) });
  let problem: Problem | undefined = isProblem(read) ? read : undefined;
  if (!isProblem(read)) for (const draft of read.rules) problem ??= editor.append(chain, draft);
  problem ??= editor.commit();
  const rules = netfilter[table].chains.get(chain)?.rules ?? [];
  if (!problem) return { status: 0, error: "", rules };
  const unsimulated = problem.unsimulated === undefined ? {} : { unsimulated: problem.unsimulated };
  return { ...complaint(problem), rules, ...unsimulated };
}

/** As the program prints it. */
function complaint({ problem, text }: Problem): { status: number; error: string } {
  if (problem === "parameter") return { status: 2, error: `iptables v1.8.9 (nf_tables): ${text}\n${HINT}` };
  if (problem === "argument") return { status: 2, error: `${text}\n${HINT}` };
  return { status: problem === "kernel" ? 4 : 1, error: `iptables v1.8.9 (nf_tables): ${text}\n` };
}

/** Recorded, but not simulated: they say so. */
const unsimulated = new Set(
  recorded.filter(({ line }) => /-j QUEUE|--zone|--log-(tcp|uid)/.test(line)).map(({ line }) => line),
);

describe("what iptables makes of a rule's words", () => {
  test.each(recorded.filter(({ line }) => !unsimulated.has(line)).map((row) => [row.line, row] as const))(
    "%s",
    (line, row) => {
      const { status, error, rules } = run(line);
      expect({ status, error }).toEqual({ status: row.status, error: row.error ?? "" });
      if (row.status !== 0) return;
      const chain = /-A (\w+)/.exec(line)![1]!;
      expect(rules.map((rule) => ruleText(chain, rule))).toEqual(row.save);
      const accounts = {
        user: () => undefined,
        group: () => undefined,
        userName: () => "root",
        groupName: () => "root",
      };
      const list = (options: object): string[] =>
        rules.map((rule, at) =>
          listRule(rule, at + 1, NO_COUNT, { names, accounts, numericProtocols: true, ...options }),
        );
      expect(list({ numeric: true })).toEqual(row.numeric);
      expect(list({})).toEqual(row.list);
      expect(list({ numeric: true, verbose: true })).toEqual(row.verbose);
    },
  );

  test.each([...unsimulated])("%s is not simulated and says so", (line) => {
    expect(run(line).unsimulated).toMatch(/^(-[mj] \S+|--\S+)/);
  });
});
