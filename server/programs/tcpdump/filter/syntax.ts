/** A filter expression as pcap-filter(7) describes it, not yet looked up. */
export type Filter =
  | { readonly kind: "and" | "or"; readonly left: Filter; readonly right: Filter }
  | { readonly kind: "not"; readonly of: Filter }
  | { readonly kind: "relation"; readonly operator: Relation; readonly left: Arithmetic; readonly right: Arithmetic }
  | { readonly kind: "primitive"; readonly qualifiers: Qualifiers; readonly id: string; readonly more?: string }
  | { readonly kind: "word"; readonly word: string; readonly id?: string };

export type Relation = "=" | "!=" | "<" | ">" | "<=" | ">=";

export type Arithmetic =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "length" }
  | { readonly kind: "field"; readonly protocol: string; readonly at: Arithmetic; readonly size: number }
  | { readonly kind: "operation"; readonly operator: string; readonly left: Arithmetic; readonly right: Arithmetic };

export interface Qualifiers {
  readonly protocol?: string;
  readonly direction?: "src" | "dst" | "src or dst" | "src and dst";
  readonly type?: "host" | "net" | "port" | "portrange" | "proto" | "gateway";
}

/** Words that the language gives a meaning of its own; others are names and numbers. */
const PROTOCOLS = new Set(["ether", "link", "ip", "ip6", "arp", "rarp", "tcp", "udp", "sctp", "icmp", "icmp6", "igmp"]);
const TYPES = new Set(["host", "net", "port", "portrange", "proto", "gateway"]);
const ALONE = new Set([
  "inbound",
  "outbound",
  "broadcast",
  "multicast",
  "mpls",
  "pppoed",
  "stp",
  "pim",
  "vrrp",
  "ah",
  "esp",
]);
const KEYWORDS = new Set([
  "and",
  "or",
  "not",
  "src",
  "dst",
  "mask",
  "less",
  "greater",
  "len",
  "length",
  "vlan",
  "byte",
]);

/** Fields and values with names in `proto[…]`. */
const CONSTANTS: Readonly<Record<string, number>> = {
  icmptype: 0,
  icmpcode: 1,
  "icmp-echoreply": 0,
  "icmp-unreach": 3,
  "icmp-sourcequench": 4,
  "icmp-redirect": 5,
  "icmp-echo": 8,
  "icmp-routeradvert": 9,
  "icmp-routersolicit": 10,
  "icmp-timxceed": 11,
  "icmp-paramprob": 12,
  "icmp-tstamp": 13,
  "icmp-tstampreply": 14,
  "icmp-ireq": 15,
  "icmp-ireqreply": 16,
  "icmp-maskreq": 17,
  "icmp-maskreply": 18,
  icmp6type: 0,
  icmp6code: 1,
  "icmp6-destinationunreach": 1,
  "icmp6-packettoobig": 2,
  "icmp6-timeexceeded": 3,
  "icmp6-parameterproblem": 4,
  "icmp6-echo": 128,
  "icmp6-echoreply": 129,
  "icmp6-routersolicit": 133,
  "icmp6-routeradvert": 134,
  "icmp6-neighborsolicit": 135,
  "icmp6-neighboradvert": 136,
  tcpflags: 13,
  "tcp-fin": 1,
  "tcp-syn": 2,
  "tcp-rst": 4,
  "tcp-push": 8,
  "tcp-ack": 16,
  "tcp-urg": 32,
  "tcp-ece": 64,
  "tcp-cwr": 128,
};

/** What cannot be read, in libpcap's words. */
export class FilterError extends Error {}

const SYNTAX = "can't parse filter expression: syntax error";

export function parseFilter(text: string): Filter | undefined {
  const words = tokens(text);
  return words.length === 0 ? undefined : new Parser(words).all();
}

function tokens(text: string): string[] {
  const found: string[] = [];
  const pattern = /\s*(?:(&&|\|\||<<|>>|!=|==|<=|>=|[()[\]!<>=+\-*/%&|^])|(\\?[\w.:][\w.:/-]*))/y;
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (!match) throw new FilterError(SYNTAX);
    const [, sign, word] = match;
    // Inside of brackets a colon parts offset and size, and a name may stand before a minus.
    found.push(sign ?? word!);
  }
  return found;
}

