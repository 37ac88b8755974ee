import {
  addElement, createSet, deleteElement, destroySet, isProblem, listElements, netfilterOf, readRule, ruleText, setsOf, TableEditor, type Namespace, type Problem, type RuleDraft,
} from "../../../../net/index.ts"; // prettier-ignore
import { CHAINS, type RuleChain, type Wanted, type WantedSet } from "./wanted.ts";

/** The end of weave's cable to the other nodes: what comes by it has passed another node's rules, what goes by it will. */
const BRIDGE_PORT = "vethwe-bridge";
const EGRESS_MARK = "0x40000/0x40000";
const MOST_ELEMENTS = 65_536;
/** --max-list-size */
const LIST_SIZE = 1024;

const RULE_CHAINS: readonly RuleChain[] = ["default", "ingress", "egressDefault", "egressCustom"];

/** What changed, for the log. */
export interface Changes {
  readonly entries: readonly { readonly verb: "adding" | "deleting"; readonly entry: string; readonly set: string }[];
  readonly rules: readonly { readonly verb: "adding" | "deleting"; readonly rule: string; readonly chain: string }[];
}

/** prog/weave-npc/main.go resetIPTables, createBaseRules. */
export function resetRules(ns: Namespace): void {
  edit(ns, (editor) => {
    for (const chain of Object.values(CHAINS)) must(editor.has(chain) ? editor.flush(chain) : editor.newChain(chain));
    for (const [chain, rules] of Object.entries(BASE))
      for (const rule of rules) must(editor.append(chain, draftOf(rule.split(" "), chain)));
  });
  for (const name of Array.from(setsOf(ns).keys())) if (isOurs(name)) destroySet(ns, name);
}

const BASE: Readonly<Record<string, readonly string[]>> = {
  [CHAINS.main]: [
    "-m state --state RELATED,ESTABLISHED -j ACCEPT",
    "-d 224.0.0.0/4 -j ACCEPT",
    `-m physdev --physdev-is-bridged --physdev-out ${BRIDGE_PORT} -j ACCEPT`,
    `-m state --state NEW -j ${CHAINS.default}`,
    `-m state --state NEW -j ${CHAINS.ingress}`,
  ],
  [CHAINS.egressMark]: [`-j MARK --set-xmark ${EGRESS_MARK}`],
  [CHAINS.egress]: [
    "-m state --state RELATED,ESTABLISHED -j ACCEPT",
    `-m physdev --physdev-is-bridged --physdev-in ${BRIDGE_PORT} -j RETURN`,
    "-m addrtype --dst-type LOCAL -j RETURN",
    "-d 224.0.0.0/4 -j RETURN",
    `-m state --state NEW -j ${CHAINS.egressDefault}`,
    `-m state --state NEW -m mark ! --mark ${EGRESS_MARK} -j ${CHAINS.egressCustom}`,
    `-m state --state NEW -m mark ! --mark ${EGRESS_MARK} -j NFLOG --nflog-group 86`,
    `-m mark ! --mark ${EGRESS_MARK} -j DROP`,
  ],
};

/** Weave's other sets are the router's. */
function isOurs(name: string): boolean {
  return name.startsWith("weave-");
}

/** Brings sets and rules to what is wanted: sets first, rules that are new behind those that stay, old sets last. */
export function applyWanted(ns: Namespace, { sets, rules }: Wanted): Changes {
  const entries = [...sets].flatMap(([name, set]) => writeSet(ns, name, set));
  const written = writeRules(ns, rules);
  const gone = [...setsOf(ns).entries()].filter(([name]) => isOurs(name) && !sets.has(name));
  for (const [name] of gone.toSorted(([, a], [, b]) => Number(b.type === "list:set") - Number(a.type === "list:set")))
    destroySet(ns, name);
  return { entries, rules: written };
}

function writeSet(ns: Namespace, name: string, { type, members }: WantedSet): Changes["entries"] {
  const list = type === "list:set";
  const more = list ? { size: LIST_SIZE } : {};
  if (!setsOf(ns).has(name))
    createSet(ns, name, { type, family: "inet", hashsize: 1024, maxelem: MOST_ELEMENTS, bucketsize: 12, comment: true, ...more });
  const set = setsOf(ns).get(name)!;
  const there = new Map(listElements(ns, set));
  const entries: Changes["entries"][number][] = [];
  for (const key of there.keys()) {
    if (members.has(key)) continue;
    deleteElement(ns, set, key, true);
    entries.push({ verb: "deleting", entry: key, set: name });
  }
  for (const [key, comment] of members) {
    if (there.get(key)?.comment === comment) continue;
    addElement(ns, set, { key, comment }, true);
    if (!there.has(key)) entries.push({ verb: "adding", entry: key, set: name });
  }
  return entries;
} // prettier-ignore

function writeRules(ns: Namespace, rules: Wanted["rules"]): Changes["rules"] {
  const changes: Changes["rules"][number][] = [];
  edit(ns, (editor) => {
    for (const name of RULE_CHAINS) {
      const chain = CHAINS[name];
      const drafts = new Map(rules[name].map((words) => {
        const draft = draftOf(words, chain);
        return [ruleText(chain, draft), { draft, words }];
      }));
      const there = (editor.rules(chain) ?? []).map((rule) => ruleText(chain, rule));
      for (let at = there.length; at > 0; at--) {
        if (drafts.has(there[at - 1]!)) continue;
        must(editor.deleteNumber(chain, at));
        changes.push({ verb: "deleting", rule: there[at - 1]!.replace(`-A ${chain} `, ""), chain });
      }
      const kept = new Set(there);
      for (const [text, { draft, words }] of drafts) {
        if (kept.has(text)) continue;
        must(editor.append(chain, draft));
        changes.push({ verb: "adding", rule: words.join(" "), chain });
      }
    }
    return changes.length > 0;
  });
  return changes;
} // prettier-ignore

function edit(ns: Namespace, change: (editor: TableEditor) => boolean | void): void {
  const netfilter = netfilterOf(ns);
  const editor = new TableEditor(netfilter, netfilter.filter);
  if (change(editor) !== false) must(editor.commit());
}

/** A rule by its words. */
export function draftOf(words: readonly string[], chain: string): RuleDraft {
  const read = readRule([...words], { table: "filter", chain, hasChain: () => true });
  if (isProblem(read))
    throw new Error(`weave-npc wrote a rule that iptables refuses: ${words.join(" ")}: ${read.text}`);
  return read.rules[0]!;
}

function must(problem: Problem | undefined): void {
  if (problem) throw new Error(`weave-npc: ${problem.text}`);
}
