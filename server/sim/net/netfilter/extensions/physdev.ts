import type { LinkRow } from "../../link/row.ts";
import type { MatchExtension } from "../extension.ts";
import { nameFits } from "../interface-name.ts";
import { parameter } from "../row.ts";

interface Wish<T> {
  readonly value: T;
  readonly not?: true;
}

interface PhysdevOptions {
  readonly in?: Wish<string>;
  readonly isIn?: Wish<true>;
  readonly out?: Wish<string>;
  readonly isOut?: Wish<true>;
  readonly isBridged?: Wish<true>;
}

/** In the order in which they are printed. */
const ORDER = [
  ["isIn", "--physdev-is-in"],
  ["in", "--physdev-in"],
  ["isOut", "--physdev-is-out"],
  ["out", "--physdev-out"],
  ["isBridged", "--physdev-is-bridged"],
] as const;

/** The ports of a bridge that a packet came in and goes out by, where the bridge lets iptables see it. */
export const physdev: MatchExtension = {
  kind: "match",
  name: "physdev",
  options: {
    "--physdev-in": { key: "in", words: 1, not: true, read: ([name]) => readName(name!) },
    "--physdev-out": { key: "out", words: 1, not: true, read: ([name]) => readName(name!) },
    "--physdev-is-in": { key: "isIn", words: 0, not: true, read: () => true },
    "--physdev-is-out": { key: "isOut", words: 0, not: true, read: () => true },
    "--physdev-is-bridged": { key: "isBridged", words: 0, not: true, read: () => true },
  },
  finish(given) {
    if (given.size === 0) return parameter("PHYSDEV: no physdev option specified");
    const options: Record<string, unknown> = {};
    for (const [key, { value, not }] of given) options[key] = { value, ...(not ? { not: true } : {}) };
    return options;
  },
  save: (options) => words(options),
  list: (options) => ` PHYSDEV match${words(options)}`,
  compile(options) {
    const { in: ingress, out, isIn, isOut, isBridged } = options as PhysdevOptions;
    const is = (wish: Wish<unknown> | undefined, value: boolean): boolean => !wish || value !== (wish.not ?? false);
    return (packet, { ns }) => {
      const from: LinkRow | undefined = packet.physIn === 0 ? undefined : ns.links.get(packet.physIn);
      const to: LinkRow | undefined = packet.physOut === 0 ? undefined : ns.links.get(packet.physOut);
      return (
        is(isIn, from !== undefined) &&
        is(isOut, to !== undefined) &&
        is(isBridged, from !== undefined && to !== undefined) &&
        is(ingress, from !== undefined && nameFits(ingress?.value ?? "", from.name)) &&
        is(out, to !== undefined && nameFits(out?.value ?? "", to.name))
      );
    };
  },
};

function readName(name: string) {
  return name.length < 16 ? name : parameter(`interface name \`${name}' must be shorter than IFNAMSIZ (15)`);
}

function words(options: PhysdevOptions): string {
  let text = "";
  for (const [key, option] of ORDER) {
    const wish = options[key];
    if (wish) text += `${wish.not ? " !" : ""} ${option}${wish.value === true ? "" : ` ${wish.value}`}`;
  }
  return text;
}
