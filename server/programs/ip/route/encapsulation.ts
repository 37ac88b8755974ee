import { addressText, type NextHop } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated } from "../exit.ts";
import { mustBeAddress } from "../prefix.ts";
import { invalid, readUnsigned, type Words } from "../words.ts";

type Encapsulation = NonNullable<NextHop["encapsulation"]>;

const FIELDS = ["id", "dst", "src", "tos", "dsfield", "ttl", "hoplimit"];

const OTHERS = ["ip6", "bpf", "seg6", "seg6local", "rpl", "ioam6", "xfrm"];

/** `encap ip id 5 dst 192.0.2.1` (ip/iproute_lwtunnel.c: lwt_parse_encap); stands on its last word afterwards. */
export function readEncapsulation(words: Words): Encapsulation {
  const type = words.next();
  if (OTHERS.includes(type)) throw notSimulated("ip", `encap ${type}`);
  if (type === "mpls") throw new Exit(2, "Error: lwt encapsulation type not supported.\n");
  if (type !== "ip") throw invalid('"encap type" value is invalid\n', type);
  const made: { -readonly [K in keyof Encapsulation]: Encapsulation[K] } = {
    id: 0,
    src: "0.0.0.0",
    dst: "0.0.0.0",
    ttl: 0,
    tos: 0,
  };
  const number = (what: string, max: number): number => {
    const value = readUnsigned(words.next(), max);
    if (value === undefined) throw invalid(`"${what}" value is invalid\n`, words.word);
    return value;
  };
  while (words.hasMore) {
    const name = words.following;
    if (!FIELDS.includes(name ?? "")) break;
    words.step();
    if (name === "id") made.id = number("id", Number.MAX_SAFE_INTEGER);
    else if (name === "dst" || name === "src") {
      made[name] = addressText(mustBeAddress(words.next(), 4));
    } else if (name === "tos" || name === "dsfield") made.tos = number("tos", 255);
    else made.ttl = number("ttl", 255);
  }
  return made;
}

export function printEncapsulation({ printer }: IpCall, encapsulation: Encapsulation | undefined): void {
  if (!encapsulation) return;
  const { id, src, dst, ttl, tos } = encapsulation;
  printer.fact("encap", " encap ip ", "ip");
  printer.fact("id", `id ${id} `, id);
  printer.fact("src", `src ${src} `, src);
  printer.fact("dst", `dst ${dst} `, dst);
  printer.fact("ttl", `ttl ${ttl} `, ttl);
  printer.fact("tos", `tos ${tos} `, tos);
}
