import type { Command, List, Redirect, SimpleCommand, Test } from "./tree.ts";

/** A command as `jobs` shows it and `$BASH_COMMAND` holds it: on one line as far as bash's own printing goes (print_cmd.c). */
export function printCommand(command: Command): string {
  const printer = new Printer(false);
  printer.command(command);
  return printer.finish();
}

/** A function as `declare -f` and `type` show it. */
export function printFunction(name: string, body: Command): string {
  const printer = new Printer(true);
  printer.functionDefinition(name, body, false);
  return printer.finish();
}

const STEP = 4;

class Printer {
  #out = "";
  #indent = 0;
  #skipIndent = false;
  /** Inside a function every command has its own line. */
  #lines: boolean;
  /** Here-documents whose bodies follow at the end of the line. */
  #bodies: Redirect[] = [];
  #hadBodies = false;

  constructor(lines: boolean) {
    this.#lines = lines;
  }

  finish(): string {
    this.#flushBodies("");
    return this.#out;
  }

  functionDefinition(name: string, body: Command, nested: boolean): void {
    const { redirects } = "redirects" in body ? body : { redirects: [] };
    const lines = this.#lines;
    this.#write(nested ? `function ${name} () \n` : `${name} () \n`);
    this.#lines = true;
    this.#pad();
    this.#write("{ \n");
    this.#indent += STEP;
    if (body.type === "group") this.list(body.body);
    else this.command(body);
    this.#flushBodies("");
    this.#indent -= STEP;
    this.#newline("}");
    if (body.type === "group" && redirects.length > 0) this.#redirects(redirects, true);
    this.#lines = lines;
  }

  list(list: List): void {
    for (const [at, { command, background }] of list.entries()) {
      this.command(command);
      const last = at === list.length - 1;
      if (background) {
        this.#flushBodies("");
        this.#write(last ? " &" : " & ");
        if (!last) this.#skipIndent = true;
      } else if (!last) {
        if (this.#bodies.length > 0) this.#flushBodies(";");
        else if (!this.#hadBodies) this.#write(";");
        this.#hadBodies = false;
        this.#write(this.#lines ? "\n" : " ");
        if (!this.#lines) this.#skipIndent = true;
      }
    }
  }

  command(command: Command): void {
    this.#pad();
    switch (command.type) {
      case "simple":
        return this.#simple(command);
      case "pipeline": {
        if (command.time) this.#write(command.time === "posix" ? "time -p " : "time ");
        if (command.negated) this.#write("! ");
        for (const [at, member] of command.commands.entries()) {
          this.#skipIndent = true;
          this.command(member);
          if (at === command.commands.length - 1) break;
          if (command.errors[at]) this.#write(" 2>&1");
          this.#flushBodies(" |", " | ", "  ");
        }
        return;
      }
      case "and-or":
        this.#skipIndent = true;
        this.command(command.first);
        for (const { operator, command: next } of command.rest) {
          this.#flushBodies(` ${operator} `, ` ${operator} `, " ");
          this.#skipIndent = true;
          this.command(next);
        }
        return;
      case "function":
        return this.functionDefinition(command.name, command.body, true);
      case "coproc":
        this.#write(`coproc ${command.name} `);
        this.#skipIndent = true;
        this.command(command.body);
        break;
      case "group":
        this.#group(command.body);
        break;
      case "subshell":
        this.#write("( ");
        this.#skipIndent = true;
        this.list(command.body);
        this.#flushBodies("");
        this.#write(" )");
        break;
      case "if":
        this.#if(command.branches, command.otherwise);
        break;
      case "while":
      case "until":
        this.#write(`${command.type} `);
        this.#skipIndent = true;
        this.list(command.test);
        this.#semicolon();
        this.#write(" do\n");
        this.#body(command.body);
        this.#newline("done");
        break;
      case "for":
      case "select": {
        const words = command.words?.map((word) => word.text).join(" ") ?? '"$@"';
        this.#write(`${command.type} ${command.name} in ${words};`);
        this.#newline("do\n");
        this.#body(command.body);
        this.#newline("done");
        break;
      }
      case "arithmetic-for":
        this.#write(`for ((${command.initialize.text}; ${command.test.text}; ${command.update.text}))`);
        this.#newline("do\n");
        this.#body(command.body);
        this.#newline("done");
        break;
      case "case":
        this.#write(`case ${command.word.text} in `);
        this.#indent += STEP;
        for (const { patterns, body, end } of command.items) {
          this.#newline("");
          this.#write(`${patterns.map((pattern) => pattern.text).join(" | ")})\n`);
          this.#indent += STEP;
          this.list(body);
          this.#flushBodies("");
          this.#indent -= STEP;
          this.#newline(end);
        }
        this.#indent -= STEP;
        this.#newline("esac");
        break;
      case "arithmetic":
        this.#write(`((${command.text}))`);
        break;
      case "conditional":
        this.#write(`[[ ${printTest(command.test)} ]]`);
        break;
    }
    this.#redirects(command.redirects, true);
  }

  #simple({ assignments, words, redirects }: SimpleCommand): void {
    this.#write([...assignments, ...words].map((word) => word.text).join(" "));
    this.#redirects(redirects, assignments.length + words.length > 0);
  }

  #group(list: List): void {
    this.#write("{ ");
    if (!this.#lines) this.#skipIndent = true;
    else {
      this.#write("\n");
      this.#indent += STEP;
    }
    this.list(list);
    this.#flushBodies("");
    if (this.#lines) {
      this.#indent -= STEP;
      this.#newline("}");
    } else {
      this.#semicolon();
      this.#write(" }");
    }
  }

  /** bash keeps `elif` as an `if` within `else`. */
  #if(branches: readonly { test: List; body: List }[], otherwise: List | undefined): void {
    const [{ test, body } = { test: [], body: [] }, ...rest] = branches;
    this.#write("if ");
    this.#skipIndent = true;
    this.list(test);
    this.#semicolon();
    this.#write(" then\n");
    this.#body(body);
    if (rest.length > 0) {
      this.#newline("else\n");
      this.#indent += STEP;
      this.#pad();
      this.#if(rest, otherwise);
      this.#flushBodies("");
      this.#indent -= STEP;
      this.#semicolon();
    } else if (otherwise) {
      this.#newline("else\n");
      this.#body(otherwise);
    }
    this.#newline("fi");
  }

  #body(list: List): void {
    this.#indent += STEP;
    this.list(list);
    this.#flushBodies("");
    this.#indent -= STEP;
    this.#semicolon();
  }

