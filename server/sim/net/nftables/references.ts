import type { Expression, SetBody, SetReference, Statement } from "./row.ts";
import { isReference } from "./tidy.ts";

/** How many sets are written into a statement. */
export function anonymousIn(statement: Statement): number {
  const of = (expression: Expression | undefined): number =>
    expression?.kind === "map" ? Number(expression.map.kind === "anonymous") : 0;
  switch (statement.kind) {
    case "match":
      return of(statement.left) + Number(isReference(statement.right) && statement.right.kind === "anonymous");
    case "vmap":
      return Number(statement.map.kind === "anonymous");
    case "nat":
      return of(statement.address) + of(statement.port);
    case "set":
      return of(statement.value);
    default:
      return 0;
  }
}

/** Chains that statements lead to. */
export function targetsOf(statements: readonly Statement[]): string[] {
  return statements.flatMap((statement) => {
    if (statement.kind === "verdict") return "chain" in statement ? [statement.chain] : [];
    if (statement.kind === "vmap" && statement.map.kind === "anonymous") return targetsOfSet(statement.map.set);
    return [];
  });
}

/** Chains that the elements of a verdict map lead to. */
export function targetsOfSet({ elements }: SetBody): string[] {
  return elements.flatMap(({ data }) => (data && "chain" in data ? [data.chain] : []));
}

/** The same with another name for a chain that it leads to. */
export function renamed<T extends object>(row: T, from: string, to: string): T {
  return JSON.parse(JSON.stringify(row), (key, value: unknown) =>
    key === "chain" && value === from ? to : value,
  ) as T;
}

/** Whether statements look into a set of the table, or change it. */
export function usesSet(statements: readonly Statement[], name: string): boolean {
  const named = (reference: SetReference): boolean => reference.kind === "named" && reference.name === name;
  const inside = (expression: Expression | undefined): boolean => expression?.kind === "map" && named(expression.map);
  return statements.some((statement) => {
    switch (statement.kind) {
      case "dynamic":
        return statement.set === name;
      case "match":
        return isReference(statement.right) && named(statement.right);
      case "vmap":
        return named(statement.map);
      case "nat":
        return inside(statement.address) || inside(statement.port);
      case "set":
        return inside(statement.value);
      default:
        return false;
    }
  });
}
