import { copyJson, type Container, type Draft, type JsonObject, type Pod } from "../../../../sim/kube/api/index.ts";
import type { Process } from "../../../../sim/host/index.ts";
import type { Mapping } from "../../client/api-resource.ts";
import type { ValuesOf } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import { isFailure } from "../../output/index.ts";
import { applyPatch } from "../../patch/apply.ts";
import { objectMeta } from "../create/meta.ts";
import type { DEBUG_FLAGS } from "./flags.ts";
import { applyProfile, containerNamed, type Kept, type Style } from "./profiles.ts";

/** What was asked for, as far as pods are made from it. */
export interface DebugOptions {
  readonly flags: ValuesOf<typeof DEBUG_FLAGS>;
  /** The words behind `--`. */
  readonly words: readonly string[];
  readonly shareProcessesGiven: boolean;
  /** The part of a container that `--custom` names. */
  readonly custom?: JsonObject;
}

/** A pod, and the name of its container that is for debugging; empty if there is none. */
export interface DebugPod {
  readonly pod: Pod;
  readonly container: string;
}

const POD: Mapping = { group: "", version: "v1", resource: "pods", kind: "Pod", namespaced: true };
/** apimachinery util/rand */
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** The pod with an ephemeral container more (kubectl pkg/cmd/debug/debug.go generateDebugContainer, v1.33). */
export async function withEphemeralContainer(process: Process, options: DebugOptions, pod: Pod): Promise<DebugPod> {
  const { flags } = options;
  const name = await containerName(process, options, pod);
  const draft = copyJson(pod) as Draft<Pod>;
  const target = flags.target === "" ? {} : { targetContainerName: flags.target };
  (draft.spec.ephemeralContainers ??= []).push({ ...newContainer(name, options), ...target });
  finish(options, "ephemeral", draft, name);
  return { pod: draft, container: name };
}

/** A pod in the namespaces of a node that sees its files (generateNodeDebugPod). */
export async function nodePod(process: Process, options: DebugOptions, node: string): Promise<DebugPod> {
  const { flags } = options;
  const container = flags.container || "debugger";
  const name = `node-debugger-${node}-${suffix(process)}`;
  if (!flags.quiet)
    await process.print(`Creating debugging pod ${name} with container ${container} on node ${node}.\n`);
  const draft = {
    metadata: objectMeta(name),
    spec: {
      containers: [newContainer(container, options)],
      restartPolicy: "Never",
      nodeName: node,
      tolerations: [{ operator: "Exists" }],
    },
    status: {},
  } as unknown as Draft<Pod>;
  finish(options, "node", draft, container);
  return { pod: draft, container };
}

/** A copy of a pod with a container more, or with other containers (generatePodCopyWithDebugContainer). */
export async function podCopy(process: Process, options: DebugOptions, pod: Pod): Promise<DebugPod> {
  const { flags, words } = options;
  const { namespace, labels, annotations } = pod.metadata;
  const draft = {
    metadata: objectMeta(flags["copy-to"], { namespace, annotations: { ...annotations }, labels: { ...labels } }),
    spec: copyJson(pod.spec),
    status: {},
  } as unknown as Draft<Pod>;
  const { spec } = draft;
  delete spec.ephemeralContainers;
  if (options.shareProcessesGiven) spec.shareProcessNamespace = flags["share-processes"];
  if (!flags["same-node"]) delete spec.nodeName;
  const images = flags["set-image"];
  for (const container of spec.containers) {
    const image = images.get(container.name) ?? images.get("*");
    if (image) container.image = image;
  }
  let name = flags.container;
  let container = containerNamed(spec, name);
  if (!container) {
    if (flags.image === "") {
      if (images.size > 0) return { pod: draft, container: "" };
      throw new GoError("you must specify image when creating new container");
    }
    name ||= await containerName(process, options, draft);
    container = { name, resources: {}, terminationMessagePolicy: "File" };
    spec.containers.push(container);
  }
  if (words.length > 0 && flags["arguments-only"]) container.args = [...words];
  else if (words.length > 0) {
    container.command = [...words];
    delete container.args;
  }
  if (flags.env.size > 0) container.env = environment(options);
  if (flags.image !== "") container.image = flags.image;
  if (flags["image-pull-policy"] !== "") container.imagePullPolicy = flags["image-pull-policy"];
  setOrDelete(container, "stdin", flags.stdin);
  setOrDelete(container, "tty", flags.tty);
  finish(options, "copy", draft, name);
  return { pod: draft, container: name };
}

function setOrDelete(container: Draft<Container>, field: "stdin" | "tty", value: boolean): void {
  if (value) container[field] = true;
  else delete container[field];
}

function newContainer(name: string, options: DebugOptions): Draft<Container> {
  const { flags, words } = options;
  const pull = flags["image-pull-policy"];
  return {
    name,
    image: flags.image,
    ...(words.length > 0 ? { [flags["arguments-only"] ? "args" : "command"]: [...words] } : {}),
    ...(flags.env.size > 0 ? { env: environment(options) } : {}),
    resources: {},
    terminationMessagePolicy: "File",
    ...(pull === "" ? {} : { imagePullPolicy: pull }),
    ...(flags.stdin ? { stdin: true } : {}),
    ...(flags.tty ? { tty: true } : {}),
  };
}

function environment({ flags }: DebugOptions): { name: string; value?: string }[] {
  return [...flags.env].map(([name, value]) => ({ name, ...(value === "" ? {} : { value }) }));
}

/** The profile, and what `--custom` lays over it. */
function finish({ flags, custom }: DebugOptions, style: Style, draft: Draft<Pod>, name: string): void {
  const kept: Kept = {
    labels: flags["keep-labels"],
    annotations: flags["keep-annotations"],
    liveness: flags["keep-liveness"],
    readiness: flags["keep-readiness"],
    startup: flags["keep-startup"],
    initContainers: flags["keep-init-containers"],
  };
  applyProfile(flags.profile, style, kept, draft, name);
  if (!custom) return;
  const field = style === "ephemeral" ? "ephemeralContainers" : "containers";
  const list = draft.spec[field] ?? [];
  const at = list.findIndex((container) => container.name === name);
  if (at < 0)
    throw new GoError(
      `unable to find the ${name} ${style === "ephemeral" ? "ephemeral " : ""}container in the pod ${draft.metadata.name}`,
    );
  // A container is patched within a pod, so that its lists have their types.
  const before = { spec: { containers: [list[at]!] } } as unknown as JsonObject;
  const patch = { spec: { containers: [{ ...custom, name }] } };
  const patched = applyPatch(POD, before, "strategic", patch);
  if (isFailure(patched)) throw new GoError(`error creating three way patch to add debug container: ${patched.error}`);
  list[at] = (patched as unknown as Draft<Pod>).spec.containers[0]!;
}

async function containerName(process: Process, { flags }: DebugOptions, { spec }: Pod): Promise<string> {
  if (flags.container !== "") return flags.container;
  let name: string;
  do name = `debugger-${suffix(process)}`;
  while (containerNamed(spec as Draft<Pod["spec"]>, name));
  if (!flags.quiet) await process.print(`Defaulting debug container name to ${name}.\n`);
  return name;
}

function suffix(process: Process): string {
  return process.kernel.random.text("kubectl/debug", 5, ALPHABET);
}
