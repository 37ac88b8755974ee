/** Words and flags of a command line, read as pflag does. */
export interface HelmOptions {
  readonly words: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly files: readonly string[];
  readonly sets: readonly (readonly ["set" | "set-string", string])[];
}

const SHORT: Readonly<Record<string, string>> = { n: "namespace", f: "values", o: "output", A: "all-namespaces", g: "generate-name", i: "install", a: "all", q: "short", h: "help", l: "versions", d: "date", r: "reverse" }; // prettier-ignore
const FLAGS = new Set([
  "all-namespaces", "all", "create-namespace", "generate-name", "install", "wait", "atomic", "help", "short", "debug",
  "dry-run", "reuse-values", "reset-values", "force-update", "versions", "devel", "no-hooks", "keep-history", "date",
  "reverse", "deployed", "failed", "pending", "superseded", "uninstalled", "ignore-not-found", "no-headers", "list-repo-url",
  "disable-openapi-validation", "skip-crds", "include-crds", "no-update", "cleanup-on-fail", "force", "replace", "verify",
]); // prettier-ignore
const VALUES = new Set([
  "namespace", "values", "output", "set", "set-string", "version", "repo", "timeout", "kubeconfig", "kube-context",
  "description", "revision", "max-col-width", "filter", "max", "cascade", "name-template", "kube-version", "endpoint",
]); // prettier-ignore
/** What helm has and we do not. `devel`, `debug`, `skip-crds`, `no-update`, `cascade` change nothing that could be seen of this chart. */
const UNSIMULATED_FLAGS = ["atomic", "keep-history", "no-hooks", "verify", "replace", "kube-context", "name-template", "kubeconfig", "filter", "date", "reverse", "deployed", "failed", "pending", "superseded", "uninstalled", "list-repo-url", "include-crds", "cleanup-on-fail", "force", "description", "max", "kube-version", "endpoint"]; // prettier-ignore

/** The first flag that says that it is not simulated. */
export function unsimulated({ flags, values }: HelmOptions): string | undefined {
  return UNSIMULATED_FLAGS.find((name) => flags.has(name) || values.has(name));
}

export function readOptions(args: readonly string[]): HelmOptions | { readonly error: string } {
  const words: string[] = [];
  const flags = new Set<string>();
  const values = new Map<string, string>();
  const files: string[] = [];
  const sets: ["set" | "set-string", string][] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at]!;
    if (!word.startsWith("-") || word === "-") {
      words.push(word);
      continue;
    }
    const long = /^--([^=]+)(?:=(.*))?$/s.exec(word);
    const letter = word.slice(1, 2);
    const name = long ? long[1]! : SHORT[letter];
    if (name === undefined) return { error: `unknown shorthand flag: '${letter}' in ${word}` };
    let value = long ? long[2] : word.length > 2 ? word.slice(2).replace(/^=/, "") : undefined;
    if (FLAGS.has(name)) {
      if (value !== "false") flags.add(name);
      continue;
    }
    if (!VALUES.has(name)) return { error: `unknown flag: --${name}` };
    value ??= args[++at];
    if (value === undefined)
      return { error: `flag needs an argument: ${long ? `--${name}` : `'${letter}' in ${word}`}` };
    if (name === "values") files.push(...value.split(","));
    else if (name === "set" || name === "set-string") sets.push([name, value]);
    else values.set(name, value);
  }
  return { words, flags, values, files, sets };
}
