/**
 * What may stand in a place of the command line, for completion to offer (what kubectl's commands register with
 * `ValidArgsFunction` and `RegisterFlagCompletionFunc`). Read by completion/offered.ts.
 */
export type Offer =
  /** These words; of arguments only the first (`ValidArgs`). With `all`, whatever is typed: the shell chooses. */
  | { readonly kind: "words"; readonly words: readonly string[]; readonly all?: boolean }
  /** Files whose names end so. */
  | { readonly kind: "files"; readonly extensions: readonly string[] }
  /** Names of objects of a type; of arguments only the first. */
  | { readonly kind: "names"; readonly type: string }
  /** TYPE NAME… or TYPE/NAME…, of these types or of all. `once`: only one thing may be named. */
  | { readonly kind: "resources"; readonly types?: readonly string[]; readonly once?: boolean }
  /** A pod, or TYPE/NAME of what has pods; then one of its containers or ports. */
  | { readonly kind: "pods"; readonly next?: "containers" | "ports" }
  /** The containers of the pod that the first argument stands for. */
  | { readonly kind: "containers" }
  /** Names in the kubeconfig; of arguments only the first. */
  | { readonly kind: "contexts" | "clusters" | "users" }
  /** `cp`'s source: NAMESPACE/, POD: or a file. */
  | { readonly kind: "copied" }
  /** `help`'s words: commands and subcommands. */
  | { readonly kind: "commands" };

/** What `-f` takes. */
export const MANIFESTS: Offer = { kind: "files", extensions: ["json", "yaml", "yml"] };

/** What `--subresource` takes. */
export const SUBRESOURCES: Offer = { kind: "words", words: ["status", "scale", "resize"] };
