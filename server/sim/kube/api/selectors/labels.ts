import { aggregate, fieldMessage, invalid, type FieldErrors } from "../field-errors.ts";
import { goStrings } from "../go-syntax.ts";
import type { LabelSelector, StringMap } from "../types/meta.ts";
import { labelValue, qualifiedName } from "../validation/names.ts";

export type Operator = "=" | "==" | "!=" | "in" | "notin" | "exists" | "!" | "gt" | "lt";

export interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: readonly string[];
}

/** Requirements that must all hold, sorted by key. None matches everything; `nothing` matches nothing. */
export type Selector = readonly Requirement[] | "nothing";

export function matchesLabels(selector: Selector, labels: StringMap | undefined): boolean {
  if (selector === "nothing") return false;
  for (let at = 0; at < selector.length; at++) {
    const requirement = selector[at]!;
    const value = valueOf(labels, requirement.key);
    // Nearly all are of this kind.
    if (requirement.operator === "=" && requirement.values.length === 1) {
      if (value === undefined || value !== requirement.values[0]) return false;
    } else if (!holds(requirement, value)) return false;
  }
  return true;
}

/** A label may be called `constructor`. */
function valueOf(labels: StringMap | undefined, key: string): string | undefined {
  return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
}

function holds({ operator, values }: Requirement, value: string | undefined): boolean {
  switch (operator) {
    case "=":
    case "==":
    case "in":
      return value !== undefined && values.includes(value);
    case "!=":
    case "notin":
      return value === undefined || !values.includes(value);
    case "exists":
      return value !== undefined;
    case "!":
      return value === undefined;
    case "gt":
    case "lt": {
      if (value === undefined || !/^[-+]?\d+$/.test(value)) return false;
      const difference = BigInt(value) - BigInt(values[0]!);
      return operator === "gt" ? difference > 0n : difference < 0n;
    }
  }
}

/** `k=v,k in (a,b),!k`: as labels.Selector prints itself. */
export function selectorText(selector: Selector): string {
  return selector === "nothing" ? "" : selector.map(requirementText).join(",");
}

function requirementText({ key, operator, values }: Requirement): string {
  switch (operator) {
    case "exists":
      return key;
    case "!":
      return `!${key}`;
    case "in":
    case "notin":
      return `${key} ${operator} (${[...values].sort().join(",")})`;
    case "gt":
      return `${key}>${values[0]!}`;
    case "lt":
      return `${key}<${values[0]!}`;
    case "=":
    case "==":
    case "!=":
      return `${key}${operator}${values[0]!}`;
  }
}

/** The selector of a set of labels: each must have its value. */
export function selectorOfLabels(labels: StringMap | undefined): Selector {
  return Object.keys(labels ?? {})
    .sort()
    .map((key) => ({ key, operator: "=", values: [labels![key]!] }));
}

const EXPRESSION: Record<string, Operator> = { In: "in", NotIn: "notin", Exists: "exists", DoesNotExist: "!" };

/**
 * The selector of a LabelSelector field (metav1.LabelSelectorAsSelector): none given selects nothing, an empty one
 * everything. A selector with an operator that does not exist is a message.
 */
export function selectorOf(selector: LabelSelector | null | undefined): Selector | { readonly error: string } {
  if (!selector) return "nothing";
  const requirements: Requirement[] = [...(selectorOfLabels(selector.matchLabels) as readonly Requirement[])];
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const known = EXPRESSION[operator];
    if (!known) return { error: `"${operator}" is not a valid label selector operator` };
    const problems = requirementErrors(key, known, values);
    if (problems.length > 0) return { error: aggregate(problems) };
    requirements.push({ key, operator: known, values });
  }
  return sortedByKey(requirements);
}

/** As metav1.LabelSelectorAsSelector for a selector that has been validated. */
export function validSelector(selector: LabelSelector | null | undefined): Selector {
  const parsed = selectorOf(selector);
  return typeof parsed === "object" && "error" in parsed ? "nothing" : parsed;
}

