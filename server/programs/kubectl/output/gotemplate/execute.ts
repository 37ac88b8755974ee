import { encode } from "../../../../sim/kernel/index.ts";
import { formatValue } from "../golang/format.ts";
import { sortedKeys, type JsonObject } from "../golang/kind.ts";
import { basicKind, GoNumber, numberIn } from "../golang/number.ts";
import { quote } from "../golang/quote.ts";
import { FunctionError, TemplateError } from "./failure.ts";
import { callProblem, functionNamed, type Functions, type Parameter } from "./functions.ts";
import { nodeText, type BranchNode, type CommandNode, type NumberNode, type Operand, type PipeNode, type PlacedNode, type TemplateNode, type TreeNode, type VariableNode } from "./node.ts"; // prettier-ignore
import type { Templates } from "./parser.ts";
import { Held, isMap, isSlice, isTrue, open, valueType, type Concrete, type Value } from "./value.ts";

/** Lists of nodes in each other from where on no template is called. Go counts templates, and says how many it allows. */
const DEEPEST = 250;
const DEEPEST_OF_GO = 100_000;

/** A template that does more than this is stopped: `{{range 1000000000}}` runs for long. */
const MOST_STEPS = 2_000_000;

/** So much is printed at most: a width in a `printf` makes much of little. */
const MOST_OUTPUT = 2 ** 26;

/** There is no value from the command before. */
const NONE = Symbol("none");
type Final = Value | typeof NONE;

type Jump = "break" | "continue" | undefined;

interface Variable {
  readonly name: string;
  value: Value;
}

export interface Program {
  readonly name: string;
  readonly text: string;
  readonly templates: Templates;
  /** A missing key is an error. */
  readonly strict: boolean;
  /** Those that the program has beside the usual ones. */
  readonly functions?: Functions;
}

/** Executes a template on an object, as text/template/exec.go. */
export class Execution {
  /** What is printed so far. */
  out = "";
  readonly #program: Program;
  /** The template that is executed, which errors name. */
  #name: string;
  #node: PlacedNode | undefined;
  #variables: Variable[];
  #depth = 0;
  #steps = 0;

  constructor(program: Program, object: JsonObject) {
    this.#program = program;
    this.#name = program.name;
    this.#variables = [{ name: "$", value: object }];
  }

  run(): void {
    this.#list(this.#variables[0]!.value, this.#program.templates.get(this.#name) ?? []);
  }

  #list(dot: Value, nodes: readonly TreeNode[]): Jump {
    this.#steps += 1 + nodes.length;
    if (this.#steps > MOST_STEPS)
      throw new TemplateError(`template: ${this.#program.name}: more than ${MOST_STEPS} steps are not simulated`);
    this.#depth++;
    let jump: Jump;
    for (const node of nodes) {
      jump = this.#walk(dot, node);
      if (jump) break;
    }
    this.#depth--;
    return jump;
  }

