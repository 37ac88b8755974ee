import type { PreparedAssignment } from "../builtins/builtin.ts";
import { expandText, expandWord } from "../expansion/expand.ts";
import { traceQuote } from "../expansion/quote.ts";
import type { ArrayElement, Assignment, Word } from "../syntax/index.ts";
import { assign, assignArray, type Element } from "./assignment.ts";
import { giveUp } from "./parameters.ts";
import { refuse } from "./refusals.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { trace } from "./trace.ts";
import { AssignmentFault } from "./unwinding.ts";

/** Expands the value (and the subscript) of an assignment. */
export function* prepareAssignment(shell: Shell, assignment: Assignment): Steps<PreparedAssignment> {
  const { name, append, value, index } = assignment;
  const subscript = index && (yield* expandText(shell, index));
  if (isWord(value)) {
    const text = value.plain ?? (yield* expandText(shell, value));
    return { name, subscript, append, value: text, text: headText(assignment, subscript) };
  }
  refuse(shell, "arrays", '"(" unexpected');
  const elements: Element[] = [];
  for (const element of value) yield* prepareElement(shell, element, elements);
  return { name, subscript, append, value: elements, text: assignment.text };
}

function isWord(value: Word | readonly ArrayElement[]): value is Word {
  return "parts" in value;
}

function headText({ name, append }: Assignment, subscript: string | undefined): string {
  return `${name}${subscript === undefined ? "" : `[${subscript}]`}${append ? "+" : ""}=`;
}

/** An element of `name=(…)`: with a key it is one value, else it may become many. */
function* prepareElement(shell: Shell, { index, append, value }: ArrayElement, elements: Element[]): Steps<void> {
  if (index) {
    elements.push({ key: yield* expandText(shell, index), append, value: yield* expandText(shell, value) });
    return;
  }
  const words: string[] = [];
  yield* expandWord(shell, value, words);
  for (const word of words) elements.push({ key: undefined, append: false, value: word });
}

/** What `set -x` shows of an assignment. */
export function assignmentText({ text, value }: PreparedAssignment): string {
  return typeof value === "string" ? text + (value === "" ? "" : traceQuote(value)) : text;
}

/** Carries an assignment out. Throws `AssignmentFault`. */
export function carryOut(shell: Shell, prepared: PreparedAssignment): void {
  const { name, subscript, append, value } = prepared;
  if (typeof value === "string") assign(shell, { name, subscript }, value, append);
  else if (subscript === undefined) assignArray(shell, name, value, append);
  else throw new AssignmentFault(`${name}[${subscript}]: cannot assign list to array member`);
}

/** Assignments without a command: they change the shell. Returns their status, that of the last substitution. */
export function* runAssignments(shell: Shell, assignments: readonly Assignment[]): Steps<number> {
  for (const assignment of assignments) {
    const { name, append, value, index } = assignment;
    // The usual case first: a plain variable gets a text.
    const quick = !index && !append && isWord(value) ? value : undefined;
    try {
      if (quick && !shell.options.has("xtrace"))
        assign(shell, { name, subscript: undefined }, quick.plain ?? (yield* expandText(shell, quick)));
      else {
        const prepared = yield* prepareAssignment(shell, assignment);
        if (shell.options.has("xtrace")) yield* trace(shell, assignmentText(prepared));
        carryOut(shell, prepared);
      }
    } catch (error) {
      if (!(error instanceof AssignmentFault)) throw error;
      shell.complain(error.message);
      throw giveUp(shell);
    }
  }
  return shell.substitutionStatus ?? 0;
}
