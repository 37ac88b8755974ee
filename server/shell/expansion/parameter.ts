import type { Integer } from "../arithmetic/index.ts";
import { assign } from "../interpreter/assignment.ts";
import {
  allKeys,
  allValues,
  element,
  fatal,
  followReferences,
  giveUp,
  isName,
  parameter,
  parameterData,
  splitSubscript,
  unbound,
} from "../interpreter/parameters.ts";
import type { Shell } from "../interpreter/shell.ts";
import type { Steps } from "../interpreter/steps.ts";
import { AssignmentFault } from "../interpreter/unwinding.ts";
import { escapePattern } from "../pattern/index.ts";
import type { Operation, ParameterPart, Part, Word } from "../syntax/index.ts";
import { changeCase, removeMatch, replaceMatches } from "./edits.ts";
import type { Sink } from "./fields.ts";
import { sliceList, sliceText, textLength } from "./slices.ts";
import { transform, transformAll } from "./transform.ts";

/** How words within parameters are expanded; handed in, because they contain parameters again. */
export interface Expander {
  parts(shell: Shell, parts: readonly Part[], sink: Sink, operand: boolean): Steps<void>;
  text(shell: Shell, word: Word, quote?: (text: string) => string): Steps<string>;
  arithmetic(shell: Shell, word: Word): Steps<Integer>;
}

/** What is to be expanded, after `!` has been followed: a parameter, an element, or all elements. */
interface Subject {
  readonly name: string;
  /** The subscript, expanded; `all` for `@` and `*`. */
  readonly subscript: string | undefined;
  readonly all: "@" | "*" | undefined;
}

type Value =
  | { readonly type: "one"; readonly text: string | undefined }
  | { readonly type: "all"; readonly values: readonly string[]; readonly star: boolean };

/** `$x` and everything that `${…}` can do with it. */
export function* expandParameter(shell: Shell, part: ParameterPart, sink: Sink, expander: Expander): Steps<void> {
  const { operation, prefix } = part;
  const plain = prefix !== "!" && (!operation || operation.type === "default" || operation.type === "remove");
  const rare = prefix === "!" || operation?.type === "case" || operation?.type === "transform";
  const lacking = (!plain && shell.dialect.lacks.has("edits")) || (rare && shell.dialect.lacks.has("case-edits"));
  if (operation?.type === "bad" || lacking) throw badSubstitution(shell, part);
  if (operation?.type === "names") return putNames(shell, part.name, operation.separate, part.quoted, sink);
  const typed = yield* subjectOf(shell, part, expander);
  if (prefix === "!" && typed.all !== undefined) {
    const keys = allKeys(parameterData(shell, typed.name));
    if (!operation) return sink.list(keys, typed.all === "*", part.quoted);
  }
  const subject = prefix === "!" ? indirect(shell, part, typed) : typed;
  const value = read(shell, subject);
  if (prefix === "#") return put(sink, String(lengthOf(shell, subject, value)), part.quoted);
  if (operation?.type === "default") return yield* withDefault(shell, part, subject, value, operation, sink, expander);
  if (value.type === "one" && value.text === undefined && shell.options.has("nounset"))
    throw unbound(shell, prefix === "!" ? part.name : subjectText(subject));
  if (!operation) return putValue(sink, value, part.quoted);
  if (value.type === "one") {
    const edited = yield* editText(shell, subject, value.text, operation, expander);
    if (edited !== undefined) put(sink, edited, part.quoted);
  } else {
    const edited = yield* editAll(shell, subject, value, operation, expander);
    putValue(sink, { type: "all", values: edited, star: value.star }, part.quoted);
  }
}

function badSubstitution(shell: Shell, part: ParameterPart): Error {
  shell.complain(`${part.text}: bad substitution`);
  return giveUp(shell);
}

function put(sink: Sink, text: string, quoted: boolean): void {
  if (quoted) sink.quoted(text);
  else sink.split(text);
}

function putValue(sink: Sink, value: Value, quoted: boolean): void {
  if (value.type === "all") sink.list(value.values, value.star, quoted);
  else if (value.text !== undefined || quoted) put(sink, value.text ?? "", quoted);
}

function putNames(shell: Shell, start: string, separate: boolean, quoted: boolean, sink: Sink): void {
  const names = shell.variables.names().filter((name) => name.startsWith(start) && shell.variables.data(name) !== undefined); // prettier-ignore
  sink.list(names.sort(), !separate, quoted);
}

function* subjectOf(shell: Shell, part: ParameterPart, expander: Expander): Steps<Subject> {
  const { name, index } = part;
  if (index === "@" || index === "*") return { name, subscript: undefined, all: index };
  if (index) return { name, subscript: yield* expander.text(shell, index), all: undefined };
  return { name, subscript: undefined, all: name === "@" || name === "*" ? name : undefined };
}

