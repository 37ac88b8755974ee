import { isRefused } from "../../../sim/docker/index.ts";
import { rfc3339 } from "../../../sim/kernel/index.ts";
import { DESCRIBE, TabWriter } from "../../kubectl/output/index.ts";
import { answered, command, daemonSays, Fatal } from "../command.ts";

/** `ps -ef` of the container's processes, as the machine sees them. */
export const top = command({
  name: "top",
  use: "CONTAINER [ps OPTIONS]",
  summary: "Display the running processes of a container",
  arguments: [1, Infinity],
  interspersed: false,
  flags: {},
  async run({ process, engine, args }) {
    const [name = "", ...options] = args;
    const row = answered(engine.container(name), isRefused);
    if (options.length > 0 && options.join(" ") !== "-ef")
      throw new Fatal(`drydock: docker: 'top ${options.join(" ")}' is not simulated`, 64);
    if (!engine.isRunning(row.id)) throw new Fatal(daemonSays(`container ${row.id} is not running`));
    const writer = new TabWriter({ ...DESCRIBE, minWidth: 20, tabWidth: 1, padding: 3 });
    writer.write("UID\tPID\tPPID\tC\tSTIME\tTTY\tTIME\tCMD\n");
    for (const { uid, pid, ppid, startedAt, tty, argv } of engine.machine.processesOf(row.id)) {
      const user = engine.host.users.byUid(uid)?.name ?? String(uid);
      writer.write(
        `${user}\t${pid}\t${ppid}\t0\t${rfc3339(startedAt).slice(11, 16)}\t${tty ?? "?"}\t00:00:00\t${argv.join(" ")}\n`,
      );
    }
    writer.flush();
    await process.print(writer.take());
  },
});
