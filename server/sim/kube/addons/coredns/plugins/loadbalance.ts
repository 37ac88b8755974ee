import type { DnsRecord } from "../../../../net/index.ts";
import { NotSimulated } from "../corefile/corefile-error.ts";
import type { Plugin } from "../plugin.ts";

/** loadbalance: shuffles addresses in answers (plugin/loadbalance/loadbalance.go). */
export const loadbalance: Plugin<Record<string, never>> = {
  name: "loadbalance",
  setup(c) {
    while (c.next()) {
      const args = c.remainingArgs();
      if (args[0] === "weighted") throw new NotSimulated("'loadbalance weighted'");
      if (args.length > 1) throw c.argumentError();
      if (args.length === 1 && args[0] !== "round_robin") throw new Error(`unknown policy: ${args[0]!}`);
      if (c.nextBlock()) throw c.error(`unknown property '${c.value}'`);
    }
    return {};
  },
  serve:
    (_config, { instance }, next) =>
    (query) => {
      const outcome = next(query);
      const { message } = outcome;
      if (!message || message.rcode !== "NOERROR") return outcome;
      const mix = (records: readonly DnsRecord[]): readonly DnsRecord[] =>
        shuffled(records, (below) => instance.random("loadbalance", below));
      const { answers, authorities, additionals } = message;
      return {
        ...outcome,
        message: { ...message, answers: mix(answers), authorities: mix(authorities), additionals: mix(additionals) },
      };
    },
};

/** CNAMEs first, then others, then addresses and MX in a random order. */
function shuffled(records: readonly DnsRecord[], draw: (below: number) => number): readonly DnsRecord[] {
  if (records.length < 2) return records;
  const names = records.filter(({ type }) => type === "CNAME");
  const addresses = records.filter(({ type }) => type === "A" || type === "AAAA");
  const mail = records.filter(({ type }) => type === "MX");
  const others = records.filter(({ type }) => !["CNAME", "A", "AAAA", "MX"].includes(type));
  for (const list of [addresses, mail]) {
    for (let at = 0; at < list.length - 1; at++) {
      const other = at + draw(list.length - at);
      [list[at], list[other]] = [list[other]!, list[at]!];
    }
  }
  return [...names, ...others, ...addresses, ...mail];
}
