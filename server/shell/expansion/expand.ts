import type { Integer } from "../arithmetic/index.ts";
import { evaluate, parameter, unbound } from "../interpreter/parameters.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { checkSize } from "../interpreter/value-size.ts";
import { escapePattern, hasMagic } from "../pattern/index.ts";
import type { Part, Word } from "../syntax/index.ts";
import { FieldSink, isUnsplit, TextSink, type Sink } from "./fields.ts";
import { expandParameter, type Expander } from "./parameter.ts";
import { expandPathnames } from "./pathname.ts";
import { expandTilde } from "./tilde.ts";

/** Takes words as they come out of an expansion. */
export interface Words {
  push(word: string): unknown;
}

/** Expands words to arguments: braces, tildes, parameters, commands, arithmetic, splitting, file names, quotes. */
export function* expandWords(shell: Shell, words: readonly Word[]): Steps<string[]> {
  const out: string[] = [];
  for (const word of words) {
    if (!expandQuickly(shell, word, out)) yield* expandWord(shell, word, out);
  }
  return out;
}

/** Words that are plain, or one variable: expanded without further ado. False if it is not such a word. */
export function expandQuickly(shell: Shell, word: Word, out: Words): boolean {
  if (word.plain !== undefined) {
    if (word.braces) return false;
    out.push(word.plain);
    return true;
  }
  if (word.parts.length !== 1) return false;
  const part = word.parts[0]!;
  if (
    part.type !== "parameter" ||
    part.operation ||
    part.prefix ||
    part.index ||
    part.name === "@" ||
    part.name === "*"
  )
    return false;
  const value = parameter(shell, part.name);
  if (value === undefined) {
    if (shell.options.has("nounset")) throw unbound(shell, part.name);
    if (part.quoted) out.push("");
    return true;
  }
  if (!part.quoted) {
    if (value === "") return true;
    if (!isUnsplit(value, shell.variables.get("IFS")) || hasMagic(value, true)) return false;
  }
  out.push(value);
  return true;
}

export function* expandWord(shell: Shell, word: Word, out: Words): Steps<void> {
  if (word.braces && shell.options.has("braceexpand")) {
    for (const inner of word.braces) if (!expandQuickly(shell, inner, out)) yield* expandWord(shell, inner, out);
    return;
  }
  const sink = new FieldSink(shell.variables.get("IFS"), shell.options.shopt("extglob"));
  yield* expandParts(shell, word.parts, sink, false);
  sink.finish();
  for (const { text } of sink.fields) checkSize(shell, text);
  for (const field of sink.fields) expandPathnames(shell, field, out);
}

/** Expands a word to one text: for assignments, `case`, redirections. `quote` is applied to what is quoted in it. */
export function* expandText(shell: Shell, word: Word, quote?: (text: string) => string): Steps<string> {
  if (word.plain !== undefined && (!quote || isBare(word))) return word.plain;
  const sink = new TextSink(shell.variables.get("IFS"), quote);
  yield* expandParts(shell, word.parts, sink, false);
  return checkSize(shell, sink.text);
}

function isBare({ parts }: Word): boolean {
  return parts.every((part) => part.type === "text" && !part.quoted);
}

/** Expands a word to a pattern, in which quoted characters stand for themselves. */
export function expandPattern(shell: Shell, word: Word): Steps<string> {
  return expandText(shell, word, escapePattern);
}

/** Parameters contain words, which contain parameters. */
const EXPANDER: Expander = { parts: expandParts, text: expandText, arithmetic: expandArithmetic };

/** Expands the text of an arithmetic expression and computes it. */
export function* expandArithmetic(shell: Shell, word: Word): Steps<Integer> {
  return evaluate(shell, word.plain ?? (yield* expandText(shell, word)));
}

/**
 * Expands pieces into a sink. In an `operand` (the word of `${x:-word}`) also what is typed without quotes is split.
 */
export function* expandParts(shell: Shell, parts: readonly Part[], sink: Sink, operand: boolean): Steps<void> {
  for (const part of parts) {
    switch (part.type) {
      case "text":
        if (part.quoted) sink.quoted(part.value);
        else if (operand) sink.split(part.value);
        else sink.literal(part.value);
        break;
      case "tilde":
        sink.quoted(expandTilde(shell, part.name));
        break;
      case "parameter":
        yield* expandParameter(shell, part, sink, EXPANDER);
        break;
      case "command": {
        const output = yield* shell.substitution.command(part.script);
        if (part.quoted) sink.quoted(output);
        else sink.split(output);
        break;
      }
      case "arithmetic": {
        const value = String(yield* expandArithmetic(shell, part.expression));
        if (part.quoted) sink.quoted(value);
        else sink.split(value);
        break;
      }
      case "process":
        sink.quoted(yield* shell.substitution.process(part.direction, part.script));
        break;
    }
  }
}
