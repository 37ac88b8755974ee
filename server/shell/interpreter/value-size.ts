import type { Shell } from "./shell.ts";
import { Discard } from "./unwinding.ts";

/** What V8 throws where a text or a list grows beyond what it can hold at all, and where calls are nested too deeply. */
const TOO_LARGE = /^(Invalid (string|array) length|Map maximum size exceeded)/;
const TOO_DEEP = /^Maximum call stack size exceeded/;

/** An array has at most so many elements for each byte that a shell may hold: they take memory of their own. */
const BYTES_AN_ELEMENT = 32;

/** A value as it is, if the shell may hold it; else the line is given up. In bash the shell itself would end there (xrealloc). */
export function checkSize(shell: Shell, text: string): string {
  if (text.length > shell.kernel.limits.memory) throw tooLarge(shell);
  return text;
}

/** Values shorter than this are not counted: there is a limit to their number. */
const COUNTED = 256;

/** A variable has got a value: all that the programs of a session hold must fit into its memory. Else the line is given up. */
export function chargeValue(shell: Shell, { length }: string): void {
  if (length < COUNTED) return;
  const { memory, limits } = shell.kernel;
  if (!memory.charge(shell.process, length, () => shell.variables.held))
    throw new Discard(
      refuse(shell, `cannot allocate memory: programs hold more than ${limits.memoryTotal} bytes`),
      true,
    );
}

/** The same for the number of elements that an array is to have. */
export function checkElements(shell: Shell, count: number): void {
  if (count > mostElements(shell))
    throw new Discard(refuse(shell, `more than ${mostElements(shell)} elements do not fit`), true);
}

/** If a command failed because something grew too large for the engine: what ends its line instead. Else the error itself. */
export function asTooLarge(shell: Shell, error: unknown): unknown {
  if (!(error instanceof RangeError)) return error;
  if (TOO_DEEP.test(error.message)) return new Discard(refuse(shell, "what is nested so deeply is not run"), true);
  return TOO_LARGE.test(error.message) ? tooLarge(shell) : error;
}

function mostElements(shell: Shell): number {
  return shell.kernel.limits.memory / BYTES_AN_ELEMENT;
}

function tooLarge(shell: Shell): Discard {
  return new Discard(refuse(shell, `a value of more than ${shell.kernel.limits.memory} bytes does not fit`), true);
}

function refuse(shell: Shell, what: string): number {
  shell.complain(`drydock: ${what}`);
  return 1;
}
