import type { RecordType } from "../../sim/net/index.ts";

/** One lookup of dig with its settings. */
export interface Lookup {
  name: string;
  type: RecordType;
  class: "IN" | "CH";
  reverse: boolean;
  server: string | undefined;
  port: number;
  tcp: boolean;
  tries: number | undefined;
  time: number | undefined;
  search: boolean;
  ndots: number | undefined;
  domain: string | undefined;
  recurse: boolean;
  edns: boolean;
  cookie: boolean;
  dnssec: boolean;
  bufsize: number;
  adflag: boolean;
  cdflag: boolean;
  ignore: boolean;
  short: boolean;
  identify: boolean;
  multiline: boolean;
  ttlid: boolean;
  class_: boolean;
  comments: boolean;
  question: boolean;
  answer: boolean;
  authority: boolean;
  additional: boolean;
  stats: boolean;
  cmd: boolean;
  qr: boolean;
  ttlunits: boolean;
}

export function defaultLookup(): Lookup {
  return {
    name: ".", type: "A", class: "IN", reverse: false, server: undefined, port: 53, tcp: false, tries: undefined, time: undefined,
    search: false, ndots: undefined, domain: undefined, recurse: true, edns: true, cookie: true, dnssec: false, bufsize: 1232,
    adflag: true, cdflag: false, ignore: false, short: false, identify: false, multiline: false, ttlid: true, class_: true,
    comments: true, question: true, answer: true, authority: true, additional: true, stats: true, cmd: true, qr: false, ttlunits: false,
  }; // prettier-ignore
}

type Switch = { [K in keyof Lookup]: Lookup[K] extends boolean ? K : never }[keyof Lookup];

const SWITCHES: Readonly<Record<string, Switch>> = {
  tcp: "tcp", vc: "tcp", search: "search", defname: "search", recurse: "recurse", rdflag: "recurse", cookie: "cookie",
  dnssec: "dnssec", do: "dnssec", adflag: "adflag", ad: "adflag", cdflag: "cdflag", cd: "cdflag", ignore: "ignore", identify: "identify",
  multiline: "multiline", ttlid: "ttlid", ttl: "ttlid", class: "class_", comments: "comments", question: "question",
  answer: "answer", authority: "authority", additional: "additional", stats: "stats", cmd: "cmd", qr: "qr", ttlunits: "ttlunits",
}; // prettier-ignore

/** Known to dig, of no consequence for what is simulated: names, crypto notes, connections. */
const WITHOUT_EFFECT = new Set(["besteffort", "fail", "keepopen", "mapped", "onesoa", "rrcomments", "showsearch", "crypto", "split", "unexpected", "idnin", "idnout", "aaflag", "aaonly", "raflag", "tcflag", "zflag", "expandaaaa", "dscp"]); // prettier-ignore

const NOT_SIMULATED = new Set(["trace", "nssearch", "subnet", "nsid", "yaml", "https", "http-plain", "tls", "ednsopt", "ednsflags", "expire", "padding", "opcode", "header-only", "proxy", "keepalive", "svcparamkeycompat", "sit"]); // prettier-ignore

export type PlusProblem = "invalid" | "not simulated" | { readonly what: string; readonly value: string };

/** Applies `+short`, `+notcp`, `+time=1` to a lookup. Names may be cut short where one letter is enough for dig. */
export function applyPlus(lookup: Lookup, text: string): PlusProblem | undefined {
  const [, word, value] = /^([^=]*)(?:=(.*))?$/s.exec(text)!;
  const off = word!.startsWith("no") && word !== "no";
  const name = (off ? word!.slice(2) : word!).toLowerCase();
  if (NOT_SIMULATED.has(name)) return off ? undefined : "not simulated";
  if (name === "all") {
    for (const key of ["comments", "question", "answer", "authority", "additional", "stats", "cmd"] as const)
      lookup[key] = !off;
    return undefined;
  }
  if (name === "short") {
    lookup.short = !off;
    if (!off)
      for (const key of ["comments", "question", "authority", "additional", "stats", "cmd"] as const)
        lookup[key] = false;
    if (!off) lookup.answer = true;
    return undefined;
  }
  if (name === "edns") {
    lookup.edns = !off;
    return undefined;
  }
  if (name === "time" || name === "timeout")
    return number("timeout", value, (seconds) => (lookup.time = Math.max(1, seconds)));
  if (name === "tries") return number("tries", value, (tries) => (lookup.tries = Math.max(1, tries)));
  if (name === "retry") return number("retries", value, (retries) => (lookup.tries = retries + 1));
  if (name === "ndots") return number("ndots", value, (dots) => (lookup.ndots = dots));
  if (name === "bufsize")
    return value === undefined ? undefined : number("buffer size", value, (size) => (lookup.bufsize = size));
  if (name === "domain") {
    lookup.domain = off ? undefined : value;
    return undefined;
  }
  const known = SWITCHES[name] ?? begun(name);
  if (known) {
    lookup[known] = !off;
    return undefined;
  }
  return WITHOUT_EFFECT.has(name) ? undefined : "invalid";
}

/** A beginning that stands for one switch alone. */
function begun(name: string): Switch | undefined {
  if (name === "") return undefined;
  const all = Object.keys(SWITCHES).filter((word) => word.startsWith(name));
  return all.length === 1 ? SWITCHES[all[0]!] : undefined;
}

function number(what: string, text: string | undefined, set: (value: number) => void): PlusProblem | undefined {
  if (text === undefined) return "invalid";
  if (!/^\d+$/.test(text)) return { what, value: text };
  set(Number(text));
  return undefined;
}
