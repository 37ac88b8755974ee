import { isAlias, isCollection, isScalar, visit, type Document, type Node, type YAMLParseError } from "yaml";

/** Where YAML cannot be read as it was meant (an offset of the text), and what to do. */
export interface YamlMistake {
  readonly offset: number;
  readonly words: string;
}

/**
 * The mistake that keeps a document from being read; undefined if it can be. A parser that lost its way complains of much
 * that is right: only the first mistake is told.
 */
export function yamlMistake(document: Document, text: string): YamlMistake | undefined {
  const [first] = document.errors
    .map((error) => told(error, document, text))
    .toSorted((a, b) => a.rank - b.rank || a.offset - b.offset);
  return first ?? strangeNode(document, text);
}

interface Told extends YamlMistake {
  /** What explains other errors comes first. */
  readonly rank: number;
}

function told(error: YAMLParseError, document: Document, text: string): Told {
  const offset = Math.min(error.pos[0], text.length);
  const plain = (words: string, at = offset, rank = 2): Told => ({ offset: at, words, rank });
  switch (error.code) {
    case "TAB_AS_INDENT":
      return plain("a tab at the beginning of the line: YAML is indented with spaces", offset, 0);
    case "MISSING_CHAR": {
      if (error.message.startsWith("Sequence item")) return indentation(text, offset);
      const quote = error.message.startsWith("Missing closing") ? openQuote(document, offset) : undefined;
      return quote === undefined
        ? plain(error.message)
        : plain(`the quote that opens here is never closed: add ${text[quote]}`, quote, 0);
    }
    case "DUPLICATE_KEY":
      return plain(`${wordAt(text, offset)} stands twice in one place: take one away, or begin a new item with -`);
    case "MULTIPLE_DOCS":
      return plain("a second document begins here: the file holds one, take the other away");
    case "BAD_SCALAR_START":
      return plain(`a text that begins with ${text[offset]} needs quotes around it`);
    case "BAD_INDENT": {
      const open = openBracket(document, text, offset);
      if (open === undefined) return indentation(text, offset);
      return plain(`the ${text[open]} that opens here is never closed: add ${CLOSES[text[open]!]}`, open, 1);
    }
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return indentation(text, offset);
    case "RESOURCE_EXHAUSTION":
      return plain(DEEP);
    default:
      return plain(error.message.includes("call stack") ? DEEP : error.message);
  }
}

const DEEP = "brackets in brackets, too deep to be read: write it flatter";
const CLOSES: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

/** A line that fits nowhere: no field, two fields, or one in the wrong column. */
function indentation(text: string, offset: number): Told {
  const lines = text.split("\n");
  const number = text.slice(0, offset).split("\n").length - 1;
  // A line that is too far to the right is read as more of the value above it, where it is complained of.
  const fits = number > 0 && columnOf(lines[number - 1]!) === columnOf(lines[number]!);
  const blamed = fits && columnOf(lines[number + 1] ?? "") > columnOf(lines[number]!) ? number + 1 : number;
  const start = lines.slice(0, blamed).reduce((sum, line) => sum + line.length + 1, 0);
  const bare = lines[blamed]!.replace(/"[^"]*"|'[^']*'/g, (quoted) => "_".repeat(quoted.length));
  const colons = [...bare.matchAll(/:(?= |$)/g)];
  const at = start + bare.search(/\S|$/);
  if (colons.length === 0)
    return { offset: at, words: "this is no field: write NAME: VALUE, with a space behind the colon", rank: 2 };
  if (colons.length > 1)
    return { offset: start + colons[0]!.index + 2, words: "a text with a colon in it needs quotes around it", rank: 2 };
  const words = `it begins in column ${at - start + 1}, the fields around it do not: indent it as they are`;
  return { offset: at, words, rank: 2 };
}

/** Where the field of a line begins, behind the - of a list. */
function columnOf(line: string): number {
  return /^[ -]*/.exec(line)![0].length;
}

function wordAt(text: string, offset: number): string {
  return /^[^\s:,}\]]+/.exec(text.slice(offset, offset + 100))?.[0] ?? "a field";
}

/** Where the quoted text begins that ends at an offset. */
function openQuote(document: Document, end: number): number | undefined {
  let start: number | undefined;
  visit(document, {
    Scalar: (_, { type, range }) => {
      if (type?.startsWith("QUOTE") && range && range[1] >= end) start = range[0];
    },
  });
  return start;
}

/** The innermost bracket that is still open at an offset. */
function openBracket(document: Document, text: string, end: number): number | undefined {
  let start: number | undefined;
  visit(document, {
    Collection: (_, { flow, range }) => {
      if (flow && range && range[0] < end && text[range[1] - 1] !== CLOSES[text[range[0]]!]) start = range[0];
    },
  });
  return start;
}

/** Tags of values that mean what they look like. */
const PLAIN_TAG = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq|omap|merge|timestamp)$/;

/** Parts of YAML that can be read, and mean something that no lab means. */
function strangeNode(document: Document, text: string): YamlMistake | undefined {
  if (document.directives?.yaml.explicit === true)
    return { offset: Math.max(0, text.indexOf("%YAML")), words: "a %YAML line: take it away, the version is known" };
  const directive = document.warnings.find(({ code }) => code === "BAD_DIRECTIVE");
  if (directive) return { offset: directive.pos[0], words: "a line that begins with %: take it away" };
  let found: YamlMistake | undefined;
  const complain = (node: Node, words: string): symbol => {
    found = { offset: node.range?.[0] ?? 0, words };
    return visit.BREAK;
  };
  visit(document, {
    Alias(_, alias) {
      const { source, range } = alias;
      const meant = alias.resolve(document);
      if (!meant) return complain(alias, `there is no &${source} above: a text that begins with * needs quotes`);
      const inside = meant.range && range && meant.range[0] <= range[0] && range[0] < meant.range[2];
      return inside ? complain(alias, `*${source} stands inside of what it repeats: write it out`) : undefined;
    },
    Pair(_, { key }) {
      if (!isCollection(key) || !key.range) return undefined;
      const written = text.slice(key.range[0] - 1, key.range[1] + 1);
      const variant = /^\{\{.*\}\}$/.test(written);
      return complain(key, variant ? `${written} needs quotes around it: "${written}"` : "a field's name is a word");
    },
    Node(_, node) {
      if (isAlias(node) || node.tag === undefined || PLAIN_TAG.test(node.tag)) return undefined;
      if (isScalar(node) && node.source === undefined && node.value === null) return undefined;
      return complain(node, `${shortTag(node.tag)} is no tag that is read here: take it away`);
    },
  });
  return found;
}

function shortTag(tag: string): string {
  return tag.replace(/^tag:yaml\.org,2002:/, "!!");
}

/** What became of a document whose aliases repeat each other. */
export const MANY_ALIASES = "its aliases (*NAME) repeat each other too often: write the values out";
