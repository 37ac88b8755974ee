import { attempt, dirname, Errno, join } from "../../../sim/host/index.ts";
import { encode, type Bytes } from "../../../sim/kernel/index.ts";
import { decode, hasStructType, typeId, type JsonObject, type Pod } from "../../../sim/kube/api/index.ts";
import { groupVersion, type Mapping } from "../client/api-resource.ts";
import type { Factory } from "../client/factory.ts";
import { genericRefusal } from "../client/status.ts";
import { command, type Invocation } from "../cobra/command.ts";
import { bool, duration, list, text } from "../cobra/flag.ts";
import { GoError, StatusError } from "../errors/go-error.ts";
import { isFailure, type Failure } from "../output/index.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../printing/print-flags.ts";
import { POD_RUNNING_TIMEOUT } from "./exec.ts";
import { consumeLog } from "./logs/consume.ts";

const FLAGS = {
  ...PRINT_FLAGS,
  "all-namespaces": bool("Dump all namespaces, whatever --namespaces says.", { shorthand: "A" }),
  namespaces: list("The namespaces to dump; kube-system and the current one if none is given."),
  output: text("How to print: json, yaml or one of the template formats.", { shorthand: "o", initial: "json" }),
  "output-directory": text("A folder for the files; standard output if it is empty or -."),
  "pod-running-timeout": duration(POD_RUNNING_TIMEOUT, 20),
} as const;

const core = (resource: string, kind: string, namespaced = true): Mapping => ({
  group: "",
  version: "v1",
  resource,
  kind,
  namespaced,
});
const apps = (resource: string, kind: string): Mapping => ({
  group: "apps",
  version: "v1",
  resource,
  kind,
  namespaced: true,
});

/** What is dumped of a namespace, with the names of the files. */
const DUMPED: readonly (readonly [file: string, mapping: Mapping])[] = [
  ["events", core("events", "Event")],
  ["replication-controllers", core("replicationcontrollers", "ReplicationController")],
  ["services", core("services", "Service")],
  ["daemonsets", apps("daemonsets", "DaemonSet")],
  ["deployments", apps("deployments", "Deployment")],
  ["replicasets", apps("replicasets", "ReplicaSet")],
  ["pods", core("pods", "Pod")],
];

/** kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go */
export const clusterInfoDump = command({
  use: "cluster-info dump [flags]",
  summary: "Dump relevant information for debugging and diagnosis",
  about:
    "Dump what helps to find out what is wrong with a cluster: its nodes, and of each namespace the workloads, services, events and the logs of all pods.",
  examples: `# On standard output
kubectl cluster-info dump

# As files, of all namespaces
kubectl cluster-info dump --all-namespaces --output-directory=/tmp/state`,
  flags: FLAGS,
  complete({ flags, process, factory }): { readonly printer: ObjectPrinter } | Failure {
    const printer = objectPrinter(process, flags, { typed: true });
    if (isFailure(printer)) return printer;
    if (flags["pod-running-timeout"] <= 0) return { error: "--pod-running-timeout must be higher than zero" };
    factory.config.namespace();
    return { printer };
  },
  run: ({ printer }, invocation) => new Dump(invocation, printer).run(),
});

class Dump {
  readonly #factory: Factory;
  readonly #invocation: Invocation<typeof FLAGS>;
  readonly #printer: ObjectPrinter;

  constructor(invocation: Invocation<typeof FLAGS>, printer: ObjectPrinter) {
    this.#factory = invocation.factory;
    this.#invocation = invocation;
    this.#printer = printer;
  }

  async run(): Promise<void> {
    const { flags, process } = this.#invocation;
    await this.#list(core("nodes", "Node", false), "", "nodes");
    for (const namespace of await this.#namespaces()) {
      let pods: readonly Pod[] = [];
      for (const [file, mapping] of DUMPED) {
        const found = await this.#list(mapping, namespace, `${namespace}/${file}`);
        if (mapping.kind === "Pod") pods = found["items"] as unknown as Pod[];
      }
      for (const pod of pods) await this.#logs(pod);
    }
    const folder = flags["output-directory"];
    if (folder !== "" && folder !== "-") await process.print(`Cluster info dumped to ${folder}\n`);
  }

  async #namespaces(): Promise<readonly string[]> {
    const { flags } = this.#invocation;
    if (flags["all-namespaces"]) {
      const { items } = await this.#get(core("namespaces", "Namespace", false), "");
      return (items as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
    }
    if (flags.namespaces.length > 0) return flags.namespaces;
    return ["kube-system", this.#factory.config.namespace().name];
  }

  async #list(mapping: Mapping, namespace: string, file: string): Promise<JsonObject> {
    const { flags } = this.#invocation;
    const found = await this.#get(mapping, namespace);
    if (flags.output === "name")
      throw new GoError(`list types are not supported by name printing: *v1.${mapping.kind}List`);
    const printed = this.#printer.print(found);
    if (isFailure(printed)) throw new GoError(printed.error);
    const extension = ["json", "yaml"].includes(flags.output) ? `.${flags.output}` : ".txt";
    await this.#write(file + extension, encode(printed));
    return found;
  }

  /** A list as its Go type: its items do not say what they are. */
  async #get(mapping: Mapping, namespace: string): Promise<JsonObject> {
    const helper = await this.#factory.helper();
    const { metadata = {}, items = [] } = await helper.list({ mapping, namespace }, {});
    const id = typeId(mapping.group, mapping.version, mapping.kind);
    const known = hasStructType(id);
    return {
      kind: `${mapping.kind}List`,
      apiVersion: groupVersion(mapping),
      metadata,
      items: (items as JsonObject[]).map((item) => {
        const { kind: _, apiVersion: __, ...rest } = known ? decode(id, item).value : item;
        return rest;
      }),
    };
  }

  async #logs(pod: Pod): Promise<void> {
    const { namespace = "", name } = pod.metadata;
    const file = `${namespace}/${name}/logs.txt`;
    let all: Bytes = "";
    for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
      const of = encode(`logs for container ${container.name} of pod ${namespace}/${name} ====\n`);
      all += `==== START ${of}`;
      try {
        await consumeLog(this.#factory, pod, { container: [container.name] }, (lines) => void (all += lines));
      } catch (error) {
        if (!(error instanceof GoError)) throw error;
        // Of a refusal only the code is read here.
        const refused =
          error instanceof StatusError ? genericRefusal(error, { group: "", resource: "pods", name }) : error;
        all += encode(`Request log error: ${refused.message}\n`);
      }
      all += `==== END ${of}`;
    }
    await this.#write(file, all);
  }

  async #write(name: string, data: Bytes): Promise<void> {
    const { flags, process } = this.#invocation;
    const folder = flags["output-directory"];
    if (folder === "" || folder === "-") {
      await process.write(1, data);
      return;
    }
    const path = join(folder, name);
    const { files } = process.host;
    const made = attempt(() => files.mkdir(dirname(path), { parents: true, mode: 0o755 }, process));
    if (made instanceof Errno) throw new GoError(`mkdir ${dirname(path)}: ${made.message.toLowerCase()}`);
    const written = attempt(() => files.write(path, data, {}, process));
    if (written instanceof Errno) throw new GoError(`open ${path}: ${written.message.toLowerCase()}`);
  }
}
