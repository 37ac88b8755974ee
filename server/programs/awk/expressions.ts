import type { AwkArray } from "./array.ts";
import type { AwkProgram, Expression, FunctionNode, Place } from "./ast.ts";
import { arrayParameters } from "./array-parameters.ts";
import { FUNCTIONS, split, substitute, type Separator } from "./builtins.ts";
import { Unwind, type Completion } from "./completion.ts";
import { AwkFault, RuntimeFault } from "./fault.ts";
import { SPECIAL, type Machine } from "./machine.ts";
import { patternOf } from "./record.ts";
import { lift, liftSteps, runCode, steps, sync, wait, type Code, type Frame, type Steps } from "./steps.ts";
import { AwkArray as ArrayObject } from "./array.ts";
import { compare, fromInput, isTrue, toNumber, type Value } from "./values.ts";

export interface Scope {
  /** Places of a function's parameters in its frame. */
  readonly locals: ReadonlyMap<string, number>;
  /** Those of them that are arrays. */
  readonly localArrays: ReadonlySet<string>;
}

export const GLOBAL: Scope = { locals: new Map(), localArrays: new Set() };

/** Makes code of expressions: variables become slots, and only what may wait is made of steps. */
export class Expressions {
  readonly slots = new Map<string, number>();
  readonly arrays = new Map<string, number>();
  /** Code of the functions' bodies. Calls go through the table, since functions may recurse. */
  readonly bodies = new Map<string, Code<Completion>>();
  readonly #functions: ReadonlyMap<string, FunctionNode>;
  readonly #arrayParameters: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(program: AwkProgram) {
    this.#functions = program.functions;
    this.#arrayParameters = arrayParameters(program);
    for (const name of ["ENVIRON", "ARGV"]) this.#array(name);
  }

  /** The names that a function's body sees as its own. */
  scopeOf({ name, parameters }: FunctionNode): Scope {
    const locals = new Map(parameters.map((parameter, at) => [parameter, at]));
    return { locals, localArrays: this.#arrayParameters.get(name)! };
  }

  #slot(name: string): number {
    let slot = this.slots.get(name);
    if (slot === undefined) this.slots.set(name, (slot = this.slots.size));
    return slot;
  }

  #array(name: string): number {
    let slot = this.arrays.get(name);
    if (slot === undefined) this.arrays.set(name, (slot = this.arrays.size));
    return slot;
  }

  expression(node: Expression, scope: Scope = GLOBAL): Code<Value> {
    switch (node.kind) {
      case "number":
      case "string": {
        const { value } = node;
        return sync(() => value);
      }
      case "regex": {
        const { source } = node;
        return sync((machine) => (patternOf(source).test(machine.record.text) ? 1 : 0));
      }
      case "group":
        return this.expression(node.of, scope);
      case "variable":
      case "field":
      case "element":
        return this.#read(node, scope);
      case "unary":
        return this.#unary(node, scope);
      case "binary":
        return this.#binary(node, scope);
      case "and":
      case "or":
        return this.#logical(node, scope);
      case "match":
        return this.#match(node, scope);
      case "conditional":
        return this.#conditional(node, scope);
      case "assign":
        return this.#assign(node, scope);
      case "increment":
        return this.#increment(node, scope);
      case "in": {
        if (node.array === "") throw new AwkFault("line 1: syntax error at or near ,");
        const elements = this.arrayOf(node.array, scope);
        return lift([this.subscript(node.subscripts, scope)], (machine, [key], frame) =>
          elements(machine, frame).has(key!) ? 1 : 0,
        );
      }
      case "builtin":
        return this.#builtin(node, scope);
      case "call":
        return this.#call(node, scope);
      case "getline":
        return this.#getline(node, scope);
    }
  }

  #read(node: Place, scope: Scope): Code<Value> {
    if (node.kind === "field")
      return lift([this.expression(node.number, scope)], (machine, [number]) => machine.field(toNumber(number)));
    if (node.kind === "element") {
      const elements = this.arrayOf(node.array, scope);
      return lift([this.subscript(node.subscripts, scope)], (machine, [key], frame) =>
        elements(machine, frame).get(key!),
      );
    }
    const local = scope.locals.get(node.name);
    if (local !== undefined) return sync((_, frame) => frame[local] as Value);
    const special = SPECIAL[node.name];
    if (special) return sync((machine) => special.get(machine));
    const slot = this.#slot(node.name);
    return sync((machine) => machine.globals[slot]);
  }

  /** What must be known before a place can be written: its number, its subscript, nothing. */
  #address(node: Place, scope: Scope): Code<Value>[] {
    if (node.kind === "field") return [this.expression(node.number, scope)];
    if (node.kind === "element") return [this.subscript(node.subscripts, scope)];
    return [];
  }

  setter(node: Place, scope: Scope): (machine: Machine, frame: Frame, address: readonly Value[], value: Value) => void {
    if (node.kind === "field") return (machine, _, [number], value) => machine.setField(toNumber(number), value);
    if (node.kind === "element") {
      const elements = this.arrayOf(node.array, scope);
      return (machine, frame, [key], value) => elements(machine, frame).set(key as string, value);
    }
    const local = scope.locals.get(node.name);
    if (local !== undefined) return (_, frame, _address, value) => void (frame[local] = value);
    const special = SPECIAL[node.name];
    if (special) return (machine, _, _address, value) => special.set(machine, value);
    const slot = this.#slot(node.name);
    return (machine, _, _address, value) => void (machine.globals[slot] = value);
  }

  #getter(node: Place, scope: Scope): (machine: Machine, frame: Frame, address: readonly Value[]) => Value {
    if (node.kind === "field") return (machine, _, [number]) => machine.field(toNumber(number));
    if (node.kind === "element") {
      const elements = this.arrayOf(node.array, scope);
      return (machine, frame, [key]) => elements(machine, frame).get(key as string);
    }
    const read = this.#read(node, scope);
    return (machine, frame) => read.run(machine, frame) as Value;
  }

  arrayOf(name: string, scope: Scope): (machine: Machine, frame: Frame) => AwkArray {
    const local = scope.locals.get(name);
    if (local !== undefined) return (_, frame) => (frame[local] ??= new ArrayObject()) as AwkArray;
    const slot = this.#array(name);
    return (machine) => machine.arrays[slot]!;
  }

  subscript(subscripts: readonly Expression[], scope: Scope): Code<string> {
    const parts = subscripts.map((part) => this.expression(part, scope));
    if (parts.length === 1) return lift(parts, (machine, [value]) => machine.text(value));
    return lift(parts, (machine, values) => values.map((value) => machine.text(value)).join(machine.subsep));
  }

  #unary({ operator, of }: Extract<Expression, { kind: "unary" }>, scope: Scope): Code<Value> {
    const part = this.expression(of, scope);
    if (operator === "!") return lift([part], (_, [value]) => (isTrue(value) ? 0 : 1));
    if (operator === "-") return lift([part], (_, [value]) => -toNumber(value));
    return lift([part], (_, [value]) => toNumber(value));
  }

  #binary({ operator, left, right }: Extract<Expression, { kind: "binary" }>, scope: Scope): Code<Value> {
    const parts = [this.expression(left, scope), this.expression(right, scope)];
    if (operator === " ")
      return lift(parts, (machine, [a, b]) => machine.checkLength(machine.text(a) + machine.text(b)));
    const test = COMPARISONS[operator];
    if (test) return lift(parts, (machine, [a, b]) => (test(compare(a, b, machine.convfmt)) ? 1 : 0));
    return lift(parts, (_, [a, b]) => arithmetic(operator, toNumber(a), toNumber(b)));
  }

  #logical({ kind, left, right }: Extract<Expression, { kind: "and" | "or" }>, scope: Scope): Code<Value> {
    const [first, second] = [this.expression(left, scope), this.expression(right, scope)];
    const decided = kind === "or";
    if (first.waits || second.waits)
      return steps(function* (machine, frame) {
        if (isTrue(yield* runCode(first, machine, frame)) === decided) return decided ? 1 : 0;
        return isTrue(yield* runCode(second, machine, frame)) ? 1 : 0;
      });
    return sync((machine, frame) => {
      if (isTrue(first.run(machine, frame)) === decided) return decided ? 1 : 0;
      return isTrue(second.run(machine, frame)) ? 1 : 0;
    });
  }

  #match({ negated, left, right }: Extract<Expression, { kind: "match" }>, scope: Scope): Code<Value> {
    const answer = (found: boolean): number => (found === negated ? 0 : 1);
    const text = this.expression(left, scope);
    const pattern = this.#pattern(right, scope);
    return lift([text, pattern], (machine, [value, source]) =>
      answer(patternOf(source as string).test(machine.text(value))),
    );
  }

  /** A pattern's source: written between slashes, or the text of an expression. */
  #pattern(node: Expression, scope: Scope): Code<Value> {
    const inner = node.kind === "group" ? node.of : node;
    if (inner.kind === "regex") {
      const { source } = inner;
      return sync(() => source);
    }
    return lift([this.expression(node, scope)], (machine, [value]) => machine.text(value));
  }

  #conditional(choice: Extract<Expression, { kind: "conditional" }>, scope: Scope): Code<Value> {
    const condition = this.expression(choice.test, scope);
    const [yes, no] = [this.expression(choice.yes, scope), this.expression(choice.no, scope)];
    if (condition.waits || yes.waits || no.waits)
      return steps(function* (machine, frame) {
        return yield* runCode(isTrue(yield* runCode(condition, machine, frame)) ? yes : no, machine, frame);
      });
    return sync((machine, frame) =>
      isTrue(condition.run(machine, frame)) ? yes.run(machine, frame) : no.run(machine, frame),
    );
  }

  #assign({ operator, to, value }: Extract<Expression, { kind: "assign" }>, scope: Scope): Code<Value> {
    const set = this.setter(to, scope);
    const get = this.#getter(to, scope);
    const address = this.#address(to, scope);
    return lift([...address, this.expression(value, scope)], (machine, values, frame) => {
      const given = values.at(-1);
      const next =
        operator === "" ? given : arithmetic(operator, toNumber(get(machine, frame, values)), toNumber(given));
      set(machine, frame, values, next);
      return next;
    });
  }

  #increment({ to, by, before }: Extract<Expression, { kind: "increment" }>, scope: Scope): Code<Value> {
    const set = this.setter(to, scope);
    const get = this.#getter(to, scope);
    return lift(this.#address(to, scope), (machine, address, frame) => {
      const old = toNumber(get(machine, frame, address));
      set(machine, frame, address, old + by);
      return before ? old + by : old;
    });
  }

  #builtin(node: Extract<Expression, { kind: "builtin" }>, scope: Scope): Code<Value> {
    const { name, args } = node;
    const value = (at: number): Code<Value> => this.expression(args[at]!, scope);
    switch (name) {
      case "length": {
        const [arg] = args;
        if (!arg) return sync((machine) => machine.record.text.length);
        if (arg.kind === "variable" && this.#isArray(arg.name, scope)) {
          const elements = this.arrayOf(arg.name, scope);
          return sync((machine, frame) => elements(machine, frame).size);
        }
        break;
      }
      case "split":
        return this.#split(args, scope);
      case "sub":
      case "gsub":
        return this.#substitute(name === "gsub", args, scope);
      case "match":
        return lift([value(0), this.#pattern(args[1]!, scope)], (machine, [text, source]) => {
          const match = patternOf(source as string).exec(machine.text(text));
          machine.rstart = match ? match.start + 1 : 0;
          machine.rlength = match ? match.end - match.start : -1;
          return machine.rstart;
        });
      case "system":
        return liftSteps([value(0)], function* (machine, [command]): Steps<Value> {
          return yield* wait(machine.streams.system(machine.text(command)));
        });
      case "close":
        return liftSteps([value(0)], function* (machine, [stream]): Steps<Value> {
          return yield* wait(machine.streams.close(machine.text(stream)));
        });
      case "fflush":
        return liftSteps(
          args.map((arg) => this.expression(arg, scope)),
          function* (machine): Steps<Value> {
            yield* wait(machine.streams.flush());
            return 0;
          },
        );
      case "mktime":
        throw new AwkFault("drydock: awk: 'mktime' is not simulated", 64);
    }
    const run = FUNCTIONS[name]!;
    return lift(
      args.map((arg) => this.expression(arg, scope)),
      run,
    );
  }

  #isArray(name: string, scope: Scope): boolean {
    return scope.locals.has(name) ? scope.localArrays.has(name) : this.arrays.has(name) && !this.slots.has(name);
  }

  #split(args: readonly Expression[], scope: Scope): Code<Value> {
    const [text, array, by] = args as [Expression, Expression, Expression | undefined];
    if (array.kind !== "variable") throw new AwkFault("line 1: type error in arg(2) in call to split");
    const into = this.arrayOf(array.name, scope);
    const separator = (machine: Machine, value: Value): Separator => {
      if (by === undefined) return { text: machine.fs };
      return by.kind === "regex" ? { pattern: by.source } : { text: machine.text(value) };
    };
    const parts = [
      this.expression(text, scope),
      ...(by === undefined || by.kind === "regex" ? [] : [this.expression(by, scope)]),
    ];
    return lift(parts, (machine, [value, given], frame) =>
      split(machine.text(value), into(machine, frame), separator(machine, given)),
    );
  }

  #substitute(all: boolean, args: readonly Expression[], scope: Scope): Code<Value> {
    const [pattern, replacement, target] = args as [Expression, Expression, Expression | undefined];
    const place: Place | undefined = target === undefined ? { kind: "field", number: { kind: "number", value: 0 } } : target.kind === "variable" || target.kind === "field" || target.kind === "element" ? target : undefined; // prettier-ignore
    const parts = [this.#pattern(pattern, scope), this.expression(replacement, scope)];
    if (!place) {
      return lift([...parts, this.expression(target!, scope)], (machine, [source, text, value]) => substitute(source as string, machine.text(text), machine.search(machine.text(value)), all)?.count ?? 0); // prettier-ignore
    }
    const [get, set] = [this.#getter(place, scope), this.setter(place, scope)];
    return lift([...this.#address(place, scope), ...parts], (machine, values, frame) => {
      const [source, text] = values.slice(-2);
      const done = substitute(source as string, machine.text(text), machine.search(machine.text(get(machine, frame, values))), all); // prettier-ignore
      if (done) set(machine, frame, values, done.text);
      return done?.count ?? 0;
    });
  }

  #call({ name, args }: Extract<Expression, { kind: "call" }>, scope: Scope): Code<Value> {
    const called = this.#functions.get(name)!;
    if (args.length > called.parameters.length) throw new AwkFault(`line 1: too many arguments in call to ${name}`);
    const arrays = this.#arrayParameters.get(name)!;
    const parts = args.map((arg, at): Code<unknown> => {
      if (arg.kind !== "variable" || !arrays.has(called.parameters[at]!)) return this.expression(arg, scope);
      const elements = this.arrayOf(arg.name, scope);
      return sync((machine, frame) => elements(machine, frame));
    });
    const { bodies } = this;
    return liftSteps(parts, function* (machine, values): Steps<Value> {
      const frame: Frame = Array.from({ length: called.parameters.length }, (_, at) => values[at]);
      if (machine.depth >= 5_000) throw new RuntimeFault("function call nesting level exceeded");
      machine.depth++;
      machine.returned = undefined;
      if (machine.process.spend(1)) yield machine.process.pause();
      const completion = yield* runCode(bodies.get(name)!, machine, frame);
      machine.depth--;
      if (completion === "next" || completion === "nextfile" || completion === "exit") throw new Unwind(completion);
      const { returned } = machine;
      machine.returned = undefined;
      return completion === "return" ? returned : undefined;
    });
  }

  #getline({ from, source, to }: Extract<Expression, { kind: "getline" }>, scope: Scope): Code<Value> {
    const set = to && this.setter(to, scope);
    const addressParts = to ? this.#address(to, scope) : [];
    const parts = [...addressParts, ...(source ? [this.expression(source, scope)] : [])];
    return liftSteps(parts, function* (machine, values, frame): Steps<Value> {
      let text: string | undefined;
      if (from === "main") {
        text = yield* wait(machine.input!.next());
        if (text === undefined) return 0;
        machine.nr++;
        machine.fnr++;
      } else {
        const reader = yield* wait(machine.streams.source(from, machine.text(values.at(-1))));
        if (!reader) return -1;
        try {
          text = yield* wait(reader.next(machine.rs));
        } catch (error) {
          if ((error as { code?: string }).code === "EISDIR") return -1;
          throw error;
        }
        if (text === undefined) return 0;
        if (from === "command") machine.nr++;
      }
      if (set) set(machine, frame, values, fromInput(text));
      else machine.setRecord(text);
      return 1;
    });
  }
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  ">=": (order) => order >= 0,
  ">": (order) => order > 0,
};

function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "/":
      return a / b;
    case "%":
      return a % b;
    default:
      return a ** b;
  }
}
