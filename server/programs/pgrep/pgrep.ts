import { parseSignal, type Program } from "../../sim/host/index.ts";
import { tool } from "../gnu/tool.ts";
import { commandLine } from "../procps/state.ts";
import { sendSignal } from "../procps/send-signal.ts";
import { MATCH_FLAGS, matching } from "./match.ts";

const lookUp = tool({
  name: "pgrep",
  package: "procps",
  title: "pgrep from procps-ng",
  summary: "look up processes based on name and other attributes",
  usage: ["[options] <pattern>"],
  trouble: 2,
  flags: {
    delimiter: { short: "d", long: "delimiter", arg: "string", help: "specify output delimiter" },
    listName: { short: "l", long: "list-name", help: "list PID and process name" },
    listFull: { short: "a", long: "list-full", help: "list PID and full command line" },
    inverse: { short: "v", long: "inverse", help: "negates the matching" },
    lightweight: { short: "w", long: "lightweight", simulated: false },
    quiet: { short: "q", long: "quiet", help: "suppress all normal output" },
    ...MATCH_FLAGS,
  },
  async run(call) {
    const rows = await matching(call, call.has("inverse"));
    if (typeof rows === "number") return rows;
    const { host } = call.process;
    if (call.has("count")) await call.out.print(`${rows.length}\n`);
    else if (!call.has("quiet")) {
      const words = rows.map(
        (row) =>
          `${host.pidOf(row)}${call.has("listFull") ? ` ${commandLine(row)}` : call.has("listName") ? ` ${row.comm}` : ""}`,
      );
      if (words.length > 0) await call.out.print(`${words.join(call.value("delimiter") ?? "\n")}\n`);
    }
    return rows.length > 0 ? 0 : 1;
  },
});

export const pkill = tool({
  name: "pkill",
  package: "procps",
  title: "pkill from procps-ng",
  summary: "signal processes based on name and other attributes",
  usage: ["[options] <pattern>"],
  trouble: 2,
  flags: {
    signal: { long: "signal", arg: "SIG", help: "signal to send (either number or name)" },
    echo: { short: "e", long: "echo", help: "display what is killed" },
    queue: { short: "q", long: "queue", arg: "value", simulated: false },
    handler: { short: "H", long: "require-handler", simulated: false },
    ...MATCH_FLAGS,
  },
  // The first word that is a signal is none of the options: pkill -9, pkill -HUP.
  rewrite(args) {
    const at = args.findIndex(
      (arg) => /^-(?:\d+|[A-Z][A-Z0-9+-]*)$/.test(arg) && (arg === "-0" || parseSignal(arg.slice(1)) !== undefined),
    );
    return at < 0 ? args : [`--signal=${args[at]!.slice(1)}`, ...args.slice(0, at), ...args.slice(at + 1)];
  },
  async run(call) {
    const { process } = call;
    const text = call.value("signal") ?? "TERM";
    const signal = text === "0" ? 0 : parseSignal(text);
    if (signal === undefined) {
      await call.say(`Unknown signal "${text}".`);
      return call.usage();
    }
    const rows = await matching(call, false);
    if (typeof rows === "number") return rows;
    let sent = 0;
    for (const row of rows) {
      const pid = process.host.pidOf(row);
      const problem = sendSignal(process, pid, signal);
      if (problem) await call.say(`killing pid ${pid} failed: ${problem.message}`);
      else {
        sent++;
        if (call.has("echo")) await call.out.print(`${row.comm} killed (pid ${pid})\n`);
      }
    }
    if (call.has("count")) await call.out.print(`${rows.length}\n`);
    return sent > 0 ? 0 : 1;
  },
});

/** /usr/bin/pkill is a link to it: it is what it is called. */
export const pgrep: Program = {
  ...lookUp,
  run: (process, args) => (/(^|\/)pkill$/.test(process.argv[0] ?? "") ? pkill : lookUp).run(process, args),
};
