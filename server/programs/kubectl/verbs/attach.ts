import type { Duration } from "../../../sim/kernel/index.ts";
import type { Pod } from "../../../sim/kube/api/index.ts";
import type { Factory } from "../client/factory.ts";
import { command, usageError, type Invocation } from "../cobra/command.ts";
import { bool, duration, text } from "../cobra/flag.ts";
import { GoError } from "../errors/go-error.ts";
import type { Failure } from "../output/index.ts";
import { attachablePod } from "../polymorphic/attachable-pod.ts";
import { findContainer, findOrDefaultContainer } from "../polymorphic/pod-containers.ts";
import { setupTty, stream, type StreamOptions } from "../remote/stream.ts";
import { namesOf } from "../resource/arguments.ts";
import { findResources } from "../resource/builder.ts";
import { POD_RUNNING_TIMEOUT } from "./exec.ts";

const FLAGS = {
  container: text("The container; the pod's default or first one if it is not given.", { shorthand: "c" }),
  "pod-running-timeout": duration(POD_RUNNING_TIMEOUT, 60),
  quiet: bool("Print only what the container prints.", { shorthand: "q" }),
  stdin: bool("Pass standard input to the container.", { shorthand: "i" }),
  tty: bool("Standard input is a terminal.", { shorthand: "t" }),
} as const;

interface Options {
  readonly resources: readonly string[];
  readonly namespace: string;
  readonly timeout: Duration;
}

export const attach = command({
  use: "attach (POD | TYPE/NAME) -c CONTAINER",
  summary: "Attach to a running container",
  about: "Attach to a process that runs in a container.",
  examples: "# The output of a pod\nkubectl attach web\n\n# Its input, too\nkubectl attach web -c shell -it",
  flags: FLAGS,
  arguments: { kind: "pods" },
  complete,
  validate,
  run,
});

function complete(invocation: Invocation<typeof FLAGS>): Options | Failure {
  const { args, flags, factory } = invocation;
  const { name } = factory.config.namespace();
  if (flags["pod-running-timeout"] <= 0)
    return usageError(invocation, "--pod-running-timeout must be higher than zero");
  return { resources: args, namespace: name, timeout: flags["pod-running-timeout"] };
}

function validate({ resources }: Options): Failure | undefined {
  if (resources.length === 0) return { error: "at least 1 argument is required for attach" };
  if (resources.length > 2)
    return {
      error: `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${resources.length}: [${resources.join(" ")}]`,
    };
  return undefined;
}

async function run(
  { resources, namespace, timeout }: Options,
  { flags, factory, path }: Invocation<typeof FLAGS>,
): Promise<void> {
  const tuples = resources.length === 1 ? namesOf("pods", resources) : namesOf(resources[0]!, resources.slice(1));
  const result = await findResources(factory, { namespace, selection: { tuples, types: [], names: [] } });
  const [info] = await result.all();
  const pod = await attachablePod(factory, info!.object!, timeout);
  const phase = pod.status?.phase;
  if (phase === "Succeeded" || phase === "Failed")
    throw new GoError(`cannot attach a container in a completed pod; current phase is ${phase}`);
  await attachTo(factory, pod, flags.container, flags, path);
}

/** Attaches to a container of a pod until it or the connection ends (kubectl pkg/cmd/attach/attach.go Run). */
export async function attachTo(
  factory: Factory,
  pod: Pod,
  name: string,
  options: StreamOptions,
  commandName: string,
): Promise<void> {
  const { process } = factory;
  let container;
  try {
    container = await findOrDefaultContainer(process, pod, name, options.quiet);
  } catch (error) {
    if (error instanceof GoError) throw new GoError(`cannot attach to the container: ${error.message}`);
    throw error;
  }
  const allocated = container.tty === true;
  if (options.tty && !allocated && !options.quiet)
    await process.error(`error: Unable to use a TTY - container ${container.name} did not allocate one\n`);
  // A container that was started with a terminal needs one at this end, asked for or not.
  const { stdin, raw } = await setupTty(process, { ...options, tty: allocated });
  if (!options.quiet) await process.error("If you don't see a command prompt, try pressing enter.\n");
  await stream(factory, pod, "attach", container.name, { stdin, raw });
  const again = options.quiet || !stdin || !raw ? undefined : reattach(pod, container.name, commandName);
  if (again !== undefined) await process.print(`${again}\n`);
}

function reattach(pod: Pod, container: string, commandName: string): string | undefined {
  if (pod.spec.restartPolicy !== "Always") return undefined;
  const { name } = pod.metadata;
  const again = `'${commandName} ${name} -c ${container} -i -t'`;
  if (findContainer(pod, container)?.fieldPath.startsWith("spec.ephemeralContainers"))
    return `Session ended, the ephemeral container will not be restarted but may be reattached using ${again} if it is still running`;
  return `Session ended, resume using ${again} command when the pod is running`;
}
