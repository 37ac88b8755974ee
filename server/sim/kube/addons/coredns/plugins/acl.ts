import { contains, parseAddress, parsePrefix, type Prefix } from "../../../../net/index.ts";
import { matchingZone } from "../corefile/zone.ts";
import type { Controller, Plugin } from "../plugin.ts";
import { typeOf, typeText } from "../record-type.ts";
import { written } from "../reply.ts";

type Action = "allow" | "block" | "filter" | "drop";

interface Rule {
  readonly zones: readonly string[];
  readonly policies: readonly {
    readonly action: Action;
    readonly types: readonly string[];
    readonly nets: readonly string[];
  }[];
}

/** acl: who may ask for what (plugin/acl). */
export const acl: Plugin<readonly Rule[]> = {
  name: "acl",
  setup(c) {
    const rules: Rule[] = [];
    while (c.next()) {
      const zones = c.zonesOr(c.remainingArgs());
      const policies: Rule["policies"][number][] = [];
      while (c.nextBlock()) policies.push(readPolicy(c));
      rules.push({ zones, policies });
    }
    return rules;
  },
  serve: (rules, _block, next) => {
    const parsed = rules.map(({ zones, policies }) => ({
      zones,
      policies: policies.map((policy) => ({ ...policy, prefixes: policy.nets.map((net) => parsePrefix(net)!) })),
    }));
    return (query) => {
      const source = parseAddress(query.context.remote.address);
      for (const { zones, policies } of parsed) {
        if (matchingZone(zones, query.name) === undefined) continue;
        const type = typeText(query.type);
        const policy = policies.find(
          ({ types, prefixes }) =>
            (types.length === 0 || types.includes(type)) && source !== undefined && within(source, prefixes),
        );
        if (!policy || policy.action === "allow") continue;
        if (policy.action === "drop") return { rcode: "NOERROR" };
        return written(query, policy.action === "block" ? { rcode: "REFUSED" } : {});
      }
      return next(query);
    };
  },
};

function within(source: number | bigint, prefixes: readonly Prefix[]): boolean {
  return prefixes.some((prefix) => typeof prefix.address === typeof source && contains(prefix, source));
}

function readPolicy(c: Controller): Rule["policies"][number] {
  const action = c.value.toLowerCase();
  if (action !== "allow" && action !== "block" && action !== "filter" && action !== "drop")
    throw c.error(`unexpected token ${JSON.stringify(c.value)}; expect 'allow', 'block', 'filter' or 'drop'`);
  const args = c.remainingArgs();
  const types: string[] = [];
  const nets: string[] = [];
  let into = "";
  for (const word of args) {
    if (word === "type" || word === "net") into = word;
    else if (into === "type") {
      if (word === "*") continue;
      if (typeOf(word) === undefined) throw c.error(`unexpected token ${JSON.stringify(word)}; expect legal QTYPE`);
      types.push(word.toUpperCase());
    } else if (into === "net") {
      if (word === "*") continue;
      if (!parsePrefix(word)) throw c.error(`illegal CIDR notation ${JSON.stringify(word)}`);
      nets.push(word);
    } else throw c.error(`unexpected token ${JSON.stringify(word)}; expect 'type | net'`);
  }
  return { action, types, nets: nets.length === 0 ? ["0.0.0.0/0", "::/0"] : nets };
}