function sortedByKey(requirements: readonly Requirement[]): Selector {
  return [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
}

/** What labels.NewRequirement complains about, with empty paths as the parser of query strings has them. */
function requirementErrors(key: string, operator: Operator, values: readonly string[]): FieldErrors {
  const found: FieldErrors = [];
  const keyProblems = qualifiedName(key);
  if (keyProblems.length > 0) found.push(invalid("key", key, keyProblems.join("; ")));
  if ((operator === "in" || operator === "notin") && values.length === 0)
    found.push(invalid("values", goStrings(values), "for 'in', 'notin' operators, values set can't be empty"));
  if ((operator === "exists" || operator === "!") && values.length > 0)
    found.push(invalid("values", goStrings(values), "values set must be empty for exists and does not exist"));
  if (operator === "gt" || operator === "lt") {
    values.forEach((value, index) => {
      if (!/^[-+]?\d+$/.test(value))
        found.push(invalid(`values[${index}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer"));
    });
  }
  values.forEach((value, index) => {
    const problems = labelValue(value);
    if (problems.length > 0) found.push(invalid(`values[${index}][${key}]`, value, problems.join("; ")));
  });
  return found;
}

// The parser of query strings (apimachinery/pkg/labels/selector.go)

type Token = "word" | "end" | "=" | "==" | "!=" | "!" | "(" | ")" | "," | ">" | "<" | "in" | "notin" | "error";

interface Item {
  readonly token: Token;
  readonly text: string;
}

class SelectorError extends Error {}

/** Reads `a=b,c in (d,e),!f`; a text that is no selector gives the server's message. */
export function parseLabelSelector(text: string): Selector | { readonly error: string } {
  try {
    return sortedByKey(new Parser(scan(text)).parse());
  } catch (error) {
    if (error instanceof SelectorError) return { error: error.message };
    throw error;
  }
}

const SYMBOLS = new Set(["=", "==", "!=", "!", "(", ")", ",", ">", "<"]);

function scan(text: string): Item[] {
  const items: Item[] = [];
  let at = 0;
  for (;;) {
    while (/[ \t\r\n]/.test(text[at] ?? "")) at++;
    if (at >= text.length) break;
    if (/[=!(),<>]/.test(text[at]!)) {
      let symbol = "";
      let known = "";
      while (/[=!(),<>]/.test(text[at] ?? "")) {
        symbol += text[at]!;
        if (SYMBOLS.has(symbol)) known = symbol;
        else if (known !== "") break;
        at++;
      }
      items.push(
        known === ""
          ? { token: "error", text: `error expected: keyword found '${symbol}'` }
          : { token: known as Token, text: known },
      );
      continue;
    }
    const start = at;
    while (at < text.length && !/[=!(),<> \t\r\n]/.test(text[at]!)) at++;
    const word = text.slice(start, at);
    items.push({ token: word === "in" || word === "notin" ? word : "word", text: word });
  }
  items.push({ token: "end", text: "" });
  return items;
}

class Parser {
  readonly #items: readonly Item[];
  #at = 0;

  constructor(items: readonly Item[]) {
    this.#items = items;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const { token, text } = this.#look();
      if (token === "end") return requirements;
      if (token !== "word" && token !== "!") fail(`found '${text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const next = this.#take();
      if (next.token === "end") return requirements;
      if (next.token !== ",") fail(`found '${next.text}', expected: ',' or 'end of string'`);
      const after = this.#look();
      if (after.token !== "word" && after.token !== "!") fail(`found '${after.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      return this.#parseRequirement();
    } catch (error) {
      if (error instanceof SelectorError) fail(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #parseRequirement(): Requirement {
    let item = this.#take();
    const negated = item.token === "!";
    if (negated) item = this.#take();
    if (item.token !== "word") fail(`found '${item.text}', expected: identifier`);
    const key = item.text;
    const problems = qualifiedName(key);
    if (problems.length > 0) fail(fieldMessage(invalid("<nil>", key, problems.join("; "))));
    const next = this.#look().token;
    if (negated) return checked(key, "!", []);
    if (next === "end" || next === ",") return checked(key, "exists", []);
    const operator = this.#operator();
    const values = operator === "in" || operator === "notin" ? this.#values() : this.#exactValue();
    return checked(key, operator, [...new Set(values)].sort());
  }

  #operator(): Operator {
    const { token, text } = this.#items[this.#at++]!;
    if (token === "in" || token === "notin" || token === "=" || token === "==" || token === "!=") return token;
    if (token === ">") return "gt";
    if (token === "<") return "lt";
    return fail(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`);
  }

  #values(): string[] {
    const open = this.#take();
    if (open.token !== "(") fail(`found '${open.text}' expected: '('`);
    const first = this.#look();
    if (first.token === ")") {
      this.#take();
      return [""];
    }
    if (first.token !== "word" && first.token !== ",") fail(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = this.#list();
    if (this.#take().token !== ")") fail(`found '${first.text}', expected: ')'`);
    return values;
  }

  #list(): string[] {
    const values: string[] = [];
    for (;;) {
      const item = this.#take();
      if (item.token === "word") {
        values.push(item.text);
        const next = this.#look();
        if (next.token === ",") continue;
        if (next.token === ")") return values;
        fail(`found '${next.text}', expected: ',' or ')'`);
      }
      if (item.token !== ",") fail(`found '${item.text}', expected: ',', or identifier`);
      if (values.length === 0) values.push("");
      const next = this.#look();
      if (next.token === ")") {
        values.push("");
        return values;
      }
      if (next.token === ",") {
        this.#take();
        values.push("");
      }
    }
  }

  #exactValue(): string[] {
    const next = this.#look().token;
    if (next === "end" || next === ",") return [""];
    const item = this.#take();
    if (item.token !== "word") fail(`found '${item.text}', expected: identifier`);
    return [item.text];
  }

  /** `in` and `notin` are words wherever no operator is expected. */
  #look(): Item {
    const item = this.#items[Math.min(this.#at, this.#items.length - 1)]!;
    return item.token === "in" || item.token === "notin" ? { token: "word", text: item.text } : item;
  }

  #take(): Item {
    const item = this.#look();
    this.#at++;
    return item;
  }
}

function checked(key: string, operator: Operator, values: readonly string[]): Requirement {
  const problems = requirementErrors(key, operator, values);
  if (problems.length > 0) fail(aggregate(problems));
  return { key, operator, values };
}

function fail(message: string): never {
  throw new SelectorError(message);
}
