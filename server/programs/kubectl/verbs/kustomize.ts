import { command } from "../cobra/command.ts";
import { bool, list, text } from "../cobra/flag.ts";
import type { Failure } from "../output/index.ts";

export const kustomize = command({
  use: "kustomize DIR [flags]",
  summary: "Build a kustomization target from a directory or URL",
  about:
    "Build the objects that a 'kustomization.yaml' describes. DIR is a directory with such a file; the current one if it is not given.",
  examples: `# The current directory
kubectl kustomize

# Another one
kubectl kustomize overlays/production`,
  flags: {
    "as-current-user": bool("Run functions in containers as the user who calls."),
    "enable-alpha-plugins": bool("Allow plugins that are programs."),
    "enable-helm": bool("Allow the generator for Helm charts."),
    env: list("Environment variables for functions.", { shorthand: "e" }),
    "helm-api-versions": list("The API versions that Helm takes the cluster to have."),
    "helm-command": text("The helm program.", { initial: "helm" }),
    "helm-debug": bool("Let Helm tell what it does."),
    "helm-kube-version": text("The version that Helm takes the cluster to have."),
    "load-restrictor": text("'LoadRestrictionsNone' allows files outside of the kustomization's own directory.", {
      initial: "LoadRestrictionsRootOnly",
      offer: { kind: "words", words: ["LoadRestrictionsNone", "LoadRestrictionsRootOnly"], all: true },
    }),
    mount: list("Storage for functions."),
    network: bool("Allow functions that ask for it the network."),
    "network-name": text("The Docker network of functions.", { initial: "bridge" }),
    output: text("Where to write to instead of standard output.", { shorthand: "o" }),
    reorder: text("The order of the objects: legacy or none.", { initial: "legacy", hidden: true }),
  },
  async complete({ args, flags, given, process }): Promise<{ readonly folder: string } | Failure> {
    if (given.has("reorder"))
      await process.error(
        "Flag --reorder has been deprecated, use the new 'sortOptions' field in kustomization.yaml instead.\n",
      );
    if (args.length > 1) return { error: "specify one path to kustomization.yaml" };
    const { "load-restrictor": restrictor, reorder } = flags;
    if (!RESTRICTORS.includes(restrictor))
      return { error: `illegal flag value --load-restrictor ${restrictor}; legal values: [${RESTRICTORS.join(" ")}]` };
    if (!ORDERS.includes(reorder))
      return { error: `illegal flag value --reorder ${reorder}; legal values: [${ORDERS.join(" ")}]` };
    return { folder: args[0] ?? "." };
  },
  async run({ folder }, { flags, given, factory, process }) {
    const { buildKustomization, writeObjects } = await process.kernel.busy(import("../kustomize/index.ts"));
    const map = await buildKustomization(folder, {
      process,
      ports: factory.ports,
      anywhere: flags["load-restrictor"] === "LoadRestrictionsNone",
      // With any plugin, Helm is allowed too (kustomize/commands/build/flagenablehelm.go).
      helm: { enabled: flags["enable-helm"] || flags["enable-alpha-plugins"], command: flags["helm-command"] },
      plugins: flags["enable-alpha-plugins"],
      ...(given.has("reorder") ? { reorder: flags.reorder } : {}),
    });
    if (flags.output === "") return process.print(map.yaml());
    writeObjects(process, flags.output, map);
  },
});

const RESTRICTORS = ["LoadRestrictionsRootOnly", "LoadRestrictionsNone"];
const ORDERS = ["legacy", "none"];
