import { GoError } from "../../errors/go-error.ts";
import { formatValue, type Json } from "../../output/index.ts";
import { editField, type FieldSpec } from "../field-spec.ts";
import type { VarFields } from "../kustomization.ts";
import { isClusterScoped } from "../openapi.ts";
import { fieldPath, lookup } from "../path-match.ts";
import type { ResMap } from "../resmap.ts";
import { gvkText, parseApiVersion, sameGvk, sameId, type ResId } from "../resid.ts";
import { toJson } from "../yaml/json.ts";
import { byText, Node } from "../yaml/node.ts";

/** A var: a name for the value of a field, to be used as `$(NAME)` (api/types/var.go). */
export interface Variable extends ResId {
  readonly variable: string;
  readonly fieldPath: string;
}

export function variableOf({ name: variable = "", objref = {}, fieldref = {} }: VarFields): Variable {
  const { kind = "", name = "", namespace = "", apiVersion = "" } = objref;
  const gvk = apiVersion === "" ? { group: objref.group ?? "", version: objref.version ?? "" } : parseApiVersion(apiVersion); // prettier-ignore
  return { variable, ...gvk, kind, name, namespace, fieldPath: fieldref.fieldPath || "metadata.name" };
}

/** Notes which resources give vars their values (ResAccumulator MergeVars). */
export function noteVariables(map: ResMap, known: Variable[], variables: readonly Variable[]): void {
  for (const each of variables) {
    const exact = each.namespace !== "" || isClusterScoped(each);
    const found = map.everMatching((id) => exact ? sameId(each, id) : each.name === id.name && sameGvk(each, id)); // prettier-ignore
    if (found.length > 1)
      throw new GoError(`found ${found.length} resId matches for var ${inWords(each)} (unable to disambiguate)`);
    found[0]?.varNames.push(each.variable);
    if (known.some(({ variable }) => variable === each.variable))
      throw new GoError(`var '${each.variable}' already encountered`);
    known.push(each);
  }
}

/** All of them as Go prints them, before what is not said gets its default. */
export function variablesText(variables: readonly VarFields[]): string {
  const texts = variables.map(({ name = "", objref: { group = "", version = "", kind = "" } = {}, fieldref = {} }) => `{${name} ${gvkText({ group, version, kind })} {${fieldref.fieldPath ?? ""}}}`); // prettier-ignore
  return `[${texts.join(" ")}]`;
}

function inWords(variable: Variable): string {
  return `{${variable.variable} ${gvkText(variable)} {${variable.fieldPath}}}`;
}

/** Puts the values of vars where they are used; gives the names of those that are nowhere. */
export function resolveVariables(map: ResMap, variables: readonly Variable[], specs: readonly FieldSpec[]): string[] {
  if (variables.length === 0) return [];
  const values = new Map(variables.map((variable) => [variable.variable, valueOf(map, variable)]));
  const used = new Set<string>();
  const edit = { set: (node: Node) => expandNode(node, values, used) };
  for (const resource of map.list) for (const spec of specs) editField(resource, spec, edit);
  return [...values.keys()].filter((name) => !used.has(name)).sort(byText);
}

function valueOf(map: ResMap, variable: Variable): Json {
  const giver = map.list.find(({ varNames }) => varNames.includes(variable.variable));
  if (!giver) throw new GoError(`var '${inWords(variable)}' cannot be mapped to a field in the set of known resources`);
  const node = lookup(giver.node!, fieldPath(variable.fieldPath.replace(/\[(\d+)\]/g, ".$1")));
  if (!node) throw new GoError(`field specified in var '${inWords(variable)}' not found in corresponding resource`);
  return toJson(node);
}

type Values = ReadonlyMap<string, Json>;

function expandNode(node: Node, values: Values, used: Set<string>): void {
  if (node.kind === "scalar") {
    if (node.tag !== "!!str" && node.tag !== "") return;
    const value = expand(node.value, values, used);
    if (typeof value === "string") node.value = value;
    else node.become(new Node("scalar", { value: formatValue(value) }));
    return;
  }
  const members = node.kind === "map" ? node.entries.map(({ node: value }) => value) : node.items;
  for (const member of members) if (member.kind === "scalar") expandNode(member, values, used);
}

/** `$(NAME)` becomes the value, `$$(NAME)` stays as `$(NAME)`; a text that is nothing else takes over the type. */
function expand(text: string, values: Values, used: Set<string>): Json {
  const whole = /^\$\(([^()]*)\)$/.exec(text);
  if (whole && values.has(whole[1]!)) {
    used.add(whole[1]!);
    return values.get(whole[1]!)!;
  }
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (found, name?: string) => {
    if (name === undefined) return "$";
    if (!values.has(name)) return found;
    used.add(name);
    return formatValue(values.get(name));
  });
}