/** `${!x}`: the parameter that `$x` names. */
function indirect(shell: Shell, part: ParameterPart, subject: Subject): Subject {
  const variable = shell.variables.find(part.name);
  if (variable?.reference && subject.subscript === undefined) {
    // Of a name reference it gives the name that it refers to.
    const target = typeof variable.data === "string" ? variable.data : "";
    return { name: "_indirect", subscript: target, all: undefined };
  }
  const value = read(shell, subject);
  const name = value.type === "one" ? value.text : value.values.join(" ");
  if (name === undefined && part.operation?.type === "default")
    return { name: "", subscript: undefined, all: undefined };
  if (name === undefined || name === "") {
    shell.complain(`${part.name}: invalid indirect expansion`);
    throw giveUp(shell);
  }
  const target = splitSubscript(name);
  if (!isName(target.name) && !/^(\d+|[@*#?$!-])$/.test(name)) {
    shell.complain(`${name}: invalid variable name`);
    throw giveUp(shell);
  }
  if (target.subscript === "@" || target.subscript === "*")
    return { name: target.name, subscript: undefined, all: target.subscript };
  if (name === "@" || name === "*") return { name, subscript: undefined, all: name };
  return { ...target, all: undefined };
}

function read(shell: Shell, { name, subscript, all }: Subject): Value {
  if (name === "_indirect") return { type: "one", text: subscript };
  if (name === "") return { type: "one", text: undefined };
  if (name === "@" || name === "*") return { type: "all", values: shell.positional, star: name === "*" };
  if (all !== undefined) {
    const target = followReferences(shell, name);
    return { type: "all", values: allValues(shell.variables.data(target.name)), star: all === "*" };
  }
  if (subscript === undefined) return { type: "one", text: parameter(shell, name) };
  return { type: "one", text: element(shell, name, subscript) };
}

function subjectText({ name, subscript, all }: Subject): string {
  const inside = all ?? subscript;
  return inside === undefined || name === "@" || name === "*" ? name : `${name}[${inside}]`;
}

function lengthOf(shell: Shell, subject: Subject, value: Value): number {
  if (value.type === "all") return value.values.length;
  if (value.text === undefined && shell.options.has("nounset")) throw unbound(shell, subjectText(subject));
  return textLength(value.text ?? "");
}

/** `${x:-word}`, `${x:=word}`, `${x:?word}`, `${x:+word}`. */
function* withDefault(
  shell: Shell,
  part: ParameterPart,
  subject: Subject,
  value: Value,
  operation: Extract<Operation, { type: "default" }>,
  sink: Sink,
  expander: Expander,
): Steps<void> {
  const isSet = value.type === "one" ? value.text !== undefined : value.values.length > 0;
  const isEmpty = value.type === "one" ? !value.text : value.values.join("") === "";
  const useIt = isSet && !(operation.colon && isEmpty);
  if (operation.operator === "+") {
    if (useIt) yield* expander.parts(shell, operation.word.parts, sink, !part.quoted);
    else if (part.quoted) sink.quoted("");
    return;
  }
  if (useIt) return putValue(sink, value, part.quoted);
  if (operation.operator === "-") {
    if (part.quoted) sink.quoted("");
    return yield* expander.parts(shell, operation.word.parts, sink, !part.quoted);
  }
  const text = yield* expander.text(shell, operation.word);
  if (operation.operator === "?") {
    const words = operation.colon ? "parameter null or not set" : "parameter not set";
    shell.complain(`${subjectText(subject)}: ${text || words}`);
    throw fatal(shell);
  }
  if (!isName(subject.name)) {
    shell.complain(`$${subject.name}: cannot assign in this way`);
    throw giveUp(shell);
  }
  try {
    assign(shell, { name: subject.name, subscript: subject.subscript }, text);
  } catch (error) {
    if (!(error instanceof AssignmentFault)) throw error;
    shell.complain(error.message);
    throw giveUp(shell);
  }
  putValue(sink, read(shell, subject), part.quoted);
}

function* editText(
  shell: Shell,
  subject: Subject,
  text: string | undefined,
  operation: Operation,
  expander: Expander,
): Steps<string | undefined> {
  if (operation.type === "slice") {
    const offset = Number(yield* expander.arithmetic(shell, operation.offset));
    const length = operation.length && Number(yield* expander.arithmetic(shell, operation.length));
    return sliceText(shell, text ?? "", offset, length, operation.length?.text ?? "");
  }
  if (operation.type === "transform" && operation.letter !== "P")
    return transform(shell, subject, text, operation.letter);
  if (text === undefined) return undefined;
  if (operation.type === "transform") return yield* shell.decodePrompt(text);
  return (yield* edit(shell, operation, expander))(text);
}

function* editAll(
  shell: Shell,
  subject: Subject,
  value: Extract<Value, { type: "all" }>,
  operation: Operation,
  expander: Expander,
): Steps<readonly string[]> {
  if (operation.type === "slice") {
    const offset = Number(yield* expander.arithmetic(shell, operation.offset));
    const length = operation.length && Number(yield* expander.arithmetic(shell, operation.length));
    const data = subject.name === "@" || subject.name === "*" ? undefined : parameterData(shell, subject.name);
    return sliceList(shell, data, offset, length, operation.length?.text ?? "");
  }
  if (operation.type === "transform") return transformAll(shell, subject, value.values, operation.letter);
  return value.values.map(yield* edit(shell, operation, expander));
}

/** What an operation does with one text; its words are expanded once. */
function* edit(shell: Shell, operation: Operation, expander: Expander): Steps<(text: string) => string> {
  const pattern = (word: Word): Steps<string> => expander.text(shell, word, escapePattern);
  switch (operation.type) {
    case "remove": {
      const text = yield* pattern(operation.pattern);
      return (value) => removeMatch(shell, value, text, operation.side, operation.longest);
    }
    case "replace": {
      const text = yield* pattern(operation.pattern);
      const ampersands = shell.options.shopt("patsub_replacement");
      const replacement = yield* expander.text(
        shell,
        operation.replacement,
        ampersands ? (quoted) => quoted.replace(/[&\\]/g, "\\$&") : undefined,
      );
      return (value) => replaceMatches(shell, value, text, replacement, operation.where, ampersands);
    }
    case "case": {
      const text = operation.pattern ? yield* pattern(operation.pattern) : "?";
      return (value) => changeCase(shell, value, text || "?", operation.to, operation.all);
    }
    default:
      return (value) => value;
  }
}
