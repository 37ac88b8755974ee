import { normalize } from "./normalize.mjs";
import { withoutTcpdumpNumbers } from "./tcpdump-numbers.ts";

/** What transcripts are compared by: the recorder's normaliser, and lsof's numbers of sockets, which it leaves. */
export function masked(text: string): string {
  return withoutTcpdumpNumbers(normalize(text)).replaceAll(/^(\S+ +(?:\d+ +)+\S+ +\d+\w? +IPv[46]) +\d+/gm, "$1 <ID>");
}
