import type { AwkProgram, Expression, Statement } from "./ast.ts";

/** Which parameters of which functions are arrays: used as such, or handed on to a function's parameter that is one. */
export function arrayParameters(program: AwkProgram): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  const handedOn: { from: string; name: string; to: string; at: number }[] = [];
  for (const { name, parameters, body } of program.functions.values()) {
    const arrays = new Set<string>();
    found.set(name, arrays);
    const own = new Set(parameters);
    walk(body, (used) => {
      if ("array" in used && own.has(used.array)) arrays.add(used.array);
      if ("call" in used)
        for (const [at, arg] of used.args.entries())
          if (arg.kind === "variable" && own.has(arg.name))
            handedOn.push({ from: name, name: arg.name, to: used.call, at });
    });
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const { from, name, to, at } of handedOn) {
      const parameter = program.functions.get(to)?.parameters[at];
      if (parameter === undefined || !found.get(to)!.has(parameter) || found.get(from)!.has(name)) continue;
      found.get(from)!.add(name);
      changed = true;
    }
  }
  return found;
}

type Use = { readonly array: string } | { readonly call: string; readonly args: readonly Expression[] };

/** Visits everything below a node; every object of the tree that is a node has a `kind`. */
function walk(node: Statement | Expression, visit: (use: Use) => void): void {
  if (
    (node.kind === "element" || node.kind === "in" || node.kind === "forIn" || node.kind === "delete") &&
    node.array !== ""
  )
    visit({ array: node.array });
  if (node.kind === "builtin" && node.name === "split" && node.args[1]?.kind === "variable")
    visit({ array: node.args[1].name });
  if (node.kind === "call") visit({ call: node.name, args: node.args });
  for (const child of Object.values(node) as unknown[]) {
    for (const one of Array.isArray(child) ? (child as unknown[]) : [child]) {
      if (typeof one !== "object" || one === null) continue;
      if ("kind" in one) walk(one as Expression, visit);
      else if ("target" in one) walk((one as { target: Expression }).target, visit);
    }
  }
}
