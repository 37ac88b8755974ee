import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import { quote, type Failure } from "../../output/index.ts";

/** A container's environment variable. */
export type Variable = JsonObject & { readonly name: string; readonly value?: string };

export interface VariableChange {
  readonly set: readonly Variable[];
  readonly remove: readonly string[];
  /** `-` was given: more of them stand on standard input. */
  readonly fromStdin: boolean;
}

/** Splits arguments into resources and KEY=VALUE, KEY- and `-` (kubectl pkg/cmd/set/env SplitEnvironmentFromResources). */
export function splitArguments(
  args: readonly string[],
): { readonly resources: readonly string[]; readonly env: readonly string[] } | undefined {
  const isEnv = (word: string): boolean => /^.+=/s.test(word) || word.endsWith("-");
  const first = args.findIndex(isEnv);
  if (first < 0) return { resources: args, env: [] };
  const env = args.slice(first);
  return env.every(isEnv) ? { resources: args.slice(0, first), env } : undefined;
}

/** Reads KEY=VALUE, KEY- and `-` (env ParseEnv). */
export function parseVariables(specs: readonly string[]): VariableChange | Failure {
  const set: Variable[] = [];
  const remove: string[] = [];
  let fromStdin = false;
  for (const spec of specs) {
    const equals = spec.indexOf("=");
    if (spec === "-") {
      fromStdin = true;
    } else if (equals >= 0) {
      const name = spec.slice(0, equals);
      const wrong = variableNameProblem(name);
      if (wrong !== undefined) return { error: `${quote(name)} is not a valid key name: ${wrong}` };
      set.push({ name, ...(spec.length > equals + 1 ? { value: spec.slice(equals + 1) } : {}) });
    } else if (spec.endsWith("-")) remove.push(spec.slice(0, -1));
    else return { error: `unknown environment variable: ${spec}` };
  }
  const both = set.find(({ name }) => remove.includes(name));
  if (both) return { error: `can not both modify and remove the same environment variable in the same command` };
  return { set, remove, fromStdin };
}

/** Why kubectl takes a name for none, though the server may take it (apimachinery pkg/util/validation IsEnvVarName). */
function variableNameProblem(name: string): string | undefined {
  const problems: string[] = [];
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
    problems.push(
      "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
    );
  if (name === ".") problems.push("must not be '.'");
  else if (name === "..") problems.push("must not be '..'");
  else if (name.startsWith("..")) problems.push("must not start with '..'");
  return problems.length > 0 ? problems.join(";") : undefined;
}

/** Variables after a change: known ones stay where they are, new ones follow (env updateEnv). */
export function updated(old: readonly Variable[], { set, remove }: Pick<VariableChange, "set" | "remove">): Variable[] {
  const covered = new Set(remove);
  const result: Variable[] = [];
  for (const variable of old) {
    if (covered.has(variable.name)) continue;
    const newer = set.find(({ name }) => name === variable.name);
    if (newer) covered.add(newer.name);
    result.push(newer ?? variable);
  }
  for (const variable of set) {
    if (covered.has(variable.name)) continue;
    covered.add(variable.name);
    result.push(variable);
  }
  return result;
}

/** A key of a config map or a secret as the name of a variable. */
export function variableName(key: string): string {
  return key.replaceAll(/[^a-zA-Z0-9_]/g, "_").toUpperCase();
}

interface From {
  readonly fieldRef?: { readonly fieldPath: string };
  readonly resourceFieldRef?: { readonly containerName?: string; readonly resource: string };
  readonly secretKeyRef?: { readonly name?: string; readonly key: string };
  readonly configMapKeyRef?: { readonly name?: string; readonly key: string };
}

/** Where a value comes from, in words (env GetEnvVarRefString). */
export function sourceText({ fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef }: From): string {
  if (configMapKeyRef) return `configmap ${configMapKeyRef.name ?? ""}, key ${configMapKeyRef.key}`;
  if (resourceFieldRef)
    return `resource field ${resourceFieldRef.containerName ? `${resourceFieldRef.containerName}/` : ""}${resourceFieldRef.resource}`;
  if (fieldRef) return `field path ${fieldRef.fieldPath}`;
  if (secretKeyRef) return `secret ${secretKeyRef.name ?? ""}, key ${secretKeyRef.key}`;
  return "invalid valueFrom";
}
