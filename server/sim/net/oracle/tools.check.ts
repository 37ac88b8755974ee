import type { IptablesOp, Probe } from "./op.ts";
import { hasCarrier, text, type Flow } from "./stack.ts";
import type { Oracle } from "./oracle.ts";
import type { Ours } from "./ours.check.ts";

const HEADERS = 28;
/** Of all links in scenarios. */
const SMALLEST_MTU = 576;

/** Reads what our tools print after a probe, and tells where it contradicts the oracle. */
export class Tools {
  readonly #world: Ours;
  readonly #oracle: Oracle;
  #counters = new Map<string, number>();
  /** A connection, or fragments, are more packets than the oracle sends: from then on rules count what it does not know. */
  #more = false;
  /** The last flow of each namespace before the probe. */
  #before = new Map<string, Flow | undefined>();

  constructor(world: Ours, oracle: Oracle) {
    this.#world = world;
    this.#oracle = oracle;
  }

  async contradiction(probe: Probe, verdict: string): Promise<string | undefined> {
    this.#more ||= verdict.startsWith("connected") || (probe.size ?? 0) + HEADERS > SMALLEST_MTU;
    if (!this.#oracle.stacks.has(probe.ns)) return undefined;
    return (
      (await this.#neighbours()) ??
      (await this.#links(verdict)) ??
      (await this.#rules()) ??
      (await this.#flows(probe, verdict)) ??
      (await this.#routeGet(probe))
    );
  }

  async #routeGet({ ns, to }: Probe): Promise<string | undefined> {
    const expected = this.#oracle.routeGet(ns, to);
    const { stdout, stderr } = await this.#world.run(ns, ["ip", "route", "get", to]);
    const [, via = "", dev, src] = /(via \S+ )?dev (\S+) (?:.*?src (\S+))?/.exec(stdout) ?? [];
    const words: Record<string, string> = {
      "Network is unreachable": "ENETUNREACH",
      "No route to host": "EHOSTUNREACH",
      "Permission denied": "EACCES",
      "Invalid argument": "EINVAL",
    };
    const said = dev === undefined ? words[/: (.*)\n/.exec(stderr)?.[1] ?? ""] : `${via}dev ${dev}${src ? ` src ${src}` : ""}`;
    return said === expected ? undefined : `ip -n ${ns} route get ${to}\noracle ${expected}\nours ${stdout}${stderr}`;
  } // prettier-ignore

  async #neighbours(): Promise<string | undefined> {
    for (const { ns, dev, address, answered } of this.#oracle.asked) {
      const { stdout } = await this.#world.run(ns, ["ip", "neigh", "show", address, "dev", dev]);
      const knows = / lladdr \S+ .*(REACHABLE|STALE|DELAY)/.test(stdout);
      if (knows !== answered || (!answered && !/FAILED|INCOMPLETE/.test(stdout)))
        return `ip -n ${ns} neigh show ${address} dev ${dev}\noracle ${answered ? "answered" : "nobody answered"}\nours ${stdout}`;
    }
    return undefined;
  }

  async #links(verdict: string): Promise<string | undefined> {
    for (const ns of this.#oracle.stacks.keys()) {
      const { stdout } = await this.#world.run(ns, ["ip", "-s", "link"]);
      for (const [, dev, received, sent] of stdout.matchAll(/^\d+: ([^@:\s]+).*\n.*\n.*RX:.*\n\s+\d+\s+(\d+).*\n.*TX:.*\n\s+\d+\s+(\d+)/gm)) {
        const key = `${ns} ${dev!}`;
        const count = Number(received) + Number(sent);
        const touched = count > (this.#counters.get(key) ?? 0);
        this.#counters.set(key, count);
        const link = this.#oracle.stacks.get(ns)!.links.find(({ name }) => name === dev);
        // A bridge without ports takes everything and passes nothing on.
        if (link?.kind === "bridge" && !hasCarrier(link)) continue;
        // What ends a connection may go other ways than what began it.
        if (verdict.startsWith("connected")) continue;
        if (touched !== this.#oracle.touched.has(key))
          return `ip -n ${ns} -s link show ${dev!}\noracle ${touched ? "nothing passed" : "something passed"}\nours ${stdout}`;
      }
    }
    return undefined;
  } // prettier-ignore

  /** Packets that each rule decided about, in the order of iptables-save. */
  async #rules(): Promise<string | undefined> {
    if (this.#more) return undefined;
    for (const [ns, { chains }] of this.#oracle.stacks) {
      for (const [name, { rules }] of chains) {
        if (rules.length === 0) continue;
        const [table, chain] = name.split(" ") as [string, string];
        const { stdout } = await this.#world.run(ns, ["iptables", "-t", table, "-L", chain, "-v", "-x", "-n"]);
        const counted = stdout.trimEnd().split("\n").slice(2).map((row) => Number(row.trim().split(/\s+/)[0])); // prettier-ignore
        const expected = rules.map((rule: IptablesOp) => this.#oracle.hits.get(rule) ?? 0);
        if (counted.join(" ") !== expected.join(" "))
          return `ip netns exec ${ns} iptables -t ${table} -L ${chain} -v\noracle ${expected.join(" ")}\nours ${stdout}`;
      }
    }
    return undefined;
  }

  /** Every connection that the oracle's namespaces remember of this probe, in conntrack's words. */
  async #flows({ kind }: Probe, verdict: string): Promise<string | undefined> {
    for (const [ns, { flows }] of this.#oracle.stacks) {
      const last = flows.at(-1);
      const old = this.#before.get(ns);
      this.#before.set(ns, last);
      // A reset ends what it answers.
      if (kind === "tcp" && !verdict.startsWith("connected")) continue;
      if (!last || last === old || last.protocol !== kind) continue;
      const { stdout } = await this.#world.run(ns, ["conntrack", "-L", "-p", kind]);
      const ends = ({ src, dst }: { src: number; dst: number }): string => `src=${text(src)} dst=${text(dst)}`;
      const fits = (row: string): boolean => row.includes(`${ends(last.original)} `) && row.includes(`${ends(last.reply)} `);
      if (!stdout.split("\n").some(fits))
        return `ip netns exec ${ns} conntrack -L -p ${kind}\noracle ${ends(last.original)} ${ends(last.reply)}\nours ${stdout}`;
    }
    return undefined;
  } // prettier-ignore
}
