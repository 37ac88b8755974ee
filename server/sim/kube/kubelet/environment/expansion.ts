/**
 * Puts values in for `$(NAME)`; `$$` is a `$`, and what `value` does not know stays as it is
 * (k8s.io/kubernetes/third_party/forked/golang/expansion).
 */
export function expand(text: string, value: (name: string) => string | undefined): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (reference, name?: string) =>
    name === undefined ? "$" : (value(name) ?? reference),
  );
}
