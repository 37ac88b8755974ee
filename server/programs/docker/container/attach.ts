import { isRefused, type DockerContainer, type Engine } from "../../../sim/docker/index.ts";
import { parseSignal, type Process } from "../../../sim/host/index.ts";
import { attachToContainer } from "../../../sim/kube/kubelet/index.ts";
import { bool, text } from "../../kubectl/cobra/flag.ts";
import { answered, command, Fatal } from "../command.ts";
import { untilExit } from "./wait.ts";

export const attach = command({
  name: "attach",
  use: "[OPTIONS] CONTAINER",
  summary: "Attach local standard input, output, and error streams to a running container",
  arguments: [1, 1],
  flags: {
    "no-stdin": bool("Do not attach STDIN"),
    "sig-proxy": bool("Proxy all received signals to the process", { initial: true }),
    "detach-keys": text("(not simulated) keys"),
  },
  async run({ process, engine, flags, args }) {
    const row = answered(engine.container(args[0]!), isRefused);
    if (!engine.isRunning(row.id)) throw new Fatal("You cannot attach to a stopped container, start it first");
    const stdin = row.spec.stdin && !flags["no-stdin"];
    if (stdin && row.spec.tty && !process.isTty(0)) throw new Fatal("the input device is not a TTY");
    const exit = untilExit(process, row.id);
    await joinStreams(process, engine, row, { stdin, signals: flags["sig-proxy"] });
    return exit.code();
  },
});

/** Joins the caller's streams to those of a container until it ends; what signals it gets it may pass on. */
export async function joinStreams(
  process: Process,
  engine: Engine,
  { id, spec }: DockerContainer,
  { stdin, signals }: { readonly stdin: boolean; readonly signals: boolean },
): Promise<void> {
  if (signals)
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
      process.on(signal, () => {
        const { pid } = engine.containers.has(id) ? engine.task(id) : {};
        if (pid !== undefined) engine.machine.signal(pid, parseSignal(signal)!);
      });
  await attachToContainer({ runtime: engine.runtime }, id).start(process, {
    stdin: stdin ? process.fds.find(0) : undefined,
    stdout: process.fds.find(1),
    stderr: spec.tty ? undefined : process.fds.find(2),
    tty: spec.tty,
  });
}