class Parser {
  readonly #words: readonly string[];
  #at = 0;
  /** Of the primitive before: `port 80 or 443`. */
  #last: Qualifiers | undefined;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  all(): Filter {
    const filter = this.#expression();
    if (this.#at < this.#words.length) throw new FilterError(SYNTAX);
    return filter;
  }

  get #word(): string | undefined {
    return this.#words[this.#at];
  }

  #take(): string {
    const word = this.#words[this.#at++];
    if (word === undefined) throw new FilterError(SYNTAX);
    return word;
  }

  #eat(...words: readonly string[]): string | undefined {
    const word = this.#word;
    if (word === undefined || !words.includes(word)) return undefined;
    this.#at++;
    return word;
  }

  /** `and` and `or` bind equally, from left to right. */
  #expression(): Filter {
    let left = this.#term();
    for (;;) {
      const word = this.#eat("and", "&&", "or", "||");
      if (word === undefined) return left;
      left = { kind: word === "and" || word === "&&" ? "and" : "or", left, right: this.#term() };
    }
  }

  #term(): Filter {
    if (this.#eat("not", "!")) return { kind: "not", of: this.#term() };
    const relation = this.#relation();
    if (relation) return relation;
    if (this.#eat("(")) {
      const inner = this.#expression();
      if (!this.#eat(")")) throw new FilterError(SYNTAX);
      return inner;
    }
    return this.#primitive();
  }

  /** A comparison of numbers, if one stands here. */
  #relation(): Filter | undefined {
    const start = this.#at;
    try {
      const left = this.#arithmetic(0);
      const sign = this.#eat("=", "==", "!=", "<", ">", "<=", ">=");
      if (sign !== undefined) {
        const right = this.#arithmetic(0);
        return { kind: "relation", operator: (sign === "==" ? "=" : sign) as Relation, left, right };
      }
    } catch (error) {
      if (!(error instanceof FilterError) || error.message !== SYNTAX) throw error;
    }
    this.#at = start;
    return undefined;
  }

  static readonly #levels = [["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"]] as const;

  #arithmetic(level: number): Arithmetic {
    const signs = Parser.#levels[level];
    if (!signs) return this.#factor();
    let left = this.#arithmetic(level + 1);
    for (;;) {
      const operator = this.#eat(...signs);
      if (operator === undefined) return left;
      left = { kind: "operation", operator, left, right: this.#arithmetic(level + 1) };
    }
  }

  #factor(): Arithmetic {
    if (this.#eat("(")) {
      const inner = this.#arithmetic(0);
      if (!this.#eat(")")) throw new FilterError(SYNTAX);
      return inner;
    }
    if (this.#eat("-")) {
      const of = this.#factor();
      return { kind: "operation", operator: "-", left: { kind: "number", value: 0 }, right: of };
    }
    const word = this.#take();
    if (word === "len" || word === "length") return { kind: "length" };
    const constant = CONSTANTS[word];
    if (constant !== undefined) return { kind: "number", value: constant };
    if (/^(?:0x[\da-f]+|\d+)$/i.test(word)) return { kind: "number", value: numberOf(word) };
    if ((PROTOCOLS.has(word) || word === "vlan") && this.#eat("[")) return this.#field(word);
    throw new FilterError(SYNTAX);
  }

  #field(protocol: string): Arithmetic {
    // The tokenizer keeps `6:2` together.
    const word = this.#word ?? "";
    const [, offset, width] = /^(\w+):(\d+)$/.exec(word) ?? [];
    let at: Arithmetic;
    let size = 1;
    if (offset !== undefined) {
      this.#at++;
      const known = CONSTANTS[offset] ?? (/^(?:0x[\da-f]+|\d+)$/i.test(offset) ? numberOf(offset) : undefined);
      if (known === undefined) throw new FilterError(SYNTAX);
      at = { kind: "number", value: known };
      size = Number(width);
    } else {
      at = this.#arithmetic(0);
      const given = /^:(\d+)$/.exec(this.#word ?? "");
      if (given) {
        this.#at++;
        size = Number(given[1]);
      }
    }
    if (!this.#eat("]")) throw new FilterError(SYNTAX);
    if (size !== 1 && size !== 2 && size !== 4) throw new FilterError("data size must be 1, 2, or 4");
    return { kind: "field", protocol, at, size };
  }

  #primitive(): Filter {
    const word = this.#word;
    if (word === undefined) throw new FilterError(SYNTAX);
    if (ALONE.has(word)) return this.#alone();
    if (word === "less" || word === "greater") {
      this.#at++;
      const id = this.#take();
      if (!/^\d+$/.test(id)) throw new FilterError(SYNTAX);
      return { kind: "word", word, id };
    }
    if (word === "vlan" || word === "geneve") {
      this.#at++;
      const id = /^\d+$/.test(this.#word ?? "") ? this.#take() : undefined;
      if (id !== undefined && Number(id) > 4095 && word === "vlan")
        throw new FilterError(`VLAN tag ${id} greater than maximum 4095`);
      return { kind: "word", word, ...(id === undefined ? {} : { id }) };
    }
    const qualifiers = this.#qualifiers();
    if (qualifiers) return this.#qualified(qualifiers);
    const id = this.#id();
    return this.#make(this.#last ?? {}, id);
  }

  #alone(): Filter {
    return { kind: "word", word: this.#take() };
  }

  #qualifiers(): Qualifiers | undefined {
    const start = this.#at;
    let protocol: string | undefined;
    if (PROTOCOLS.has(this.#word ?? "")) protocol = this.#take();
    const direction = this.#direction();
    const type = TYPES.has(this.#word ?? "") ? (this.#take() as Qualifiers["type"]) : undefined;
    if (this.#at === start) return undefined;
    return {
      ...(protocol === undefined ? {} : { protocol }),
      ...(direction === undefined ? {} : { direction }),
      ...(type === undefined ? {} : { type }),
    };
  }

  #direction(): Qualifiers["direction"] {
    const first = this.#eat("src", "dst");
    if (first === undefined) return undefined;
    const start = this.#at;
    const joint = this.#eat("or", "and");
    const second = joint && this.#eat("src", "dst");
    if (second && second !== first) return `src ${joint as "or" | "and"} dst`;
    this.#at = start;
    return first as "src" | "dst";
  }

  #qualified(qualifiers: Qualifiers): Filter {
    const { protocol, direction, type } = qualifiers;
    const word = this.#word;
    if (type === undefined && direction === undefined && protocol !== undefined) {
      if (word === "broadcast" || word === "multicast") {
        this.#at++;
        return { kind: "word", word: `${protocol} ${word}` };
      }
      if (!this.#idFollows()) return { kind: "word", word: protocol };
    }
    // What cannot be followed by one ends here.
    const paren = this.#word === "(" ? this.#list(qualifiers) : undefined;
    if (paren) return paren;
    if (type === "gateway") {
      this.#id();
      throw new FilterError("'gateway' not supported in this configuration");
    }
    return this.#make(qualifiers, this.#id());
  }

  /** `port (80 or 443)` */
  #list(qualifiers: Qualifiers): Filter {
    this.#last = qualifiers;
    this.#take();
    const inner = this.#expression();
    if (!this.#eat(")")) throw new FilterError(SYNTAX);
    return inner;
  }

  #make(qualifiers: Qualifiers, id: string): Filter {
    this.#last = qualifiers;
    if (qualifiers.type === "net" && this.#eat("mask")) return { kind: "primitive", qualifiers, id, more: this.#id() };
    return { kind: "primitive", qualifiers, id };
  }

  #idFollows(): boolean {
    const word = this.#word;
    return word !== undefined && word !== "(" && isId(word);
  }

  #id(): string {
    const word = this.#take();
    if (!isId(word)) throw new FilterError(SYNTAX);
    return word.replace(/^\\/, "");
  }
}

function isId(word: string): boolean {
  if (!/^\\?[\w.:]/.test(word)) return false;
  if (word.startsWith("\\")) return true;
  return !PROTOCOLS.has(word) && !TYPES.has(word) && !ALONE.has(word) && !KEYWORDS.has(word);
}

export function numberOf(word: string): number {
  return /^0\d/.test(word) ? Number.parseInt(word, 8) : Number(word);
}
