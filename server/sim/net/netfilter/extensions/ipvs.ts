import { connectionsOf, repliesOf } from "../../ipvs/connections.ts";
import type { IpvsConnectionRow } from "../../ipvs/row.ts";
import { address, addressText, contains, parsePrefix, prefixText } from "../../ip.ts";
import type { Packet } from "../../walk/packet.ts";
import type { HookPoint } from "../hook-point.ts";
import { readNumber, type Given, type MatchExtension, type OptionSpec } from "../extension.ts";
import { protocolName, protocolNumber } from "../protocols.ts";
import { isProblem, parameter, unsimulated } from "../row.ts";

interface Wish<T> {
  readonly value: T;
  readonly not?: true;
}

interface IpvsOptions {
  /** True for packets of IPVS' connections, false for all others. */
  readonly ours: boolean;
  readonly protocol?: Wish<number>;
  /** `10.96.0.1/32`. */
  readonly address?: Wish<string>;
  readonly port?: Wish<number>;
  readonly direction?: "ORIGINAL" | "REPLY";
}

function number(key: string, option: string, max: number): OptionSpec {
  const read = ([text]: readonly string[]): unknown =>
    (key === "protocol" ? protocolNumber(text!) : undefined) ??
    readNumber(text!, max) ??
    parameter(`ipvs: bad value for option "${option}", or out of range (0-${max}).\n`);
  return { key, words: 1, not: true, read };
}

/** Asks what IPVS has made of a packet (libxt_ipvs.c, xt_ipvs.c). */
export const ipvs: MatchExtension = {
  kind: "match",
  name: "ipvs",
  tracks: true,
  options: {
    "--ipvs": { key: "ours", words: 0, not: true, read: () => true },
    "--vproto": number("protocol", "--vproto", 255),
    "--vport": number("port", "--vport", 65_535),
    "--vaddr": {
      key: "address",
      words: 1,
      not: true,
      read([text]) {
        const prefix = parsePrefix(text!);
        return prefix ? prefixText(prefix) : parameter(`ipvs: Bad value for "--vaddr" option: "${text!}"\n`);
      },
    },
    "--vdir": {
      key: "direction",
      words: 1,
      read: ([word]) =>
        /^(original|reply)$/i.test(word!)
          ? word!.toUpperCase()
          : parameter(`ipvs: Bad value for "--vdir" option: "${word!}"\n`),
    },
    "--vmethod": { key: "method", words: 1, not: true, read: () => unsimulated("-m ipvs --vmethod") },
    "--vportctl": { key: "control", words: 1, not: true, read: () => unsimulated("-m ipvs --vportctl") },
  },
  finish(given) {
    if (given.size === 0) return parameter("IPVS: At least one option is required");
    const ours = given.get("ours");
    const direction = given.get("direction")?.value as IpvsOptions["direction"];
    const wish = (key: string): object => {
      const one = given.get(key);
      return one && !isProblem(one.value) ? { [key]: wished(one) } : {};
    };
    return {
      ours: !ours?.not,
      ...wish("protocol"),
      ...wish("address"),
      ...wish("port"),
      ...(direction ? { direction } : {}),
    };
  },
  save: (options) => text(options as unknown as IpvsOptions, "--"),
  list: (options) => text(options as unknown as IpvsOptions, ""),
  compile(options) {
    const wish = options as unknown as IpvsOptions;
    return (packet, at) => {
      const found = connectionOf(packet, at);
      if (!found) return !wish.ours;
      if (!wish.ours) return false;
      const { row, reply } = found;
      return (
        fits(wish.protocol, (value) => row.protocol === value) &&
        fits(wish.address, (value) => contains(parsePrefix(value)!, address(row.virtual))) &&
        fits(wish.port, (value) => row.virtualPort === value) &&
        (wish.direction === undefined || (wish.direction === "REPLY") === reply)
      );
    };
  },
};

function wished({ value, not }: Given): Wish<unknown> {
  return { value, ...(not ? { not: true as const } : {}) };
}

function fits<T>(wish: Wish<T> | undefined, holds: (value: T) => boolean): boolean {
  return wish === undefined || holds(wish.value) !== (wish.not ?? false);
}

function text({ ours, protocol, address: ip, port, direction }: IpvsOptions, dashes: string): string {
  const part = (name: string, wish: Wish<string | number> | undefined): string =>
    wish ? `${wish.not ? " !" : ""} ${dashes}${name} ${String(wish.value)}` : "";
  const other = protocol || ip || port || direction;
  return [
    other ? "" : `${ours ? "" : " !"} ${dashes}ipvs`,
    part("vproto", protocol),
    part("vaddr", ip && { ...ip, value: ip.value.replace(/\/32$/, "") }),
    part("vport", port),
    direction ? ` ${dashes}vdir ${direction}` : "",
  ].join("");
}

/** The connection of a packet that was turned to its real server, or that comes from there. */
function connectionOf(packet: Packet, { ns }: HookPoint): { row: IpvsConnectionRow; reply: boolean } | undefined {
  const { protocol, sport, dport } = packet;
  if (protocolName(protocol) === undefined) return undefined;
  const [src, dst] = [addressText(packet.src), addressText(packet.dst)];
  const ends = [
    [`${protocol} ${dst} ${dport} ${src} ${sport}`, false],
    [`${protocol} ${src} ${sport} ${dst} ${dport}`, true],
  ] as const;
  for (const [key, reply] of ends) {
    const name = repliesOf(ns).get(key);
    const row = name === undefined ? undefined : connectionsOf(ns).get(name);
    if (row && row.expires > ns.kernel.now && (reply || packet.balanced)) return { row, reply };
  }
  return undefined;
}
