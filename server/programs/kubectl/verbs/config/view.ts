import { dirname, isAbsolute, join } from "../../../../sim/host/index.ts";
import type { JsonObject } from "../../../../sim/kube/api/index.ts";
import type { Entry, KubeConfig } from "../../clientcmd/kubeconfig.ts";
import { configObject, type Section } from "../../clientcmd/modify.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { bool } from "../../cobra/flag.ts";
import { text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { emit } from "../../printing/emit.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { embedded } from "./files.ts";

const FLAGS = {
  ...PRINT_FLAGS,
  output: text(
    "How to print: yaml, json, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json or jsonpath-file.",
    { shorthand: "o", initial: "yaml" },
  ),
  flatten: bool("Put the files that are named into the output, so that it stands for itself."),
  merge: bool("Merge all kubeconfig files.", { initial: true, optional: "true" }),
  minify: bool("Only what the current context needs."),
  raw: bool("Show certificates and secrets."),
} as const;

export const view = command({
  use: "config view [flags]",
  summary: "Display merged kubeconfig settings or a specified kubeconfig file",
  about:
    "Display merged kubeconfig settings or a specified kubeconfig file.\n\n Secrets are left out unless --raw or --flatten is given.",
  examples: `# What kubectl works with
kubectl config view

# A user's password
kubectl config view --raw -o jsonpath='{.users[?(@.name == "jane")].user.password}'`,
  flags: FLAGS,
  complete: (invocation): { readonly printer: ObjectPrinter } | Failure => {
    const { process, flags, args, factory } = invocation;
    if (args.length > 0) return usageError(invocation, `unexpected arguments: [${args.join(" ")}]`);
    if (!flags.merge && factory.globals.kubeconfig === "")
      return { error: "if merge==false a precise file must be specified" };
    const printer = objectPrinter(process, flags, { typed: true });
    return isFailure(printer) ? printer : { printer };
  },
  run,
});

async function run(
  { printer }: { readonly printer: ObjectPrinter },
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  let config = factory.config.starting;
  if (flags.minify) config = minified(config, factory.globals.context);
  const shown = (section: Section, value: Entry): Entry => {
    if (flags.flatten) return flattened(value, section);
    return flags.raw ? value : redacted(section, value);
  };
  const flattened = (value: Entry, _section: Section): Entry => {
    const result: Record<string, unknown> = { ...value };
    for (const field of ["certificate-authority", "client-certificate", "client-key"]) {
      const path = result[field];
      if (typeof path !== "string" || path === "") continue;
      delete result[field];
      result[`${field}-data`] ??= embedded(process, path);
    }
    return result;
  };
  await emit(process, printer.print(inOrder(configObject(resolved(config), shown) as JsonObject)));
}

/** As Go's struct has its fields, for JSON. */
function inOrder(object: JsonObject): JsonObject {
  const { kind, apiVersion, preferences, clusters, users, contexts, ...rest } = object;
  const named = (list: unknown, field: string): JsonObject[string] =>
    Array.isArray(list) ? list.map((item: JsonObject) => ({ name: item["name"]!, [field]: item[field]! })) : null;
  return {
    kind: kind!,
    apiVersion: apiVersion!,
    preferences: preferences!,
    clusters: named(clusters, "cluster"),
    users: named(users, "user"),
    contexts: named(contexts, "context"),
    "current-context": rest["current-context"]!,
  };
}

/** Paths as they are from everywhere. */
function resolved(config: KubeConfig): KubeConfig {
  const paths = (section: Section, fields: readonly string[]): KubeConfig["clusters"] =>
    new Map(
      [...config[section]].map(([name, { value, file }]) => {
        const entry: Record<string, unknown> = { ...value };
        for (const field of fields) {
          const path = entry[field];
          if (typeof path === "string" && path !== "" && !isAbsolute(path)) entry[field] = join(dirname(file), path);
        }
        return [name, { value: entry, file }];
      }),
    );
  return {
    ...config,
    clusters: paths("clusters", ["certificate-authority"]),
    users: paths("users", ["client-certificate", "client-key", "tokenFile"]),
  };
}

/** The current context with its cluster and its user alone. */
function minified(config: KubeConfig, chosen: string): KubeConfig {
  const name = chosen === "" ? config.currentContext : chosen;
  if (name === "") throw new GoError("current-context must exist in order to minify");
  const context = config.contexts.get(name);
  if (!context) throw new GoError(`cannot locate context ${name}`);
  const { cluster = "", user = "" } = context.value as Record<string, string>;
  const only = (section: Section, key: string, what: string): KubeConfig["clusters"] => {
    if (key === "") return new Map();
    const found = config[section].get(key);
    if (!found) throw new GoError(`cannot locate ${what} ${key}`);
    return new Map([[key, found]]);
  };
  return {
    ...config,
    currentContext: name,
    contexts: new Map([[name, context]]),
    clusters: only("clusters", cluster, "cluster"),
    users: only("users", user, "user"),
  };
}

/** What nobody shall read over a shoulder (client-go tools/clientcmd/api ShortenConfig, RedactSecrets). */
function redacted(section: Section, value: Entry): Entry {
  const result: Record<string, unknown> = { ...value };
  for (const field of section === "clusters"
    ? ["certificate-authority-data"]
    : ["client-certificate-data", "client-key-data"])
    if (result[field]) result[field] = "DATA+OMITTED";
  for (const field of section === "users" ? ["token", "password"] : []) if (result[field]) result[field] = "REDACTED";
  return result;
}
