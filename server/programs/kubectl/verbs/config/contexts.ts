import { changeFile, defaultFilename, withEntry } from "../../clientcmd/modify.ts";
import { command } from "../../cobra/command.ts";
import { bool, text } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { helpError, putEntry, withFields } from "./entry.ts";

const SET_FLAGS = {
  cluster: text("The cluster of the context."),
  current: bool("Change the current context."),
  namespace: text("The namespace of the context.", { offer: { kind: "names", type: "namespace" } }),
  user: text("The user of the context."),
} as const;

export const setContext = command({
  use: "config set-context [NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]",
  summary: "Set a context entry in kubeconfig",
  about: "Set a context in the kubeconfig. Of a context that is there, what is not given stays.",
  examples: "# The namespace of the current context\nkubectl config set-context --current --namespace=lab",
  flags: SET_FLAGS,
  arguments: { kind: "contexts" },
  complete: async (invocation) => {
    const { args, flags } = invocation;
    if (args.length > 1) return helpError(invocation, `Unexpected args: [${args.join(" ")}]`);
    const [name = ""] = args;
    if (name === "" && !flags.current) return { error: "you must specify a non-empty context name or --current" };
    if (name !== "" && flags.current) return { error: "you cannot specify both a context name and --current" };
    return { name };
  },
  async run(options, { flags, given, factory, process }) {
    const { contexts, currentContext } = factory.config.starting;
    const name = flags.current ? currentContext : options.name;
    if (flags.current && name === "") throw new GoError("no current context is set");
    const old = contexts.get(name);
    const fields = Object.fromEntries(
      (["cluster", "user", "namespace"] as const).filter((flag) => given.has(flag)).map((flag) => [flag, flags[flag]]),
    );
    putEntry(factory, "contexts", name, { cluster: "", user: "", ...withFields(old?.value ?? {}, fields) });
    await process.print(`Context ${JSON.stringify(name)} ${old ? "modified" : "created"}.\n`);
  },
});

export const useContext = command({
  use: "config use-context CONTEXT_NAME",
  summary: "Set the current-context in a kubeconfig file",
  about: "Set the current context.",
  aliases: ["use"],
  examples: "# The context lab\nkubectl config use-context lab",
  flags: {},
  arguments: { kind: "contexts" },
  complete: async (invocation) =>
    invocation.args.length === 1
      ? { name: invocation.args[0]! }
      : helpError(invocation, `Unexpected args: [${invocation.args.join(" ")}]`),
  async run({ name }, { factory, process }) {
    if (name === "") throw new GoError("empty context names are not allowed");
    if (!factory.config.starting.contexts.has(name))
      throw new GoError(`no context exists with the name: ${JSON.stringify(name)}`);
    changeFile(process, defaultFilename(process, factory.globals.kubeconfig), (config) => ({
      ...config,
      currentContext: name,
    }));
    await process.print(`Switched to context ${JSON.stringify(name)}.\n`);
  },
});

export const renameContext = command({
  use: "config rename-context CONTEXT_NAME NEW_NAME",
  summary: "Rename a context from the kubeconfig file",
  about: "Rename a context. The current context keeps being current.",
  examples: "# old is new\nkubectl config rename-context old new",
  flags: {},
  arguments: { kind: "contexts" },
  complete: async (invocation) => {
    const [from, to] = invocation.args;
    if (invocation.args.length !== 2) return helpError(invocation, `Unexpected args: [${invocation.args.join(" ")}]`);
    return { from: from!, to: to! };
  },
  async run({ from, to }, { factory, process }) {
    const file = defaultFilename(process, factory.globals.kubeconfig);
    const { contexts } = factory.config.starting;
    const found = contexts.get(from);
    if (!found) throw new GoError(`cannot rename the context ${JSON.stringify(from)}, it's not in ${file}`);
    if (contexts.has(to))
      throw new GoError(
        `cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${file}`,
      );
    changeFile(process, found.file, (config) => {
      const renamed = withEntry(withEntry(config, "contexts", from, undefined), "contexts", to, found.value);
      return config.currentContext === from ? { ...renamed, currentContext: to } : renamed;
    });
    await process.print(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.\n`);
  },
});
