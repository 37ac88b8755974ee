import { isRefused } from "../../../sim/docker/index.ts";
import { execInContainer } from "../../../sim/kube/kubelet/index.ts";
import { bool, text, texts } from "../../kubectl/cobra/flag.ts";
import { answered, command, daemonSays, Fatal } from "../command.ts";
import { variables } from "./variables.ts";

export const exec = command({
  name: "exec",
  use: "[OPTIONS] CONTAINER COMMAND [ARG...]",
  summary: "Execute a command in a running container",
  arguments: [2, Infinity],
  interspersed: false,
  flags: {
    detach: bool("Detached mode: run command in the background", { shorthand: "d" }),
    env: texts("Set environment variables", { shorthand: "e" }),
    "env-file": texts("Read in a file of environment variables"),
    interactive: bool("Keep STDIN open even if not attached", { shorthand: "i" }),
    privileged: bool("(not simulated) privileges"),
    tty: bool("Allocate a pseudo-TTY", { shorthand: "t" }),
    user: text('Username or UID (format: "<name|uid>[:<group|gid>]")', { shorthand: "u" }),
    workdir: text("Working directory inside the container", { shorthand: "w" }),
    "detach-keys": text("(not simulated) keys"),
  },
  async run({ process, engine, flags, args }) {
    const [name = "", ...words] = args;
    const env = variables(process, flags["env-file"], flags.env);
    const row = answered(engine.container(name), isRefused);
    if (!engine.isRunning(row.id)) throw new Fatal(daemonSays(`container ${row.id} is not running`));
    if (flags.tty && flags.interactive && !process.isTty(0)) throw new Fatal("the input device is not a TTY");
    const remote = execInContainer(engine.runtime, row.id, words, flags.tty, {
      ...(flags.user === "" ? {} : { user: flags.user }),
      ...(flags.workdir === "" ? {} : { workingDir: flags.workdir }),
      env: env.map(split),
    });
    const status = await remote.start(process, {
      stdin: flags.interactive && !flags.detach ? process.fds.find(0) : undefined,
      stdout: flags.detach ? undefined : process.fds.find(1),
      stderr: flags.tty || flags.detach ? undefined : process.fds.find(2),
      tty: flags.tty && process.isTty(0),
    });
    if (status.status === "Success") return 0;
    const cause =
      (status.details as { causes?: readonly { message: string }[] } | undefined)?.causes?.[0]?.message ?? "";
    if (status.reason === "NonZeroExitCode") return Number(cause);
    const why =
      /OCI runtime exec failed.*$/s.exec(cause)?.[0] ?? cause.replace(/^error executing command in container: /, "");
    // daemon/exec.go ContainerExecStart: 126, but for what is not there.
    const code = /executable file not found|no such file/.test(why) ? 127 : 126;
    throw new Fatal(why.replace(/: unknown$/, ""), code);
  },
});

function split(entry: string): readonly [string, string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}