  #redirects(redirects: readonly Redirect[], space: boolean): void {
    for (const [at, redirect] of redirects.entries()) {
      this.#write((space || at > 0 ? " " : "") + printRedirect(redirect));
      if (redirect.body !== undefined) this.#bodies.push(redirect);
    }
  }

  /** Writes what follows a command: `plain`, or if here-documents end there `joined`, their bodies and `after`. */
  #flushBodies(joined: string, plain = "", after = ""): void {
    if (this.#bodies.length === 0) return this.#write(plain);
    this.#write(`${joined}\n`);
    for (const { body, delimiter } of this.#bodies) this.#write(`${body}${delimiter!.replace(/['"\\]/g, "")}\n`);
    this.#write(after);
    this.#bodies = [];
    this.#hadBodies = true;
  }

  #semicolon(): void {
    if (!/[&\n]$/.test(this.#out)) this.#write(";");
  }

  #newline(text: string): void {
    this.#write(`\n${" ".repeat(this.#indent)}${text}`);
  }

  #pad(): void {
    if (this.#skipIndent) this.#skipIndent = false;
    else this.#write(" ".repeat(this.#indent));
  }

  #write(text: string): void {
    this.#out += text;
  }
}

function printRedirect({ operator, fd, target, delimiter }: Redirect): string {
  const name = typeof fd === "string" ? `{${fd}}` : undefined;
  const before = (usual: number): string => name ?? (fd === undefined || fd === usual ? "" : String(fd));
  switch (operator) {
    case "<<":
    case "<<-":
      return `${before(0)}${operator}${delimiter}`;
    case "<<<":
      return `${before(0)}<<< ${target.text}`;
    case ">&":
    case "<&":
      if (fd === undefined && operator === ">&" && !/^(\d+|-|\d+-|\$.*)$/.test(target.text)) return `&> ${target.text}`;
      return `${name ?? fd ?? (operator === ">&" ? 1 : 0)}${target.text === "-" ? ">&" : operator}${target.text}`;
    case "&>":
    case "&>>":
      return `${operator} ${target.text}`;
    case "<":
    case "<>":
      return `${before(0)}${operator} ${target.text}`;
    case ">":
    case ">>":
    case ">|":
      return `${before(1)}${operator} ${target.text}`;
  }
}

function printTest(test: Test): string {
  switch (test.type) {
    case "unary":
      return `${test.operator} ${test.operand.text}`;
    case "binary":
      return `${test.left.text} ${test.operator} ${test.right.text}`;
    case "not":
      return `! ${printTest(test.operand)}`;
    case "group":
      return `( ${printTest(test.operand)} )`;
    default:
      return test.operands.map(printTest).join(` ${test.type} `);
  }
}
