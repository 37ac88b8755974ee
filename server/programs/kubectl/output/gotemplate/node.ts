import type { GoNumber } from "../golang/number.ts";
import { quote } from "../golang/quote.ts";

/** What stands in an action where a value is wanted. `at` is a place in the template, in UTF-16 units. */
export type Operand =
  | { readonly type: "dot"; readonly at: number }
  | { readonly type: "nil"; readonly at: number }
  | { readonly type: "bool"; readonly at: number; readonly value: boolean }
  | NumberNode
  | { readonly type: "string"; readonly at: number; readonly quoted: string; readonly value: string }
  | { readonly type: "identifier"; readonly at: number; readonly name: string }
  | { readonly type: "field"; readonly at: number; readonly path: readonly string[] }
  | VariableNode
  | { readonly type: "chain"; readonly at: number; readonly node: Operand; readonly path: readonly string[] }
  | PipeNode;

export interface NumberNode {
  readonly type: "number";
  readonly at: number;
  readonly text: string;
  /** Nothing for an integer that does not fit an int. */
  readonly value: GoNumber | undefined;
}

/** `$x.a.b`: the name, and the fields. */
export interface VariableNode {
  readonly type: "variable";
  readonly at: number;
  readonly path: readonly string[];
}

export interface PipeNode {
  readonly type: "pipe";
  readonly at: number;
  /** `=` instead of `:=`. */
  readonly assigns: boolean;
  readonly variables: readonly VariableNode[];
  readonly commands: readonly CommandNode[];
}

export interface CommandNode {
  readonly type: "command";
  readonly at: number;
  readonly args: readonly Operand[];
}

export interface TemplateNode {
  readonly type: "template";
  readonly at: number;
  readonly name: string;
  readonly pipe: PipeNode | undefined;
}

export interface BranchNode {
  readonly type: "if" | "range" | "with";
  readonly pipe: PipeNode;
  readonly list: readonly TreeNode[];
  readonly otherwise: readonly TreeNode[] | undefined;
}

export type TreeNode =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "action"; readonly pipe: PipeNode }
  | { readonly type: "break" | "continue" }
  | BranchNode
  | TemplateNode;

/** What errors can be at. */
export type PlacedNode = Operand | CommandNode | TemplateNode;

/** The node as error messages show it. */
export function nodeText(node: PlacedNode): string {
  switch (node.type) {
    case "dot":
      return ".";
    case "nil":
      return "nil";
    case "bool":
      return String(node.value);
    case "number":
      return node.text;
    case "string":
      return node.quoted;
    case "identifier":
      return node.name;
    case "field":
      return node.path.map((name) => `.${name}`).join("");
    case "variable":
      return node.path.join(".");
    case "chain":
      return inParens(node.node) + node.path.map((name) => `.${name}`).join("");
    case "pipe": {
      const names = node.variables.map(nodeText).join(", ");
      const commands = node.commands.map(nodeText).join(" | ");
      return names === "" ? commands : `${names} ${node.assigns ? "=" : ":="} ${commands}`;
    }
    case "command":
      return node.args.map(inParens).join(" ");
    case "template":
      return `{{template ${quote(node.name)}${node.pipe ? ` ${nodeText(node.pipe)}` : ""}}}`;
  }
}

function inParens(node: Operand): string {
  return node.type === "pipe" ? `(${nodeText(node)})` : nodeText(node);
}
