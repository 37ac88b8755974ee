import { beforeEach, describe, expect, test } from "vitest";
import type { Namespace } from "../namespace.ts";
import { machine, testNetwork } from "../testing.ts";
import { ping } from "../transport/ping.ts";
import { TableEditor } from "./editor.ts";
import { netfilterOf } from "./netfilter.ts";
import { readRule } from "./read.ts";
import { isProblem, type Problem, type RuleDraft, type TableName } from "./row.ts";
import { restoreRules } from "./restore.ts";
import { saveRules } from "./save.ts";
import { splitWords } from "./words.ts";

let ns: Namespace;

const RULES = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
:web - [0:0]
-A INPUT -s 10.0.0.1/32 -j DROP
-A INPUT -s 10.0.0.2/32 -j DROP
-A INPUT -j web
-A web -j RETURN
COMMIT
`;

beforeEach(() => {
  ns = machine(testNetwork(), "host");
  expect(restoreRules(ns, RULES)).toBeUndefined();
});

/** Changes a table; its rules and chains afterwards, or why not. */
function edit(change: (editor: TableEditor) => Problem | undefined, table: TableName = "filter"): unknown {
  const netfilter = netfilterOf(ns);
  const editor = new TableEditor(netfilter, netfilter[table]);
  const problem = change(editor) ?? editor.commit();
  if (problem) return problem;
  return saveRules(ns, { table })
    .split("\n")
    .filter((line) => /^(-A|:\w+ -)/.test(line));
}

function draft(text: string): RuleDraft {
  const read = readRule(splitWords(text), { table: "filter", chain: "INPUT", hasChain: (name) => name === "web" });
  if (isProblem(read)) throw new Error(read.text);
  return read.rules[0]!;
}

const missing = (text: string): Problem => ({ problem: "missing", text });
const refused = (text: string, errno: string): unknown => ({ problem: "kernel", errno, text: ` ${text}` });

describe("rules by number", () => {
  test("insert, replace, delete", () => {
    expect(
      edit(
        (editor) =>
          editor.insert("INPUT", 2, draft("-s 10.0.0.9 -j DROP")) ??
          editor.replace("INPUT", 1, draft("-s 10.0.0.8 -j DROP")) ??
          editor.deleteNumber("INPUT", 3),
      ),
    ).toEqual([
      ":web - [0:0]",
      "-A INPUT -s 10.0.0.8/32 -j DROP",
      "-A INPUT -s 10.0.0.9/32 -j DROP",
      "-A INPUT -j web",
      "-A web -j RETURN",
    ]);
  });

  test("behind the last one an insertion is allowed, further on nothing is", () => {
    const rule = draft("-s 10.0.0.9 -j DROP");
    expect(edit((editor) => editor.insert("INPUT", 4, rule))).toHaveLength(6);
    expect(edit((editor) => editor.insert("INPUT", 6, rule))).toEqual(missing("Index of insertion too big."));
    expect(edit((editor) => editor.replace("INPUT", 5, rule))).toEqual(missing("Index of replacement too big."));
    expect(edit((editor) => editor.deleteNumber("INPUT", 5))).toEqual(missing("Index of deletion too big."));
  });

  test("by what it says", () => {
    expect(edit((editor) => editor.check("INPUT", draft("-s 10.0.0.2 -j DROP")))).toHaveLength(5);
    expect(edit((editor) => editor.check("INPUT", draft("-s 10.0.0.3 -j DROP")))).toEqual(
      missing("Bad rule (does a matching rule exist in that chain?)."),
    );
    expect(edit((editor) => editor.deleteRule("INPUT", draft("-s 10.0.0.2 -j DROP")))).toHaveLength(4);
  });
});

describe("chains", () => {
  const none = missing("No chain/target/match by that name.");

  test("a chain with rules, or that rules jump to, is busy", () => {
    const busy = refused("CHAIN_DEL failed (Device or resource busy): chain web", "EBUSY");
    expect(edit((editor) => editor.deleteChain("web"))).toEqual(busy);
    expect(edit((editor) => editor.flush("web") ?? editor.deleteChain("web"))).toEqual(busy);
    expect(edit((editor) => editor.flush() ?? editor.deleteUserChains())).toEqual([]);
  });

  test("there is none, or one already", () => {
    expect(edit((editor) => editor.append("nowhere", draft("-j DROP")))).toEqual(none);
    expect(edit((editor) => editor.flush("nowhere"))).toEqual(none);
    const busy = refused("CHAIN_DEL failed (Device or resource busy): chain INPUT", "EBUSY");
    expect(edit((editor) => editor.deleteChain("INPUT"))).toEqual(busy);
    expect(edit((editor) => editor.newChain("web"))).toEqual({ problem: "other", text: "Chain already exists." });
  });

  test("rules follow a chain to its new name", () => {
    expect(edit((editor) => editor.renameChain("web", "shop"))).toEqual([
      ":shop - [0:0]",
      "-A INPUT -s 10.0.0.1/32 -j DROP",
      "-A INPUT -s 10.0.0.2/32 -j DROP",
      "-A INPUT -j shop",
      "-A shop -j RETURN",
    ]);
    expect(edit((editor) => editor.newChain("web") ?? editor.renameChain("shop", "web"))).toEqual({
      problem: "other",
      text: "File exists.",
    });
  });

  test.each([
    ["-x", "chain name not allowed to start with `-'"],
    ["DROP", "chain name may not clash with target name"],
    ["MASQUERADE", "chain name may not clash with target name"],
    ["a".repeat(29), `chain name \`${"a".repeat(29)}' too long (must be under 29 chars)`],
  ])("%s is no name", (name, text) => {
    expect(edit((editor) => editor.newChain(name))).toEqual({ problem: "parameter", text });
  });

  test("a policy is for built-in chains, and is ACCEPT or DROP", () => {
    expect(edit((editor) => editor.setPolicy("web", "DROP"))).toEqual({
      problem: "other",
      text: "Bad built-in chain name.",
    });
    expect(edit((editor) => editor.setPolicy("INPUT", "REJECT"))).toMatchObject({ problem: "other" });
  });

  test("a circle that no packet can enter is let be, one that it can is not", () => {
    const jump = { matches: [], target: { kind: "chain", name: "web" } } as const;
    const circle = refused("RULE_APPEND failed (Too many links): rule in chain web", "EMLINK");
    expect(edit((editor) => editor.append("web", jump))).toMatchObject(circle as object);
    expect(edit((editor) => editor.deleteNumber("INPUT", 3) ?? editor.append("web", jump))).toHaveLength(5);
  });
});

