import { Errno, type Process } from "../../../../sim/host/index.ts";
import { decode, encode } from "../../../../sim/kernel/index.ts";
import type { JsonObject, Pod } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import type { ApiObject } from "../../client/rest-client.ts";
import { genericRefusal } from "../../client/status.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { bool, duration, list, text } from "../../cobra/flag.ts";
import { GoError, StatusError } from "../../errors/go-error.ts";
import { isFailure, type Failure } from "../../output/index.ts";
import { objectPrinter, PRINT_FLAGS, type ObjectPrinter } from "../../printing/print-flags.ts";
import { POD_RUNNING_TIMEOUT } from "../exec.ts";
import { consumeLog, logQuery } from "../logs/consume.ts";

const FLAGS = {
  ...PRINT_FLAGS,
  "all-namespaces": bool("Dump all namespaces; --namespaces does not count then.", { shorthand: "A" }),
  namespaces: list("The namespaces to dump, instead of kube-system and the current one."),
  output: text(PRINT_FLAGS.output.usage, { shorthand: "o", initial: "json" }),
  "output-directory": text("The folder to write files into; empty or '-' is standard output."),
  "pod-running-timeout": duration(POD_RUNNING_TIMEOUT, 20),
} as const;

const CORE = { group: "", version: "v1" };
const APPS = { group: "apps", version: "v1" };
/** What is listed of each namespace, in this order, and the file that it goes to. */
const LISTS = [
  { ...CORE, resource: "events", kind: "Event", file: "events" },
  { ...CORE, resource: "replicationcontrollers", kind: "ReplicationController", file: "replication-controllers" },
  { ...CORE, resource: "services", kind: "Service", file: "services" },
  { ...APPS, resource: "daemonsets", kind: "DaemonSet", file: "daemonsets" },
  { ...APPS, resource: "deployments", kind: "Deployment", file: "deployments" },
  { ...APPS, resource: "replicasets", kind: "ReplicaSet", file: "replicasets" },
  { ...CORE, resource: "pods", kind: "Pod", file: "pods" },
];
const NODES = { ...CORE, resource: "nodes", kind: "Node", namespaced: false };
const NAMESPACES = { ...CORE, resource: "namespaces", kind: "Namespace", namespaced: false };

interface Options {
  readonly namespace: string;
  readonly printer: ObjectPrinter;
}

/** kubectl pkg/cmd/clusterinfo/clusterinfo_dump.go */
export const dump = command({
  use: "cluster-info dump [flags]",
  summary: "Dump relevant information for debugging and diagnosis",
  about: `Dump what helps to find out what is wrong with a cluster: nodes, and of each namespace the events, controllers, services, pods and their logs.

 Everything goes to standard output, or with --output-directory to files in a folder.`,
  examples: `# To standard output
kubectl cluster-info dump

# All namespaces, into a folder
kubectl cluster-info dump --all-namespaces --output-directory=/tmp/cluster`,
  flags: FLAGS,
  complete,
  run,
});

function complete({ flags, factory, process }: Invocation<typeof FLAGS>): Options | Failure {
  const printer = objectPrinter(process, flags, { typed: true });
  if (isFailure(printer)) return printer;
  return { namespace: factory.config.namespace().name, printer };
}

async function run(
  { namespace, printer }: Options,
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const directory = flags["output-directory"] === "-" ? "" : flags["output-directory"];
  const extension = ["json", "yaml"].includes(flags.output) ? `.${flags.output}` : ".txt";
  const helper = await factory.helper();
  const writer = (file: string): Writer => new Writer(process, directory, file);
  const print = async (object: ApiObject, kind: string, file: string): Promise<void> => {
    const out = writer(`${file}${extension}`);
    if (flags.output.toLowerCase() === "name")
      throw new GoError(`list types are not supported by name printing: *v1.${kind}List`);
    const printed = printer.print(object as JsonObject);
    if (isFailure(printed)) throw new GoError(printed.error);
    await out.write(printed);
  };
  await print(await helper.list({ mapping: NODES, namespace: "" }, {}), "Node", "nodes");
  for (const each of await namespacesOf(factory, flags, namespace)) {
    let pods: readonly Pod[] = [];
    for (const { file, ...type } of LISTS) {
      const found = await helper.list({ mapping: { ...type, namespaced: true }, namespace: each }, {});
      await print(found, type.kind, `${each}/${file}`);
      if (type.kind === "Pod") pods = found["items"] as unknown as Pod[];
    }
    for (const pod of pods) await writeLogs(factory, pod, writer(`${each}/${pod.metadata.name}/logs.txt`));
  }
  if (directory !== "") await process.print(`Cluster info dumped to ${directory}\n`);
}

async function namespacesOf(
  factory: Factory,
  flags: Invocation<typeof FLAGS>["flags"],
  current: string,
): Promise<readonly string[]> {
  if (!flags["all-namespaces"]) return flags.namespaces.length > 0 ? flags.namespaces : ["kube-system", current];
  const all = await (await factory.helper()).list({ mapping: NAMESPACES, namespace: "" }, {});
  return (all["items"] as unknown as Pod[]).map(({ metadata }) => metadata.name);
}

async function writeLogs(factory: Factory, pod: Pod, out: Writer): Promise<void> {
  const { namespace = "", name } = pod.metadata;
  for (const container of [...(pod.spec.initContainers ?? []), ...pod.spec.containers]) {
    const title = `logs for container ${container.name} of pod ${namespace}/${name} ====\n`;
    await out.write(`==== START ${title}`);
    try {
      let log = "";
      await consumeLog(factory, pod, logQuery({ container: container.name }), (lines) => void (log += lines));
      await out.write(decode(log));
    } catch (error) {
      if (!(error instanceof GoError)) throw error;
      // The words of the answer are not read here, only its code.
      const refused =
        error instanceof StatusError ? genericRefusal(error, { group: "", resource: "pods", name }) : error;
      await out.write(`Request log error: ${refused.message}\n`);
    }
    await out.write(`==== END ${title}`);
  }
}

/** A file of the folder, or standard output if there is none. */
class Writer {
  readonly #process: Process;
  readonly #path: string;
  #text = "";

  constructor(process: Process, directory: string, file: string) {
    this.#process = process;
    this.#path = directory === "" ? "" : `${directory.startsWith("/") ? "" : `${process.cwd}/`}${directory}/${file}`;
    if (this.#path !== "") this.#write();
  }

  async write(text: string): Promise<void> {
    if (this.#path === "") return this.#process.print(text);
    this.#text += text;
    this.#write();
  }

  #write(): void {
    const { files } = this.#process.host;
    const folder = this.#path.slice(0, this.#path.lastIndexOf("/"));
    try {
      if (!files.exists(folder, this.#process)) files.mkdir(folder, { parents: true }, this.#process);
      files.write(this.#path, encode(this.#text), {}, this.#process);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new GoError(`mkdir ${folder}: ${error.message.toLowerCase()}`);
    }
  }
}
