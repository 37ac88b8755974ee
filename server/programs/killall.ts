import { parseSignal, SIGNAL_NAMES } from "../sim/host/index.ts";
import { Prompt } from "./gnu/prompt.ts";
import { tool } from "./gnu/tool.ts";
import { sendSignal } from "./procps/send-signal.ts";

export const killall = tool({
  name: "killall",
  package: "psmisc",
  title: "killall (PSmisc)",
  summary: "kill processes by name",
  usage: ["[OPTION]... [--] NAME...", "-l, --list", "-V, --version"],
  flags: {
    exact: { short: "e", long: "exact", help: "require exact match for very long names" },
    ignoreCase: { short: "I", long: "ignore-case", help: "case insensitive process name match" },
    interactive: { short: "i", long: "interactive", help: "ask for confirmation before killing" },
    list: { short: "l", long: "list", help: "list all known signal names" },
    quiet: { short: "q", long: "quiet", help: "don't print complaints" },
    signal: { short: "s", long: "signal", arg: "SIGNAL", help: "send this signal instead of SIGTERM" },
    user: { short: "u", long: "user", arg: "USER", help: "kill only process(es) running as USER" },
    verbose: { short: "v", long: "verbose", help: "report if the signal was successfully sent" },
    wait: { short: "w", long: "wait", simulated: false },
    others: { short: "ngoryZ", simulated: false },
  },
  rewrite: (args) => args.map((arg) => (/^-(?:\d+|[A-Z]{2,}[A-Z0-9]*)$/.test(arg) ? `--signal=${arg.slice(1)}` : arg)),
  async run(call) {
    const { process, operands } = call;
    if (call.has("list")) {
      const names = SIGNAL_NAMES.map((name) => (name === "SIGIO" ? "POLL" : name.slice(3)));
      await call.out.print(`${names.slice(0, 16).join(" ")}\n${names.slice(16).join(" ")}\n`);
      return 0;
    }
    const text = call.value("signal") ?? "TERM";
    const signal = text === "0" ? 0 : parseSignal(text);
    if (signal === undefined) {
      await process.error(`${text}: unknown signal; killall -l lists signals.\n`);
      return 1;
    }
    if (operands.length === 0 && !call.has("user")) {
      await process.error(
        "Usage: killall [OPTION]... [--] NAME...\n       killall -l, --list\n       killall -V, --version\n\nTry 'killall --help' for the options that exist here.\n",
      );
      return 1;
    }
    const user = call.value("user");
    const uid = user === undefined ? undefined : process.host.users.byName(user)?.uid;
    if (user !== undefined && uid === undefined) {
      await process.error(`Cannot find user ${user}\n`);
      return 1;
    }
    const prompt = new Prompt(process);
    const fold = (name: string): string => (call.has("ignoreCase") ? name.toLowerCase() : name);
    let missing = false;
    for (const name of operands.length > 0 ? operands : [undefined]) {
      const rows = process.host
        .processes()
        .filter(
          (row) =>
            row.pid !== process.pid &&
            row.state !== "zombie" &&
            (uid === undefined || row.uid === uid) &&
            (name === undefined || fold(row.comm) === fold(name.slice(name.lastIndexOf("/") + 1).slice(0, 15))),
        );
      let found = false;
      for (const row of rows) {
        const pid = process.host.pidOf(row);
        if (call.has("interactive") && !(await prompt.ask(`Kill ${row.comm}(${pid}) ? (y/N) `))) continue;
        const problem = sendSignal(process, pid, signal);
        if (problem) await process.error(`${row.comm}(${pid}): ${problem.message}\n`);
        else {
          found = true;
          if (call.has("verbose"))
            await process.error(`Killed ${row.comm}(${pid}) with signal ${text === "TERM" ? 15 : text}\n`);
        }
      }
      if (found) continue;
      missing = true;
      if (rows.length === 0 && !call.has("quiet") && name !== undefined)
        await process.error(`${name}: no process found\n`);
    }
    return missing ? 1 : 0;
  },
});
