/** One end of `[start:end:step]`; `known` if it is written, `derived` if it stands for the element after a single index. */
export interface Bound {
  readonly known: boolean;
  readonly value: number;
  readonly derived: boolean;
}

/** What a JSONPath template is parsed to (client-go util/jsonpath/node.go). A list is one action: its nodes apply in turn. */
export type PathNode =
  | { readonly kind: "list"; readonly nodes: PathNode[] }
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "array"; readonly bounds: readonly [Bound, Bound, Bound] }
  | { readonly kind: "filter"; readonly left: ListNode; readonly right: ListNode; readonly operator: string }
  | { readonly kind: "int" | "float"; readonly value: number }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "wildcard" }
  | { readonly kind: "recursive" }
  | { readonly kind: "union"; readonly lists: readonly ListNode[] }
  | { readonly kind: "identifier"; readonly name: string };

export type ListNode = PathNode & { readonly kind: "list" };