test("nothing of a change takes effect if a part of it is refused", () => {
  expect(edit((editor) => editor.flush("INPUT") ?? editor.deleteChain("web"))).toMatchObject({ errno: "EBUSY" });
  expect(saveRules(ns)).toContain("-A INPUT -s 10.0.0.1/32 -j DROP");
});

test("counters count, go to zero, and stay with their rule", () => {
  edit((editor) => editor.append("INPUT", draft("-p icmp -j ACCEPT")) ?? editor.setPolicy("OUTPUT", "ACCEPT"));
  ping(ns, { to: "127.0.0.1", id: 1, seq: 1 });
  const counted = (): string[] =>
    saveRules(ns, { counters: true })
      .split("\n")
      .filter((line) => /^\[[1-9]|^:\w+ \w+ \[[1-9]/.test(line));
  const after = [
    ":OUTPUT ACCEPT [2:168]",
    "[2:168] -A INPUT -j web",
    "[2:168] -A INPUT -p icmp -j ACCEPT",
    "[2:168] -A web -j RETURN",
  ];
  expect(counted()).toEqual(after);
  edit((editor) => editor.insert("INPUT", 1, draft("-s 10.0.0.9 -j DROP")));
  expect(counted()).toEqual(after);
  edit((editor) => editor.zero("INPUT", 5));
  expect(counted()).toEqual(after.filter((line) => !line.includes("icmp")));
  edit((editor) => editor.zero());
  expect(counted()).toEqual([]);
});
