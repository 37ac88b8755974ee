import { command, usageError, type Invocation } from "../cobra/command.ts";
import { bool, duration, list, text } from "../cobra/flag.ts";
import { MANIFESTS } from "../cobra/offer.ts";
import { GoError } from "../errors/go-error.ts";
import type { Failure } from "../output/index.ts";
import { attachablePod } from "../polymorphic/attachable-pod.ts";
import { findOrDefaultContainer } from "../polymorphic/pod-containers.ts";
import { setupTty, stream } from "../remote/stream.ts";
import { namesOf } from "../resource/arguments.ts";
import { findResources } from "../resource/builder.ts";

export const POD_RUNNING_TIMEOUT = "How long to wait until a pod is there.";

const FLAGS = {
  container: text("The container; the pod's default or first one if it is not given.", {
    shorthand: "c",
    offer: { kind: "containers" },
  }),
  filename: list("A file that names the resource.", { shorthand: "f", offer: MANIFESTS }),
  "pod-running-timeout": duration(POD_RUNNING_TIMEOUT, 60),
  quiet: bool("Print only what the command prints.", { shorthand: "q" }),
  stdin: bool("Pass standard input to the container.", { shorthand: "i" }),
  tty: bool("Standard input is a terminal.", { shorthand: "t" }),
} as const;

interface Options {
  readonly resource: string;
  readonly command: readonly string[];
  readonly namespace: string;
  readonly explicitNamespace: boolean;
}

export const exec = command({
  use: "exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]",
  summary: "Execute a command in a container",
  about: "Execute a command in a container.",
  examples: `# A command in the first container of a pod
kubectl exec web -- date

# A shell, on this terminal
kubectl exec web -c nginx -it -- sh`,
  flags: FLAGS,
  arguments: { kind: "pods" },
  complete,
  validate,
  run,
});

function complete(invocation: Invocation<typeof FLAGS>): Options | Failure {
  const { args, dash, flags, factory } = invocation;
  const resource = args.length > 0 && dash !== 0 ? args[0]! : "";
  if (dash < 0 && (args.length > 1 || (args.length > 0 && flags.filename.length > 0)))
    return usageError(invocation, "exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead");
  const words = dash < 0 ? [] : args.slice(dash);
  const { name, explicit } = factory.config.namespace();
  if (flags["pod-running-timeout"] <= 0)
    return usageError(invocation, "--pod-running-timeout must be higher than zero");
  return { resource, command: words, namespace: name, explicitNamespace: explicit };
}

function validate({ resource, command: words }: Options, { flags }: Invocation<typeof FLAGS>): Failure | undefined {
  if (resource === "" && flags.filename.length === 0)
    return { error: "pod, type/name or --filename must be specified" };
  if (words.length === 0) return { error: "you must specify at least one command for the container" };
  return undefined;
}

async function run(
  { resource, command: words, namespace, explicitNamespace }: Options,
  { flags, factory, process }: Invocation<typeof FLAGS>,
): Promise<void> {
  const result = await findResources(factory, {
    files: { filenames: flags.filename, kustomize: "", recursive: false },
    namespace,
    enforceNamespace: explicitNamespace,
    selection: { tuples: resource === "" ? [] : namesOf("pods", [resource]), types: [], names: [] },
  });
  const [info] = await result.all();
  // What comes from standard input is a list even if it is one.
  if (!result.single) throw new GoError("cannot exec into multiple objects at a time");
  const pod = await attachablePod(factory, info!.object!, flags["pod-running-timeout"]);
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed")
    throw new GoError(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  const container =
    flags.container === "" ? (await findOrDefaultContainer(process, pod, "", flags.quiet)).name : flags.container;
  const { stdin, raw } = await setupTty(process, flags);
  await stream(factory, pod, "exec", container, { stdin, raw, command: words });
}
