import type { Process } from "../../../../sim/host/index.ts";
import { isObject, type Container, type JsonObject, type Pod } from "../../../../sim/kube/api/index.ts";
import type { Factory } from "../../client/factory.ts";
import { command, type Invocation } from "../../cobra/command.ts";
import { GoError, StatusError } from "../../errors/go-error.ts";
import { encodeJson, isFailure, quote, type Failure } from "../../output/index.ts";
import { strategicPatchBetween } from "../../patch/strategic.ts";
import { namesOf } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import { nameOf, type Info } from "../../resource/info.ts";
import { readFile } from "../../resource/sources.ts";
import { readYaml } from "../../yaml/read.ts";
import { IMAGE_REFERENCE } from "../run/reference.ts";
import { attachWhenRunning } from "./attach.ts";
import { nodePod, podCopy, withEphemeralContainer, type DebugOptions, type DebugPod } from "./debug-pod.ts";
import { DEBUG_FLAGS } from "./flags.ts";
import { containerNamed, isProfile } from "./profiles.ts";

type Debug = Invocation<typeof DEBUG_FLAGS>;

interface Options extends DebugOptions {
  readonly names: readonly string[];
  readonly attach: boolean;
}

export const debug = command({
  use: "debug (POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]",
  summary: "Create debugging sessions for troubleshooting workloads and nodes",
  about: `Look into pods and nodes from a container made for it.

 A pod gets an ephemeral container, or with --copy-to a copy with a container more or with other images. A node gets a pod in its own namespaces that sees its files under /host.`,
  examples: `# A shell in a container beside those of the pod web
kubectl debug web -it --image=busybox

# The same, with the processes of its container app in view
kubectl debug web -it --image=busybox --target=app

# A copy of the pod with a debug container
kubectl debug web -it --image=busybox --copy-to=web-debug --share-processes

# A shell on a node; its files are in /host
kubectl debug node/node01 -it --image=busybox`,
  flags: DEBUG_FLAGS,
  arguments: { kind: "resources" },
  complete,
  validate,
  run,
});

async function complete({ flags, given, args, dash, process }: Debug): Promise<Options | Failure> {
  const behind = dash >= 0 && args.length > dash;
  if (!isProfile(flags.profile)) return { error: `unknown profile: ${flags.profile}` };
  const custom = flags.custom === "" ? undefined : readYaml(await customProfile(process, flags.custom));
  if (custom && isFailure(custom))
    return { error: `${flags.custom} does not contain a valid container spec: ${custom.error}` };
  return {
    flags,
    names: behind ? args.slice(0, dash) : args,
    words: behind ? args.slice(dash) : [],
    attach: given.has("attach") ? flags.attach : flags.attach || flags.stdin,
    shareProcessesGiven: given.has("share-processes"),
    ...(custom && isObject(custom.value) ? { custom: custom.value } : {}),
  };
}

async function customProfile(process: Process, path: string): Promise<string> {
  try {
    return await readFile(process, path);
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    throw new GoError(`must pass a container spec json file for custom profile: ${error.message}`);
  }
}

function validate({ attach, names, words, custom }: Options, { flags, given }: Debug): Failure | undefined {
  const { image, container } = flags;
  const images = flags["set-image"];
  if (attach && given.has("attach") && image === "" && container === "")
    return { error: "you must specify --container or create a new container using --image in order to attach." };
  if (flags["copy-to"] !== "") {
    if (image === "" && images.size === 0 && words.length === 0)
      return { error: "you must specify --image, --set-image or command arguments." };
    if (words.length > 0 && container === "" && image === "")
      return { error: "you must specify an existing container or a new image when specifying args." };
  } else {
    for (const name of ["replace", "same-node", "set-image"] as const)
      if (name === "set-image" ? images.size > 0 : flags[name])
        return { error: `--${name} may only be used with --copy-to.` };
    if (image === "") return { error: "you must specify --image when not using --copy-to." };
  }
  const format = "invalid reference format";
  if (image !== "" && !IMAGE_REFERENCE.test(image)) return { error: `invalid image name ${quote(image)}: ${format}` };
  if (names.length === 0 && flags.filename.length === 0) return { error: "NAME or filename is required for debug" };
  const pull = flags["image-pull-policy"];
  if (!["", "Always", "IfNotPresent", "Never"].includes(pull)) return { error: `invalid image pull policy: ${pull}` };
  for (const [name, other] of images)
    if (!IMAGE_REFERENCE.test(other))
      return { error: `invalid image name ${quote(other)} for container ${quote(name)}: ${format}` };
  if (flags.target !== "" && flags["copy-to"] !== "")
    return { error: "--target is incompatible with --copy-to. Use --share-processes instead." };
  if (flags.tty && !flags.stdin) return { error: "-i/--stdin is required for containers with -t/--tty=true" };
  if (custom && ["name", "command", "image", "lifecycle", "volumeDevices"].some((field) => custom[field]))
    return { error: "name, command, image, lifecycle and volume devices are not modifiable via custom profile" };
  return undefined;
}

