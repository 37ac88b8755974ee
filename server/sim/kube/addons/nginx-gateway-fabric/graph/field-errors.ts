/** Mistakes in fields, as k8s.io/apimachinery/pkg/util/validation/field prints them. */

export function notSupported(path: string, value: string, ...supported: readonly string[]): string {
  return `${path}: Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((one) => JSON.stringify(one)).join(", ")}`; // prettier-ignore
}

export function invalid(path: string, value: unknown, detail: string): string {
  return `${path}: Invalid value: ${JSON.stringify(value)}: ${detail}`;
}

export function notFound(path: string, value: string): string {
  return `${path}: Not found: ${JSON.stringify(value)}`;
}

export function forbidden(path: string, detail: string): string {
  return `${path}: Forbidden: ${detail}`;
}

export function required(path: string, detail: string): string {
  return `${path}: Required value: ${detail}`;
}

/** ErrorList.ToAggregate().Error() */
export function aggregate(messages: readonly string[]): string {
  const all = [...new Set(messages)];
  return all.length === 1 ? all[0]! : `[${all.join(", ")}]`;
}
