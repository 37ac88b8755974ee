import { ConfError, type ConfPosition } from "./conf-error.ts";
import type { ConfNode } from "./parse.ts";
import { compileTemplate, type Template } from "./template.ts";

/** A `split_clients`: a variable whose value depends on where the hash of a text falls. */
export interface SplitClients {
  readonly source: Template;
  /** The hash up to which a part goes; the last may have all the rest. */
  readonly parts: readonly { readonly upTo: number; readonly value: Template }[];
}

const ALL = 0xff_ff_ff_ff;
const NOTHING = compileTemplate("") as Template;

/** A line of the block: `20.5% NAME` or `* NAME` (ngx_http_split_clients). */
export function checkShare(node: ConfNode, words: readonly string[], at: ConfPosition): void {
  if (words.length !== 2) throw new ConfError(`invalid number of the split_clients parameters`, at);
  if (shareIn(words[0]!) === undefined) throw new ConfError(`invalid percent value "${words[0]!}"`, at);
  const sum = [...node.entries.map(([share]) => share!), words[0]!].reduce((all, share) => all + (shareIn(share) || 0), 0); // prettier-ignore
  if (sum > 10_000) throw new ConfError("percent total is greater than 100%", at);
}

/** In hundredths of a percent; 0 is what others leave. */
function shareIn(text: string): number | undefined {
  if (text === "*") return 0;
  const match = /^(\d+)(?:\.(\d{1,2}))?%$/.exec(text);
  const share = match ? Number(match[1]) * 100 + Number((match[2] ?? "").padEnd(2, "0")) : 0;
  return share > 0 && share <= 10_000 ? share : undefined;
}

export function parseSplit({ args, entries }: ConfNode): SplitClients {
  let last = 0;
  const parts = entries.map(([share, value]) => {
    const part = shareIn(share!) ?? 0;
    last += Math.floor((part * ALL) / 10_000);
    return { upTo: part === 0 ? Infinity : last, value: compileTemplate(value!) as Template };
  });
  return { source: compileTemplate(args[0]!) as Template, parts };
}

/** ngx_http_split_clients_variable */
export function shareOf({ parts }: SplitClients, text: string): Template {
  const hash = murmur2(text);
  return parts.find(({ upTo }) => hash < upTo)?.value ?? NOTHING;
}

/** MurmurHash2 with seed 0 (src/core/ngx_murmurhash.c). */
export function murmur2(text: string): number {
  const M = 0x5b_d1_e9_95;
  let left = text.length;
  let hash = left;
  let at = 0;
  for (; left >= 4; left -= 4, at += 4) {
    let word = byte(text, at) | (byte(text, at + 1) << 8) | (byte(text, at + 2) << 16) | (byte(text, at + 3) << 24);
    word = Math.imul(word, M);
    word ^= word >>> 24;
    word = Math.imul(word, M);
    hash = Math.imul(hash, M) ^ word;
  }
  if (left === 3) hash ^= byte(text, at + 2) << 16;
  if (left >= 2) hash ^= byte(text, at + 1) << 8;
  if (left >= 1) hash = Math.imul(hash ^ byte(text, at), M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  hash ^= hash >>> 15;
  return hash >>> 0;
}

function byte(text: string, at: number): number {
  return text.charCodeAt(at) & 255;
}
