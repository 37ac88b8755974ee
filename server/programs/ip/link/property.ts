import { setAltname } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, notSimulated, talk } from "../exit.ts";
import { LINK_USAGE } from "../usage/link.ts";
import { invalid, matches, Words } from "../words.ts";

/** `ip link property` (ip/iplink.c: iplink_prop). */
export function property(call: IpCall, words: readonly string[]): number {
  const [verb, ...rest] = words;
  if (verb === undefined || matches(verb, "help")) throw new Exit(255, LINK_USAGE);
  if (matches(verb, "add")) return modify(call, rest, true);
  if (matches(verb, "del")) return modify(call, rest, false);
  throw new Exit(255, "Operator required\n");
}

/** As for the kernel's request: names that come before one that is refused stay. */
function modify(call: IpCall, rest: readonly string[], add: boolean): number {
  const words = new Words(rest);
  const names: string[] = [];
  let device: string | undefined;
  for (; !words.done; words.step()) {
    if (matches(words.word, "dev")) device = words.next();
    else if (matches(words.word, "altname")) {
      const name = words.next();
      if (name === "" || name.length > 127 || /[/\s]/.test(name)) throw invalid("not a valid altname", name);
      names.push(name);
    } else if (matches(words.word, "help")) throw new Exit(255, LINK_USAGE);
    else throw notSimulated("ip", `link property ${words.word}`);
  }
  if (device === undefined) throw new Exit(255, 'Not enough of information: "dev" argument is required.\n');
  const { index } = call.mustFindLink(device);
  call.requireAdmin();
  for (const name of names) talk(setAltname(call.ns, index, name, add));
  return 0;
}