  #walk(dot: Value, node: TreeNode): Jump {
    switch (node.type) {
      case "text":
        this.#print(node.text);
        return undefined;
      case "action": {
        const value = this.#pipe(dot, node.pipe);
        if (node.pipe.variables.length === 0) this.#print(value === undefined ? "<no value>" : formatValue(value));
        return undefined;
      }
      case "break":
      case "continue":
        return node.type;
      case "template":
        this.#template(dot, node);
        return undefined;
      case "range": {
        const mark = this.#variables.length;
        const jump = this.#range(dot, node);
        this.#variables.length = mark;
        return jump;
      }
      case "if":
      case "with": {
        const mark = this.#variables.length;
        const value = this.#pipe(dot, node.pipe);
        let jump: Jump;
        if (isTrue(value)) jump = this.#list(node.type === "with" ? value : dot, node.list);
        else if (node.otherwise) jump = this.#list(dot, node.otherwise);
        this.#variables.length = mark;
        return jump;
      }
    }
  }

  #print(text: string): void {
    if (this.out.length + text.length > MOST_OUTPUT)
      throw new TemplateError(`template: ${this.#program.name}: more than ${MOST_OUTPUT} characters are not simulated`);
    this.out += text;
  }

  #range(dot: Value, node: BranchNode): Jump {
    const value = this.#pipe(dot, node.pipe);
    const mark = this.#variables.length;
    const { variables, assigns } = node.pipe;
    const once = (index: Value, element: Value): boolean => {
      const values = variables.length > 1 ? [index, element] : [element];
      variables.forEach((variable, at) => {
        if (assigns) this.#assign(variable, values[at]);
        else this.#variables[mark - variables.length + at]!.value = values[at];
      });
      const jump = this.#list(element, node.list);
      this.#variables.length = mark;
      return jump !== "break";
    };
    if (this.#each(value, variables.length, once) || !node.otherwise) return undefined;
    // In an else, `continue` goes on with the range around, but `break` ends this one.
    return this.#list(dot, node.otherwise) === "continue" ? "continue" : undefined;
  }

  /** Goes over what a value has; false if that is nothing. */
  #each(value: Concrete | undefined, variables: number, once: (index: Value, element: Value) => boolean): boolean {
    if (value === undefined) return false;
    const kind = basicKind(value);
    if (kind === "int" || kind === "uint") {
      const number = numberIn(value);
      if (variables > 1) this.#fail(`can't use ${number} to iterate over more than one variable`);
      const type = value instanceof GoNumber ? value.type : undefined;
      for (let at = 0; at < number; at++) if (!once(undefined, type ? new GoNumber(type, at) : at)) break;
      return number > 0;
    }
    if (isSlice(value)) {
      for (const [at, element] of value.entries()) if (!once(new GoNumber("int", at), new Held(element))) break;
      return value.length > 0;
    }
    if (!isMap(value)) return this.#fail(`range can't iterate over ${formatValue(value)}`);
    const keys = sortedKeys(value);
    for (const key of keys) if (!once(key, new Held(value[key]!))) break;
    return keys.length > 0;
  }

  #template(dot: Value, node: TemplateNode): void {
    this.#node = node;
    const nodes = this.#program.templates.get(node.name);
    if (nodes === undefined) return this.#fail(`template ${quote(node.name)} not defined`);
    if (this.#depth > DEEPEST) this.#fail(`exceeded maximum template depth (${DEEPEST_OF_GO})`);
    const value = node.pipe && this.#pipe(dot, node.pipe);
    const [name, variables] = [this.#name, this.#variables];
    this.#name = node.name;
    this.#variables = [{ name: "$", value }];
    this.#list(value, nodes);
    this.#name = name;
    this.#variables = variables;
  }

  /** The value of a pipeline, never an interface; its variables are left on the stack. */
  #pipe(dot: Value, pipe: PipeNode): Concrete | undefined {
    this.#node = pipe;
    let final: Final = NONE;
    for (const command of pipe.commands) final = open(this.#command(dot, command, final));
    const value = final as Concrete | undefined;
    for (const variable of pipe.variables) {
      if (pipe.assigns) this.#assign(variable, value);
      else this.#variables.push({ name: variable.path[0]!, value });
    }
    return value;
  }

  #assign(variable: VariableNode, value: Value): void {
    this.#variable(variable.path[0]!).value = value;
  }

  #variable(name: string): Variable {
    return this.#variables.findLast((variable) => variable.name === name) ?? this.#fail(`undefined variable: ${name}`);
  }

  #command(dot: Value, command: CommandNode, final: Final): Value {
    const { args } = command;
    const first = args[0]!;
    switch (first.type) {
      case "field":
      case "chain":
      case "variable":
      case "identifier":
        return this.#term(dot, first, command, args, final);
      case "pipe":
        this.#notFunction(args, final);
        return this.#pipe(dot, first);
      case "dot":
      case "nil":
      case "bool":
      case "number":
      case "string":
        this.#node = first;
        this.#notFunction(args, final);
        if (first.type === "nil") return this.#fail("nil is not a command");
        return first.type === "dot" ? dot : this.#literal(first);
    }
  }

  #notFunction(args: readonly Operand[], final: Final): void {
    if (args.length > 1 || final !== NONE) this.#fail(`can't give argument to non-function ${nodeText(args[0]!)}`);
  }

  /** What may take arguments. `node` is what a complaint of a function is at. */
  #term(
    dot: Value,
    term: Operand & { type: "field" | "chain" | "variable" | "identifier" },
    node: PlacedNode,
    args: readonly Operand[],
    final: Final,
  ): Value {
    // prettier-ignore
    this.#node = term;
    const hasArgs = args.length > 1 || final !== NONE;
    switch (term.type) {
      case "identifier":
        return this.#call(dot, term.name, node, args.slice(1), final);
      case "field":
        return this.#fields(dot, term.path, hasArgs);
      case "chain": {
        if (term.node.type === "nil") this.#fail(`indirection through explicit nil in ${nodeText(term)}`);
        return this.#fields(this.#argument(dot, "value", term.node), term.path, hasArgs);
      }
      case "variable": {
        const { value } = this.#variable(term.path[0]!);
        if (term.path.length > 1) return this.#fields(value, term.path.slice(1), hasArgs);
        this.#notFunction(args.length > 0 ? args : [term], final);
        return value;
      }
    }
  }

  #fields(receiver: Value, path: readonly string[], hasArgs: boolean): Value {
    let value = receiver;
    path.forEach((name, index) => {
      value = this.#field(value, name, hasArgs && index === path.length - 1);
    });
    return value;
  }

  #field(receiver: Value, name: string, hasArgs: boolean): Value {
    if (receiver === undefined) {
      if (this.#program.strict) this.#fail(`nil data; no entry for key ${quote(name)}`);
      return undefined;
    }
    const inner = open(receiver);
    if (inner === undefined) return this.#fail(`nil pointer evaluating interface {}.${name}`);
    if (!isMap(inner)) return this.#fail(`can't evaluate field ${name} in type ${valueType(receiver)}`);
    if (hasArgs) this.#fail(`${name} is not a method but has arguments`);
    if (Object.hasOwn(inner, name)) return new Held(inner[name]!);
    if (this.#program.strict) this.#fail(`map has no entry for key ${quote(name)}`);
    return undefined;
  }

  #call(dot: Value, name: string, node: PlacedNode, args: readonly Operand[], final: Final): Value {
    const { parameters, rest, call } = this.#program.functions?.[name] ?? functionNamed(name);
    const count = args.length + (final === NONE ? 0 : 1);
    if (rest === undefined && count !== parameters.length)
      this.#fail(`wrong number of args for ${name}: want ${parameters.length} got ${count}`);
    if (count < parameters.length)
      this.#fail(`wrong number of args for ${name}: want at least ${parameters.length} got ${args.length}`);
    const parameter = (at: number): Parameter => parameters[at] ?? rest!;
    if (name === "and" || name === "or") return this.#shortCircuit(dot, args, final, name === "or");
    const values = args.map((arg, at) => this.#argument(dot, parameter(at), arg));
    if (final !== NONE) values.push(this.#fit(final, parameter(args.length)));
    try {
      if (name !== "call") return call(values);
      const callee = args[0] ? nodeText(args[0]) : formatCallee(values[0]);
      throw new FunctionError(callProblem(callee, values[0]));
    } catch (error) {
      if (!(error instanceof FunctionError)) throw error;
      this.#node = node;
      return this.#fail(`error calling ${name}: ${error.message}`);
    }
  }

  #shortCircuit(dot: Value, args: readonly Operand[], final: Final, wanted: boolean): Value {
    let value: Value;
    for (const arg of args) {
      value = this.#argument(dot, "value", arg);
      if (isTrue(value) === wanted) return value;
    }
    return final === NONE ? value : final;
  }

  #argument(dot: Value, parameter: Parameter, node: Operand): Value {
    this.#node = node;
    switch (node.type) {
      case "dot":
        return this.#fit(dot, parameter);
      case "nil":
        return parameter === "string" ? this.#fail("cannot assign nil to string") : undefined;
      case "field":
      case "chain":
      case "variable":
      case "identifier":
        return this.#fit(this.#term(dot, node, node, [], NONE), parameter);
      case "pipe":
        return this.#fit(this.#pipe(dot, node), parameter);
      case "bool":
      case "number":
      case "string":
        if (parameter === "string" && node.type !== "string") this.#fail(`expected string; found ${nodeText(node)}`);
        return this.#literal(node);
    }
  }

  /** The value, if it goes for the parameter. */
  #fit(value: Value, parameter: Parameter): Value {
    if (parameter === "value") return value;
    const inner = open(value);
    if (parameter === "any" || typeof inner === "string") return inner;
    if (value === undefined) return this.#fail("invalid value; expected string");
    return this.#fail(`wrong type for value; expected string; got ${valueType(inner ?? value)}`);
  }

  #literal(node: NumberNode | (Operand & { type: "bool" | "string" })): Concrete {
    this.#node = node;
    return node.value ?? this.#fail(`${nodeText(node)} overflows int`);
  }

  #fail(problem: string): never {
    const before = this.#program.text.slice(0, this.#node!.at);
    const lines = before.split("\n");
    const place = `${this.#program.name}:${lines.length}:${encode(lines.at(-1)!).length}`;
    throw new TemplateError(
      `template: ${place}: executing ${quote(this.#name)} at <${nodeText(this.#node!)}>: ${problem}`,
    );
  }
}

/** What `reflect.Value.String` gives, by which `call` names a function from a pipeline. */
function formatCallee(value: Value): string {
  if (value === undefined) return "<invalid Value>";
  return typeof value === "string" ? value : `<${valueType(value)} Value>`;
}
