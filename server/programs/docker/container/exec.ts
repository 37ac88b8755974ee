import { isRefused } from "../../../sim/docker/index.ts";
import { execInContainer } from "../../../sim/kube/kubelet/index.ts";
import { bool, text, texts } from "../../kubectl/cobra/flag.ts";
import { answered, command, daemonSays, Fatal } from "../command.ts";

export const exec = command({
  name: "exec",
  use: "[OPTIONS] CONTAINER COMMAND [ARG...]",
  summary: "Execute a command in a running container",
  arguments: [2, Infinity],
  interspersed: false,
  flags: {
    detach: bool("Detached mode: run command in the background", { shorthand: "d" }),
    env: texts("(not simulated) variables", { shorthand: "e" }),
    interactive: bool("Keep STDIN open even if not attached", { shorthand: "i" }),
    privileged: bool("(not simulated) privileges"),
    tty: bool("Allocate a pseudo-TTY", { shorthand: "t" }),
    user: text("(not simulated) user", { shorthand: "u" }),
    workdir: text("(not simulated) folder", { shorthand: "w" }),
  },
  async run({ process, engine, flags, args }) {
    const [name = "", ...words] = args;
    const row = answered(engine.container(name), isRefused);
    if (!engine.isRunning(row.id)) throw new Fatal(daemonSays(`container ${row.id} is not running`));
    if (flags.tty && flags.interactive && !process.isTty(0)) throw new Fatal("the input device is not a TTY");
    const remote = execInContainer(engine.runtime, row.id, words, flags.tty);
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
    const why = /OCI runtime exec failed.*$/s.exec(cause)?.[0] ?? cause;
    const code = /permission denied/.test(why) ? 126 : /not found|no such file/.test(why) ? 127 : 1;
    throw new Fatal(why.replace(/: unknown$/, ""), code);
  },
});
