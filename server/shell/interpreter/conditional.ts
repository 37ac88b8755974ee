import { ArithmeticError, evaluateArithmetic, type Integer } from "../arithmetic/index.ts";
import { expandPattern, expandText } from "../expansion/expand.ts";
import { Pattern } from "../pattern/index.ts";
import type { Conditional, Test, Word } from "../syntax/index.ts";
import { IndexedArray } from "../variables/index.ts";
import { checkFailure } from "./failure.ts";
import { compareFiles, compareNumbers, unaryTest } from "./file-tests.ts";
import { matchRegex } from "./match-regex.ts";
import { isNoCommand } from "./refusals.ts";
import type { Shell } from "./shell.ts";
import type { Steps } from "./steps.ts";
import { trace } from "./trace.ts";

/** A condition that cannot be decided: `[[ 1+ -eq 2 ]]`. */
class TestFault extends Error {
  readonly status: 1 | 2;

  constructor(message: string, status: 1 | 2) {
    super(message);
    this.status = status;
  }
}

/** `[[ … ]]` */
export function* runConditional(shell: Shell, command: Conditional): Steps<number> {
  shell.line = command.line;
  if (isNoCommand(shell, "conditional", "[[")) return yield* checkFailure(shell, 127);
  if (!shell.signals.inTrap) shell.command = command;
  if (shell.signals.get("DEBUG")) yield* shell.signals.run("DEBUG");
  try {
    const holds = yield* decide(shell, command.test, false);
    return yield* checkFailure(shell, holds ? 0 : 1);
  } catch (error) {
    if (!(error instanceof TestFault)) throw error;
    if (error.message !== "") shell.complain(`[[: ${error.message}`);
    return yield* checkFailure(shell, error.status);
  }
}

function* decide(shell: Shell, test: Test, negated: boolean): Steps<boolean> {
  switch (test.type) {
    case "not":
      return !(yield* decide(shell, test.operand, true));
    case "group":
      return yield* decide(shell, test.operand, false);
    case "&&":
      for (const operand of test.operands) if (!(yield* decide(shell, operand, false))) return false;
      return true;
    case "||":
      for (const operand of test.operands) if (yield* decide(shell, operand, false)) return true;
      return false;
    case "unary": {
      const operand = yield* expandText(shell, test.operand);
      if (shell.options.has("xtrace")) yield* traceTest(shell, `${test.operator} ${operand || "''"}`, negated);
      return unaryTest(shell, test.operator, operand);
    }
    case "binary":
      return yield* decideBinary(shell, test, negated);
  }
}

function* traceTest(shell: Shell, text: string, negated: boolean): Steps<void> {
  yield* trace(shell, `[[ ${negated ? "! " : ""}${text} ]]`);
}

function* decideBinary(
  shell: Shell,
  { operator, left, right }: Extract<Test, { type: "binary" }>,
  negated: boolean,
): Steps<boolean> {
  const value = yield* expandText(shell, left);
  const ignoreCase = shell.options.shopt("nocasematch");
  if (operator === "=~") return yield* decideMatch(shell, value, right, ignoreCase, negated);
  if (operator === "==" || operator === "=" || operator === "!=") {
    const pattern = yield* expandPattern(shell, right);
    if (shell.options.has("xtrace"))
      yield* traceTest(shell, `${value || "''"} ${operator} ${pattern || "''"}`, negated);
    return Pattern.of(pattern, { extglob: true, ignoreCase }).matches(value) === (operator !== "!=");
  }
  const other = yield* expandText(shell, right);
  if (shell.options.has("xtrace")) yield* traceTest(shell, `${value || "''"} ${operator} ${other || "''"}`, negated);
  if (operator === "<") return value < other;
  if (operator === ">") return value > other;
  if (operator === "-nt" || operator === "-ot" || operator === "-ef")
    return compareFiles(shell, value, operator, other);
  return compareNumbers(computeOperand(shell, value), operator, computeOperand(shell, other));
}

function computeOperand(shell: Shell, text: string): Integer {
  try {
    return evaluateArithmetic(text, shell.arithmetic);
  } catch (error) {
    if (error instanceof ArithmeticError) throw new TestFault(error.words, 1);
    throw error;
  }
}

/** `=~`: what is quoted in the pattern stands for itself; the match and its groups go to BASH_REMATCH. */
function* decideMatch(shell: Shell, value: string, right: Word, ignoreCase: boolean, negated: boolean): Steps<boolean> {
  const source = yield* expandText(shell, right, (text) => text.replace(/[\\^$.[\]|()*+?{}]/g, "\\$&"));
  if (shell.options.has("xtrace")) yield* traceTest(shell, `${value || "''"} =~ ${source || "''"}`, negated);
  const groups = matchRegex(value, source, ignoreCase);
  if (groups === "invalid") throw new TestFault("", 2);
  if (groups === "too much") {
    shell.complain("drydock: [[: the pattern takes too long on so long a text");
    throw new TestFault("", 2);
  }
  const data = new IndexedArray();
  for (const [at, group] of (groups ?? []).entries()) data.set(at, group ?? "");
  shell.variables.put("BASH_REMATCH", data);
  return groups !== undefined;
}
