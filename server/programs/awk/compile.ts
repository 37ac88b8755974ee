import type { AwkProgram, Expression, FunctionNode, Statement } from "./ast.ts";
import type { Completion } from "./completion.ts";
import { Expressions, GLOBAL, type Scope } from "./expressions.ts";
import type { Machine } from "./machine.ts";
import { lift, liftSteps, runCode, steps, sync, wait, type Code, type Steps } from "./steps.ts";
import { fromInput, isTrue, NotEnough, sprintf, toNumber, toText, type Value } from "./values.ts";

/** After so many turns of a loop the program looks whether it is time to let others run. */
const TURNS = 64;

/** Makes code of a program's statements. */
export class Compiler {
  readonly #expressions: Expressions;
  readonly #functions: ReadonlyMap<string, FunctionNode>;

  constructor(program: AwkProgram) {
    this.#expressions = new Expressions(program);
    this.#functions = program.functions;
  }

  /** Places of the program's variables among the machine's globals. */
  get slots(): ReadonlyMap<string, number> {
    return this.#expressions.slots;
  }

  /** Places of its arrays. */
  get arrays(): ReadonlyMap<string, number> {
    return this.#expressions.arrays;
  }

  /** Bodies of functions are compiled when all of them are known. */
  compileFunctions(): void {
    for (const node of this.#functions.values())
      this.#expressions.bodies.set(node.name, this.statement(node.body, this.#expressions.scopeOf(node)));
  }

  expression(node: Expression, scope: Scope = GLOBAL): Code<Value> {
    return this.#expressions.expression(node, scope);
  }

  statement(node: Statement, scope: Scope = GLOBAL): Code<Completion> {
    switch (node.kind) {
      case "block":
        return this.#block(node.body, scope);
      case "expression":
        return lift([this.expression(node.value, scope)], () => "");
      case "print":
        return this.#print(node, scope);
      case "printf":
        return this.#printf(node, scope);
      case "if":
        return this.#if(node, scope);
      case "while":
        return this.#loop(undefined, node.test, undefined, node.body, false, scope);
      case "do":
        return this.#loop(undefined, node.test, undefined, node.body, true, scope);
      case "for":
        return this.#loop(node.start, node.test, node.step, node.body, false, scope);
      case "forIn":
        return this.#forIn(node, scope);
      case "delete":
        return this.#delete(node, scope);
      case "exit":
        return lift(this.#optional(node.value, scope), (machine, values) => {
          if (values.length > 0) machine.exitCode = Math.trunc(toNumber(values[0])) & 255;
          return "exit";
        });
      case "return":
        return lift(this.#optional(node.value, scope), (machine, values) => {
          machine.returned = values[0];
          return "return";
        });
      default: {
        const { kind } = node;
        return sync(() => kind);
      }
    }
  }

  #optional(value: Expression | undefined, scope: Scope): Code<Value>[] {
    return value === undefined ? [] : [this.expression(value, scope)];
  }

  #block(body: readonly Statement[], scope: Scope): Code<Completion> {
    const parts = body.map((statement) => this.statement(statement, scope));
    if (parts.length === 1) return parts[0]!;
    if (parts.some((part) => part.waits))
      return steps(function* (machine, frame) {
        for (const part of parts) {
          const completion = yield* runCode(part, machine, frame);
          if (completion !== "") return completion;
        }
        return "";
      });
    return sync((machine, frame) => {
      for (const part of parts) {
        const completion = part.run(machine, frame) as Completion;
        if (completion !== "") return completion;
      }
      return "";
    });
  }

  #if(statement: Extract<Statement, { kind: "if" }>, scope: Scope): Code<Completion> {
    const condition = this.expression(statement.test, scope);
    const yes = this.statement(statement.yes, scope);
    const no = statement.no ? this.statement(statement.no, scope) : sync((): Completion => "");
    if (condition.waits || yes.waits || no.waits)
      return steps(function* (machine, frame) {
        return yield* runCode(isTrue(yield* runCode(condition, machine, frame)) ? yes : no, machine, frame);
      });
    return sync((machine, frame) =>
      isTrue(condition.run(machine, frame)) ? yes.run(machine, frame) : no.run(machine, frame),
    );
  }

  #loop(
    start: Statement | undefined,
    test: Expression | undefined,
    step: Statement | undefined,
    body: Statement,
    bodyFirst: boolean,
    scope: Scope,
  ): Code<Completion> {
    // prettier-ignore
    const nothing = sync((): Completion => "");
    const first = start ? this.statement(start, scope) : nothing;
    const condition = test ? this.expression(test, scope) : sync((): Value => 1);
    const advance = step ? this.statement(step, scope) : nothing;
    const inner = this.statement(body, scope);
    return steps(function* (machine, frame) {
      yield* runCode(first, machine, frame);
      for (let turn = 1, skipsTest = bodyFirst; ; turn++) {
        const goesOn =
          skipsTest || isTrue(condition.waits ? yield* condition.run(machine, frame) : condition.run(machine, frame));
        if (!goesOn) return "";
        skipsTest = false;
        const completion = inner.waits ? yield* inner.run(machine, frame) : inner.run(machine, frame);
        if (completion === "break") return "";
        if (completion !== "" && completion !== "continue") return completion;
        if (advance.waits) yield* advance.run(machine, frame);
        else advance.run(machine, frame);
        const { work } = machine;
        if (work === 0 && turn % TURNS !== 0) continue;
        machine.work = 0;
        if (machine.process.spend(TURNS + work)) yield machine.process.pause();
      }
    });
  }

  #forIn({ variable, array, body }: Extract<Statement, { kind: "forIn" }>, scope: Scope): Code<Completion> {
    const elements = this.#expressions.arrayOf(array, scope);
    const set = this.#expressions.setter(variable, scope);
    const inner = this.statement(body, scope);
    return steps(function* (machine, frame) {
      for (const [turn, key] of elements(machine, frame).keys().entries()) {
        if (turn % TURNS === TURNS - 1 && machine.process.spend(TURNS)) yield machine.process.pause();
        set(machine, frame, [], fromInput(key));
        const completion = yield* runCode(inner, machine, frame);
        if (completion === "break") return "";
        if (completion !== "" && completion !== "continue") return completion;
      }
      return "";
    });
  }

  #delete({ array, subscripts }: Extract<Statement, { kind: "delete" }>, scope: Scope): Code<Completion> {
    const elements = this.#expressions.arrayOf(array, scope);
    if (subscripts === undefined)
      return sync((machine, frame) => {
        elements(machine, frame).clear();
        return "";
      });
    return lift([this.#expressions.subscript(subscripts, scope)], (machine, [key], frame) => {
      elements(machine, frame).delete(key!);
      return "";
    });
  }

  #print({ args, to }: Extract<Statement, { kind: "print" }>, scope: Scope): Code<Completion> {
    const parts = args.map((arg) => this.expression(arg, scope));
    const line = (machine: Machine, values: readonly Value[]): string =>
      (args.length === 0 ? machine.record.text : values.map((value) => toText(value, machine.ofmt)).join(machine.ofs)) +
      machine.ors;
    return this.#written(parts, to, line, scope);
  }

  #printf({ args, to }: Extract<Statement, { kind: "printf" }>, scope: Scope): Code<Completion> {
    const listed = args[0]?.kind === "in" && args[0].array === "" ? args[0].subscripts : args;
    const parts = listed.map((arg) => this.expression(arg, scope));
    return this.#written(
      parts,
      to,
      (machine, [format, ...values]) => sprintf(machine.text(format), values, machine.convfmt, "printf"),
      scope,
    );
  }

  #written(
    parts: readonly Code<Value>[],
    to: Extract<Statement, { kind: "print" }>["to"],
    text: (machine: Machine, values: readonly Value[]) => string,
    scope: Scope,
  ): Code<Completion> {
    // prettier-ignore
    if (to) {
      const { how } = to;
      return liftSteps([this.expression(to.target, scope), ...parts], function* (machine, [target, ...values]): Steps<Completion> {
        yield* wait(machine.streams.write(how, machine.text(target), text(machine, values)));
        return "";
      });
    }
    if (parts.some((part) => part.waits))
      return liftSteps(parts, function* (machine, values): Steps<Completion> {
        yield* wait(machine.streams.stdout.put(put(machine, values, text)));
        return "";
      });
    return lift(parts, (machine, values) => {
      // What does not fit is written before the next record is read.
      void machine.streams.stdout.put(put(machine, values, text));
      return "";
    });
  }
}

/** What is to be written; if arguments ran out, that which came before. */
function put(
  machine: Machine,
  values: readonly Value[],
  text: (machine: Machine, values: readonly Value[]) => string,
): string {
  try {
    return text(machine, values);
  } catch (error) {
    if (error instanceof NotEnough) void machine.streams.stdout.put(error.before);
    throw error;
  }
}
