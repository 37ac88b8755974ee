import { TableEditor, type Netfilter, type Problem, type TableName } from "../../sim/net/index.ts";
import type { Command } from "./command.ts";

/** Does what changes rules or chains, wholly or not at all. */
export function change(netfilter: Netfilter, table: TableName, command: Command): Problem | undefined {
  const { verb } = command;
  const rules = netfilter[table];
  const editor = new TableEditor(netfilter, rules);
  const refusal = edit(editor, command);
  if (refusal) return refusal;
  if (verb === "check") return undefined;
  return editor.commit();
}

function edit(editor: TableEditor, command: Command): Problem | undefined {
  const { verb, chain, number, word, rules, counter } = command;
  switch (verb) {
    case "append":
      return first(rules, (rule) => editor.append(chain!, rule, counter));
    case "insert":
      // Several rules keep their order: each goes before the one that was there.
      return first(rules.toReversed(), (rule) => editor.insert(chain!, number ?? 1, rule, counter));
    case "check":
      return first(rules, (rule) => editor.check(chain!, rule));
    case "delete":
      return number === undefined
        ? first(rules, (rule) => editor.deleteRule(chain!, rule))
        : editor.deleteNumber(chain!, number);
    case "replace":
      return rules.length > 1
        ? { problem: "parameter", text: "Replacement rule does not specify a unique address" }
        : editor.replace(chain!, number!, rules[0]!, counter);
    case "flush":
      // With -v the chains are named, which makes them (nft_rule_flush).
      if (command.verbose && chain === undefined) editor.makeBuiltIn();
      return editor.flush(chain);
    case "zero":
      // What was listed is there (nft_cmd_chain_list).
      if (command.zero) editor.makeBuiltIn(chain);
      return editor.zero(chain, number);
    case "new-chain":
      return editor.newChain(chain!);
    case "delete-chain":
      return chain === undefined ? editor.deleteUserChains() : editor.deleteChain(chain);
    case "rename-chain":
      return editor.renameChain(chain!, word!);
    case "policy":
      return editor.setPolicy(chain!, word!);
    default:
      return undefined;
  }
}

function first<T>(list: readonly T[], run: (one: T) => Problem | undefined): Problem | undefined {
  for (const one of list) {
    const problem = run(one);
    if (problem) return problem;
  }
  return undefined;
}
