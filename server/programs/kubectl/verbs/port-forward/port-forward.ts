import { Errno } from "../../../../sim/host/index.ts";
import { ListeningSocket, parseAddress } from "../../../../sim/net/index.ts";
import type { Service } from "../../../../sim/kube/api/index.ts";
import { command, usageError, type Invocation } from "../../cobra/command.ts";
import { duration, list } from "../../cobra/flag.ts";
import { GoError } from "../../errors/go-error.ts";
import type { Failure } from "../../output/index.ts";
import { inParallel } from "../../parallel.ts";
import { attachablePod } from "../../polymorphic/attachable-pod.ts";
import { namesOf } from "../../resource/arguments.ts";
import { findResources } from "../../resource/builder.ts";
import type { PodPorts } from "../../transport.ts";
import { forwardConnections } from "./forward.ts";
import { parsePorts, podPorts, servicePorts, type ForwardedPort } from "./ports.ts";

const FLAGS = {
  address: list("Addresses to listen on, or localhost for those of both families.", { initial: ["localhost"] }),
  "pod-running-timeout": duration("How long to wait until a pod runs.", 60),
} as const;

interface Options {
  readonly resource: string;
  readonly ports: readonly string[];
}

export const portForward = command({
  use: "port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]",
  summary: "Forward one or more local ports to a pod",
  about:
    "Forward local ports to a pod, for as long as the command runs and the pod does.\n\n Of a service or a deployment, one pod is chosen.",
  examples: `# 8080 here is 80 there
kubectl port-forward pod/web 8080:80

# A port that is free
kubectl port-forward service/web :80`,
  flags: FLAGS,
  arguments: { kind: "pods", next: "ports" },
  complete(invocation): Options | Failure {
    const { args, flags } = invocation;
    if (args.length < 2) return usageError(invocation, "TYPE/NAME and list of ports are required for port-forward");
    if (flags["pod-running-timeout"] <= 0)
      return usageError(invocation, "--pod-running-timeout must be higher than zero");
    return { resource: args[0]!, ports: args.slice(1) };
  },
  run,
});

async function run({ resource, ports }: Options, { flags, factory, process }: Invocation<typeof FLAGS>): Promise<void> {
  const { name: namespace, explicit } = factory.config.namespace();
  const result = await findResources(factory, {
    namespace,
    enforceNamespace: explicit,
    selection: { tuples: namesOf("pods", [resource]), types: [], names: [] },
  });
  const [info] = await result.all();
  const object = info!.object!;
  const pod = await attachablePod(factory, object, flags["pod-running-timeout"]);
  const translated =
    object["kind"] === "Service" ? servicePorts(ports, object as unknown as Service, pod) : podPorts(ports, pod);
  const forwarded = parsePorts(translated);
  if (pod.status.phase !== "Running")
    throw new GoError(`unable to forward port because pod is not running. Current status=${pod.status.phase ?? ""}`);
  process.on("SIGINT", () => process.end({ code: 0 }));
  const client = await factory.client();
  const connection = (await client.upgrade({
    method: "GET",
    path: `/api/v1/namespaces/${pod.metadata.namespace!}/pods/${pod.metadata.name}/portforward`,
    subject: { group: "", resource: "pods", name: pod.metadata.name },
  })) as unknown as PodPorts;
  const wrong = flags.address.find((address) => address !== "localhost" && parseAddress(address) === undefined);
  if (wrong !== undefined) throw new GoError(`${wrong} is not a valid IP`);
  const listening = await listenAll({ process }, forwarded, flags.address);
  if (listening.length === 0)
    throw new GoError(
      `unable to listen on any of the requested ports: [${forwarded.map(({ local, remote }) => `{${local} ${remote}}`).join(" ")}]`,
    );
  await inParallel(
    process,
    listening.map(
      ({ socket, port }) =>
        () =>
          forwardConnections(process, socket, port, connection),
    ),
  );
}

interface Listening {
  readonly socket: ListeningSocket;
  readonly port: ForwardedPort;
}

async function listenAll(
  { process }: Pick<Invocation, "process">,
  ports: readonly ForwardedPort[],
  addresses: readonly string[],
): Promise<Listening[]> {
  const listening: Listening[] = [];
  for (const wanted of ports) {
    let port = wanted;
    const failures: string[] = [];
    let succeeded = false;
    for (const address of addresses.flatMap((one) => (one === "localhost" ? ["127.0.0.1", "::1"] : [one]))) {
      const shown = address.includes(":") ? `[${address}]` : address;
      try {
        const socket = new ListeningSocket(process, { address, port: port.local }).retain();
        port = { ...port, local: socket.row.port };
        listening.push({ socket, port });
        succeeded = true;
        await process.print(`Forwarding from ${shown}:${port.local} -> ${port.remote}\n`);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        failures.push(
          `unable to create listener: Error listen tcp${address.includes(":") ? 6 : 4} ${shown}:${port.local}: bind: ${error.message.toLowerCase()}`,
        );
      }
    }
    if (!succeeded)
      await process.error(
        `Unable to listen on port ${port.local}: Listeners failed to create with the following errors: [${failures.join(" ")}]\n`,
      );
  }
  return listening;
}