async function run(options: Options, { flags, factory, process }: Debug): Promise<void> {
  if (flags.target !== "" && !flags.quiet)
    await process.print(
      `Targeting container ${quote(flags.target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    );
  if (flags.profile === "legacy")
    await process.error(
      '--profile=legacy is deprecated and will be removed in the future. It is recommended to explicitly specify a profile, for example "--profile=general".\n',
    );
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    files: { filenames: flags.filename, kustomize: "", recursive: false },
    namespace,
    enforceNamespace: explicit,
    selection: { tuples: namesOf("pods", options.names), types: [], names: [] },
  });
  await result.visit(async (info) => {
    const { pod, container } = await make(factory, options, info, namespace);
    if (options.attach && container !== "") await attachWhenRunning(factory, pod, container, flags);
  });
}

/** Makes what is asked for; the pod as the server has it then. */
async function make(factory: Factory, options: Options, info: Info, namespace: string): Promise<DebugPod> {
  const { mapping, object } = info;
  const { kind, group, version } = mapping;
  if (group !== "" || (kind !== "Node" && kind !== "Pod"))
    throw new GoError(`${quote(`${group}/${version}, Kind=${kind}`)} not supported by debug`);
  if (kind === "Node") {
    const made = await nodePod(factory.process, options, nameOf(object));
    return { ...made, pod: await create(factory, made.pod, namespace) };
  }
  const pod = object as unknown as Pod;
  return options.flags["copy-to"] === "" ? extend(factory, options, info, pod) : copy(factory, options, info, pod);
}

async function extend(factory: Factory, options: Options, info: Info, pod: Pod): Promise<DebugPod> {
  const { mapping, namespace, name } = info;
  const made = await withEphemeralContainer(factory.process, options, pod);
  await warnOfUser(factory, made.pod, made.container);
  const patch = strategicPatchBetween(mapping, info.object!, made.pod as unknown as JsonObject);
  const helper = await factory.helper();
  try {
    const place = { mapping, namespace, name, subresource: "ephemeralcontainers" };
    const patched = await helper.patch(place, "strategic", encodeJson(patch), {});
    return { ...made, pod: patched as unknown as Pod };
  } catch (error) {
    if (error instanceof StatusError && error.status.reason === "NotFound" && !error.status.details?.name)
      throw new GoError(
        `ephemeral containers are disabled for this cluster (error from server: ${quote(error.status.message ?? "")})`,
      );
    throw error;
  }
}

async function copy(factory: Factory, options: Options, info: Info, pod: Pod): Promise<DebugPod> {
  const made = await podCopy(factory.process, options, pod);
  await warnOfUser(factory, made.pod, made.container);
  const created = await create(factory, made.pod, info.namespace);
  if (options.flags.replace)
    await (
      await factory.helper()
    ).delete(
      { mapping: info.mapping, namespace: info.namespace, name: info.name },
      { kind: "DeleteOptions", apiVersion: "v1", gracePeriodSeconds: 0 },
    );
  return { ...made, pod: created };
}

async function create(factory: Factory, pod: Pod, namespace: string): Promise<Pod> {
  const mapping = await (await factory.mapper()).mappingOf("", "v1", "Pod");
  const body = { kind: "Pod", apiVersion: "v1", ...pod } as unknown as JsonObject;
  return (await (await factory.helper()).create({ mapping, namespace }, body, {})) as unknown as Pod;
}

/** Root's rights are of no use to somebody else (displayWarning). */
async function warnOfUser({ process }: Factory, { spec }: Pod, name: string): Promise<void> {
  const container: Container | undefined = name === "" ? undefined : containerNamed(spec as never, name);
  if (!spec.securityContext?.runAsUser || !container?.securityContext) return;
  const { runAsUser, privileged, capabilities } = container.securityContext;
  if (runAsUser === 0 || (!privileged && !capabilities?.add?.length)) return;
  await process.error(
    'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n',
  );
}
