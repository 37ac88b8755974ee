import { KEYWORDS, scan, Stray, tokenName, type Place, type Source, type Token } from "./scan.ts";

/** What nft says of a command: the place that it underlines, and one more that it marks (`~~~~`). */
export interface Complaint {
  readonly says: string;
  readonly place: Place;
  readonly also?: Place;
}

/** The text is no command of the grammar. */
export class SyntaxComplaint extends Error implements Complaint {
  readonly says: string;
  readonly place: Place;

  constructor(says: string, place: Place) {
    super(says);
    this.says = says;
    this.place = place;
  }
}

/** Something that nft has and that is not simulated. */
export class Unsimulated extends Error {
  readonly what: string;

  constructor(what: string) {
    super(what);
    this.what = what;
  }
}

/** Goes through the tokens of commands. */
export class Cursor {
  #tokens: Token[];
  #at = 0;
  /** What was found wrong with the meaning of the command that is read: nft tells of it only if the text is well formed. */
  complaints: Complaint[] = [];
  readonly #variables = new Map<string, readonly Token[]>();

  constructor(source: Source) {
    const tokens = scan(source);
    if (tokens instanceof Stray) throw new SyntaxComplaint("syntax error, unexpected junk", tokens.place);
    this.#tokens = tokens;
  }

  define(name: string, tokens: readonly Token[]): void {
    this.#variables.set(name, tokens);
  }

  undefine(name: string): boolean {
    return this.#variables.delete(name);
  }

  defined(name: string): boolean {
    return this.#variables.has(name);
  }

  /** Puts the tokens of another text here, as `include` does. */
  insert(source: Source): void {
    const tokens = scan(source);
    if (tokens instanceof Stray) throw new SyntaxComplaint("syntax error, unexpected junk", tokens.place);
    this.#tokens.splice(this.#at, 0, ...tokens.slice(0, -1));
  }

  get token(): Token {
    const token = this.#tokens[this.#at]!;
    if (token.text === "$" && token.kind === "punctuation") this.#substitute(token);
    return this.#tokens[this.#at]!;
  }

  #substitute(dollar: Token): void {
    const name = this.#tokens[this.#at + 1]!;
    if (name.kind !== "string") throw new SyntaxComplaint(`syntax error, unexpected ${tokenName(name)}`, name);
    const place = { source: dollar.source, start: dollar.start + 1, end: name.end };
    const known = this.#variables.get(name.text);
    // What stands for it is never looked at: nft speaks of the first mistake only.
    const value = known ?? [{ ...name, text: "unknown" }];
    if (!known) this.complain(`unknown identifier '${name.text}'`, place);
    this.#tokens.splice(this.#at, 2, ...value.map((token) => ({ ...token, ...place })));
  }

  peek(ahead = 1): Token {
    void this.token;
    return this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]!;
  }

  next(): Token {
    const { token } = this;
    if (token.kind !== "end") this.#at++;
    return token;
  }

  /** Where reading stands, to come back to. */
  get position(): number {
    void this.token;
    return this.#at;
  }

  set position(at: number) {
    this.#at = at;
  }

  get last(): Token {
    return this.#tokens[Math.max(0, this.#at - 1)]!;
  }

  /** Where everything since `first` stands. */
  since(first: Place, last: Place = this.last): Place {
    return { source: first.source, start: first.start, end: last.source === first.source ? last.end : first.end };
  }

  is(...texts: readonly string[]): boolean {
    const { token } = this;
    return (token.kind === "string" || token.kind === "punctuation") && texts.includes(token.text);
  }

  take(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false;
    this.#at++;
    return true;
  }

  /** `expecting` as bison lists what could stand here, if it does. */
  fail(expecting?: string, token: Token = this.token): never {
    const behind = expecting === undefined ? "" : `, expecting ${expecting}`;
    throw new SyntaxComplaint(`syntax error, unexpected ${tokenName(token)}${behind}`, token);
  }

  expect(text: string, expecting: string | undefined = /^\w/.test(text) ? text : `'${text}'`): Token {
    if (!this.is(text)) this.fail(expecting);
    return this.next();
  }

  /** A name: no word of the grammar. */
  name(expecting: string | undefined = "string"): Token {
    const { token } = this;
    if (token.kind !== "string" || KEYWORDS.has(token.text)) this.fail(expecting);
    return this.next();
  }

  number(): number {
    if (this.token.kind !== "number") this.fail("number");
    return Number(this.next().text);
  }

  quoted(): string {
    const { token } = this;
    if (token.kind !== "quoted" && token.kind !== "string") this.fail();
    return this.next().text;
  }

  get ends(): boolean {
    const { token } = this;
    return token.kind === "end" || token.kind === "newline" || (token.kind === "punctuation" && token.text === ";");
  }

  skipSeparators(): void {
    while (this.token.kind === "newline" || this.is(";")) this.#at++;
  }

  skipNewlines(): void {
    while (this.token.kind === "newline") this.#at++;
  }

  /** Goes behind the next separator, where reading can go on after an error. */
  recover(): void {
    while (!this.ends) this.#at++;
    if (this.token.kind !== "end") this.#at++;
  }

  complain(says: string, place: Place, also?: Place): void {
    this.complaints.push({ says, place, ...(also ? { also } : {}) });
  }
}
