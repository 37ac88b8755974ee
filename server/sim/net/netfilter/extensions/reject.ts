import type { TargetExtension } from "../extension.ts";
import { REJECT_WITH, type RejectWith } from "../reject-with.ts";
import { TCP } from "../protocols.ts";
import { parameter } from "../row.ts";

/** Names and older aliases of answers, as libipt_REJECT has them. */
const ALIASES: readonly (readonly [string, string, RejectWith])[] = [
  ["icmp-net-unreachable", "net-unreach", "icmp-net-unreachable"],
  ["icmp-host-unreachable", "host-unreach", "icmp-host-unreachable"],
  ["icmp-proto-unreachable", "proto-unreach", "icmp-proto-unreachable"],
  ["icmp-port-unreachable", "port-unreach", "icmp-port-unreachable"],
  ["icmp-net-prohibited", "net-prohib", "icmp-net-prohibited"],
  ["icmp-host-prohibited", "host-prohib", "icmp-host-prohibited"],
  ["tcp-reset", "tcp-rst", "tcp-reset"],
  ["icmp-admin-prohibited", "admin-prohib", "icmp-admin-prohibited"],
];

/** The same of libip6t_REJECT. */
const ALIASES6: readonly (readonly [string, string, RejectWith])[] = [
  ["icmp6-no-route", "no-route", "icmp6-no-route"],
  ["icmp6-adm-prohibited", "adm-prohibited", "icmp6-adm-prohibited"],
  ["icmp6-addr-unreachable", "addr-unreach", "icmp6-addr-unreachable"],
  ["icmp6-port-unreachable", "port-unreach", "icmp6-port-unreachable"],
  ["tcp-reset", "tcp-reset", "tcp-reset"],
  ["icmp6-policy-fail", "policy-fail", "icmp6-policy-fail"],
  ["icmp6-reject-route", "reject-route", "icmp6-reject-route"],
];

/** Drops a packet and tells its sender so. */
export const REJECT: TargetExtension = {
  kind: "target",
  name: "REJECT",
  tables: ["filter"],
  hooks: ["INPUT", "FORWARD", "OUTPUT"],
  options: {
    "--reject-with": {
      key: "with",
      words: 1,
      read([text], { family }) {
        const lower = text!.toLowerCase();
        const found = (family === 4 ? ALIASES : ALIASES6).find(
          ([name, alias]) => name.startsWith(lower) || alias.startsWith(lower),
        );
        return found?.[2] ?? parameter(`unknown reject type "${text}"`);
      },
    },
  },
  finish: (given, _, family) => ({
    with: given.get("with")?.value ?? (family === 4 ? "icmp-port-unreachable" : "icmp6-port-unreachable"),
  }),
  refuse: (options, { protocol }) =>
    options["with"] === "tcp-reset" && (protocol?.value !== TCP || protocol.not) ? "EINVAL" : undefined,
  save: (options) => ` --reject-with ${options["with"] as string}`,
  list: (options) => ` reject-with ${options["with"] as string}`,
  compile(options) {
    const answer = options["with"] as RejectWith;
    if (!(answer in REJECT_WITH)) throw new Error(`REJECT with ${answer}`);
    return (_, at) => {
      at.reject = answer;
      return "drop";
    };
  },
};
