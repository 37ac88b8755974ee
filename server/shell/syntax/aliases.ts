import { forEachChild, parse, type SyntaxNode } from "unbash";

/** A word that stands where a command's name does. */
interface Candidate {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** Text that an alias put in: aliases that led to it are not replaced in it again. */
interface Insertion {
  start: number;
  end: number;
  readonly names: ReadonlySet<string>;
}

const MOST_ROUNDS = 32;

/**
 * Replaces aliases in a text, as bash does while it reads: names of commands that are typed without quotes, and, where
 * a replacement ends in a blank, the word behind it. Undefined if there is none.
 */
export function replaceAliases(source: string, aliases: ReadonlyMap<string, string>): string | undefined {
  if (aliases.size === 0) return undefined;
  let text = source;
  let insertions: Insertion[] = [];
  /** Places behind replacements that end in a blank. */
  let after: number[] = [];
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const found = findCandidates(text, after).filter(
      ({ name, start }) => aliases.has(name) && !namesAt(insertions, start).has(name),
    );
    if (found.length === 0) break;
    after = [];
    // From the end, so that what stands before keeps its place.
    for (const candidate of found.reverse()) {
      const value = aliases.get(candidate.name)!;
      const names = new Set([...namesAt(insertions, candidate.start), candidate.name]);
      const shift = value.length - (candidate.end - candidate.start);
      text = text.slice(0, candidate.start) + value + text.slice(candidate.end);
      insertions = insertions.map((span) => ({
        ...span,
        start: span.start > candidate.start ? span.start + shift : span.start,
        end: span.end > candidate.start ? span.end + shift : span.end,
      }));
      insertions.push({ start: candidate.start, end: candidate.start + value.length, names });
      after = after.map((place) => place + shift);
      if (/[ \t]$/.test(value)) after.push(nextWord(text, candidate.start + value.length));
    }
  }
  return text === source ? undefined : text;
}

function namesAt(insertions: readonly Insertion[], position: number): ReadonlySet<string> {
  const names = new Set<string>();
  for (const span of insertions)
    if (position >= span.start && position < span.end) for (const name of span.names) names.add(name);
  return names;
}

function nextWord(text: string, from: number): number {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at++;
  return at;
}

function findCandidates(text: string, after: readonly number[]): Candidate[] {
  const found: Candidate[] = [];
  const visit = (node: SyntaxNode): void => {
    // Backquotes are read when they are run, and their aliases replaced then.
    if (node.type === "CommandExpansion" && node.text.startsWith("`")) return;
    if (node.type === "Command" && node.name) add(node.name);
    else if (node.type === "Word" && after.includes(node.pos)) add(node);
    forEachChild(node, visit);
  };
  const add = ({ text: name, pos, end }: { text: string; pos: number; end: number }): void => {
    if (/^[^\s"'\\$`/]+$/.test(name)) found.push({ name, start: pos, end });
  };
  visit(parse(text));
  const unique = new Map(found.map((candidate) => [candidate.start, candidate]));
  return [...unique.values()].sort((a, b) => a.start - b.start);
}
