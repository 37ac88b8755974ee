import { journalOf, readAll } from "../sim/host/index.ts";
import { decode } from "../sim/kernel/index.ts";
import { tool } from "./gnu/tool.ts";

const LEVELS = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];
const OTHER_NAMES: Readonly<Record<string, string>> = { panic: "emerg", error: "err", warn: "warning" };

/** Enters lines into the journal of its machine (util-linux misc-utils/logger.c). */
export const logger = tool({
  name: "logger",
  package: "util-linux",
  summary: "enter messages into the system log",
  usage: ["[options] [<message>]"],
  about: "Enter messages into the system log.",
  flags: {
    tag: { short: "t", long: "tag", arg: "tag", help: "mark every line with this tag" },
    priority: { short: "p", long: "priority", arg: "prio", help: "mark given message with this priority" },
    pid: { short: "i", help: "log the logger command's PID" },
    stderr: { short: "s", long: "stderr", help: "output message to standard error as well" },
    file: { short: "f", long: "file", arg: "file", simulated: false },
    server: { short: "n", long: "server", arg: "name", simulated: false },
    others: { short: "PTduS", simulated: false },
  },
  async run(call) {
    const { process, operands } = call;
    const given = (call.value("priority") ?? "user.notice").split(".").at(-1)!;
    const priority = LEVELS.indexOf(OTHER_NAMES[given] ?? given);
    if (priority < 0) return call.fail(`unknown priority name: ${given}`);
    const identifier = call.value("tag") ?? process.host.users.byUid(process.uid)?.name ?? String(process.uid);
    const input = async (): Promise<string> =>
      decode((await readAll(process, process.fds.get(0), process.kernel.limits.memory)) ?? "");
    const text = operands.length > 0 ? operands.join(" ") : await input();
    for (const message of text.split("\n").filter((line) => line !== "")) {
      journalOf(process.machine).write({ identifier, pid: process.pid, priority, message });
      if (call.has("stderr"))
        await process.error(`<${8 + priority}>${identifier}${call.has("pid") ? `[${process.pid}]` : ""}: ${message}\n`);
    }
    return 0;
  },
});
