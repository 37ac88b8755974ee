import type { Dice } from "./dice.ts";
import type { IptablesOp, Match, Op, Target } from "./op.ts";

/** What rules may speak of. */
export interface Speakable {
  address(): string;
  devices(ns: string): string[];
  subnets(): number;
}

/** Makes changes to iptables rules. */
export class RuleMaker {
  readonly #dice: Dice;
  readonly #network: Speakable;

  constructor(dice: Dice, network: Speakable) {
    this.#dice = dice;
    this.#network = network;
  }

  /** A change to the rules of a namespace. */
  make(ns: string): Op[] {
    const dice = this.#dice;
    const kind = dice.below(100);
    const base = { do: "iptables", ns, verb: dice.chance(70) ? "append" : "insert" } as const;
    if (kind < 6) {
      const chain = dice.pick(["INPUT", "FORWARD", "OUTPUT"]);
      const name = dice.chance(60) ? "DROP" : "ACCEPT";
      return [{ do: "iptables", ns, table: "filter", verb: "policy", chain, target: { name } }];
    }
    if (kind < 9) return [{ do: "iptables", ns, table: "filter", verb: "flush", chain: "FORWARD" }];
    if (kind < 16) return this.#chain(ns);
    if (kind < 60) {
      const chain = dice.pick(["INPUT", "FORWARD", "FORWARD", "OUTPUT"]);
      return [{ ...base, table: "filter", chain, match: this.#match(ns, chain), target: this.#verdict() }];
    }
    if (kind < 92) return [{ ...base, ...this.#nat(ns) }];
    const chain = dice.pick(["PREROUTING", "OUTPUT"]);
    const target: Target = { name: "MARK", value: 1 };
    return [{ ...base, table: "mangle", chain, match: this.#match(ns, chain), target }];
  }

  #chain(ns: string): Op[] {
    const rule: Omit<IptablesOp, "chain" | "verb"> = { do: "iptables", ns, table: "filter" };
    const chain = this.#dice.pick(["INPUT", "FORWARD"]);
    return [
      { ...rule, verb: "new", chain: "EXTRA" },
      { ...rule, verb: "append", chain: "EXTRA", match: this.#match(ns, "EXTRA"), target: this.#verdict() },
      { ...rule, verb: "append", chain: "EXTRA", match: this.#match(ns, "EXTRA"), target: this.#verdict() },
      { ...rule, verb: "insert", chain, match: this.#match(ns, chain), target: { name: "JUMP", chain: "EXTRA" } },
    ];
  }

  #verdict(): Target {
    const dice = this.#dice;
    const kind = dice.below(10);
    if (kind < 3) return { name: "ACCEPT" };
    if (kind < 6) return { name: "DROP" };
    if (kind < 7) return { name: "RETURN" };
    return {
      name: "REJECT",
      with: dice.pick(["icmp-port-unreachable", "icmp-host-unreachable", "icmp-net-unreachable", "icmp-admin-prohibited"]),
    };
  } // prettier-ignore

  #match(ns: string, chain: string): Match {
    const dice = this.#dice;
    const devices = this.#network.devices(ns);
    const protocol = dice.chance(40) ? dice.pick(["icmp", "tcp", "udp"] as const) : undefined;
    const cidr = (): string => (dice.chance(60) ? `10.0.${dice.below(this.#network.subnets())}.0/24` : this.#network.address());
    const [input, output] = [chain !== "OUTPUT" && chain !== "POSTROUTING", chain !== "INPUT" && chain !== "PREROUTING"];
    return {
      ...(dice.chance(30) ? { source: cidr() } : {}),
      ...(dice.chance(30) ? { destination: cidr() } : {}),
      ...(input && chain !== "EXTRA" && devices.length > 0 && dice.chance(20) ? { input: dice.pick(devices) } : {}),
      ...(output && chain !== "EXTRA" && devices.length > 0 && dice.chance(20) ? { output: dice.pick(devices) } : {}),
      ...(protocol === undefined ? {} : { protocol }),
      ...(protocol !== undefined && protocol !== "icmp" && dice.chance(40) ? { port: dice.pick([80, 53, 81]) } : {}),
      ...(dice.chance(15)
        ? { states: dice.pick([["NEW"], ["ESTABLISHED"], ["RELATED", "ESTABLISHED"], ["INVALID"]] as const) }
        : {}),
      ...(dice.chance(5) ? { mark: 1 } : {}),
    };
  } // prettier-ignore

  #nat(ns: string): Pick<IptablesOp, "table" | "chain" | "match" | "target"> {
    const dice = this.#dice;
    const kind = dice.below(10);
    if (kind < 5) {
      const target: Target = kind < 4 ? { name: "MASQUERADE" } : { name: "SNAT", to: this.#network.address() };
      return { table: "nat", chain: "POSTROUTING", match: this.#match(ns, "POSTROUTING"), target };
    }
    const chain = dice.chance(65) ? "PREROUTING" : "OUTPUT";
    const { port: _, ...match } = this.#match(ns, chain);
    const protocol = dice.pick(["tcp", "udp"] as const);
    if (kind < 7) return { table: "nat", chain, match, target: { name: "DNAT", to: this.#network.address() } };
    if (kind < 9)
      return {
        table: "nat",
        chain,
        match: { ...match, protocol, port: dice.pick([81, 8080]) },
        target: { name: "DNAT", to: this.#network.address(), port: protocol === "tcp" ? 80 : 53 },
      };
    const target: Target = { name: "REDIRECT", port: protocol === "tcp" ? 80 : 53 };
    return { table: "nat", chain, match: { ...match, protocol }, target };
  }
}
