/** Where something stands in the text, from its first character to behind its last. */
export interface Place {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A text with commands: the arguments of nft, standard input or a file. */
export interface Source {
  /** What errors call it; empty for arguments. */
  readonly name: string;
  readonly text: string;
}

export type TokenKind = "string" | "number" | "quoted" | "punctuation" | "newline" | "end" | "wildcard";

export interface Token extends Place {
  readonly kind: TokenKind;
  readonly text: string;
}

const PUNCTUATION = ["+", "==", "!=", "<=", ">=", "<<", ">>", "<", ">", "&", "|", "^", "!", "~", ",", ":", ";", "{", "}", "[", "]", "(", ")", "/", "-", "*", "@", "$", "=", "."]; // prettier-ignore

const ADDRESS = /(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?![0-9a-f:])|\d+\.\d+\.\d+\.\d+|(?:[0-9a-f]{0,4}:){2,7}(?:\d+\.\d+\.\d+\.\d+|[0-9a-f]{0,4})/iy; // prettier-ignore
const TIME = /(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?(?![\w.])/y;
const NUMBER = /0x[0-9a-f]+|\d+/iy;
const WORD = /[A-Za-z](?:[A-Za-z0-9/\-_.]|\\.)*\*?|\*(?=\s*[:},])/y;
const QUOTED = /"([^"\n]*)"/y;
const BLANK = /(?:[ \t\r]|\\\n|#[^\n]*)+/y;

/** A character that nft has no use for. */
export class Stray {
  readonly place: Place;
  constructor(place: Place) {
    this.place = place;
  }
}

/** Splits commands into tokens (src/scanner.l). */
export function scan(source: Source): Token[] | Stray {
  const { text } = source;
  const out: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0];
  };
  const push = (kind: TokenKind, length: number, shown = text.slice(at, at + length)): void => {
    out.push({ source, kind, text: shown, start: at, end: at + length });
    at += length;
  };
  while (at < text.length) {
    const blank = take(BLANK);
    if (blank !== undefined) at += blank.length;
    if (at >= text.length) break;
    if (text[at] === "\n") {
      push("newline", 1);
      continue;
    }
    const quoted = take(QUOTED);
    if (quoted !== undefined) {
      push("quoted", quoted.length, quoted.slice(1, -1));
      continue;
    }
    const address = take(ADDRESS);
    if (address !== undefined) {
      push("string", address.length);
      continue;
    }
    const time = take(TIME);
    if (time !== undefined && time !== "") {
      push("string", time.length);
      continue;
    }
    const number = take(NUMBER);
    if (number !== undefined) {
      push("number", number.length);
      continue;
    }
    const word = take(WORD);
    if (word !== undefined && word !== "*") {
      push(word.endsWith("*") ? "wildcard" : "string", word.length);
      continue;
    }
    const mark = PUNCTUATION.find((one) => text.startsWith(one, at));
    if (mark === undefined) return new Stray({ source, start: at, end: at + 1 });
    push("punctuation", mark.length);
  }
  out.push({ source, kind: "end", text: "", start: text.length, end: text.length });
  return out;
}

/** Words of the grammar that cannot be names or values. */
export const KEYWORDS: ReadonlySet<string> = new Set(
  (
    "accept drop continue jump goto return queue reject counter log limit quota snat dnat masquerade redirect notrack fwd dup tproxy " +
    "table tables chain chains rule set sets map maps element elements ruleset meter meters flowtable flowtables counters quotas limits " +
    "ip ip6 inet arp bridge netdev tcp udp sctp dccp udplite icmp icmpv6 ah esp comp th ether vlan meta ct fib numgen jhash symhash " +
    "add update create insert delete get list reset flush rename import export replace describe monitor destroy undefine redefine include define " +
    "type typeof hook priority policy flags timeout gc-interval size comment handle position index vmap set iif iifname oif oifname mark nfproto l4proto " +
    "protocol saddr daddr sport dport addr length performance memory expires rate over burst packets bytes to with persistent random fully-random and or xor " +
    "prefix group level device devices dynamic constant interval auto-merge"
  )
    .split(" ")
    .filter((word) => word !== "destroy"),
);

const NAMES: Readonly<Record<string, string>> = {
  ";": "semicolon",
  ",": "comma",
  ":": "colon",
  ".": ".",
  "==": "==",
  "!=": "!=",
};

/** How an error calls a token. */
export function tokenName({ kind, text }: Token): string {
  switch (kind) {
    case "newline":
      return "newline";
    case "end":
      return "end of file";
    case "number":
      return "number";
    case "quoted":
      return "quoted string";
    case "wildcard":
      return "string with a trailing asterisk";
    case "punctuation":
      return NAMES[text] ?? `'${text}'`;
    default:
      return KEYWORDS.has(text) ? text : "string";
  }
}
