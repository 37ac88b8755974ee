import { basename } from "../sim/host/index.ts";
import { tool } from "./gnu/tool.ts";

export const pidof = tool({
  name: "pidof",
  package: "sysvinit-utils",
  title: "pidof",
  summary: "find the process ID of a running program",
  usage: ["[options] [program [...]]"],
  flags: {
    single: { short: "s", long: "single-shot", help: "return one PID only" },
    sameRoot: { short: "c", long: "check-root", help: "omit processes with different root (all have the same)" },
    quiet: { short: "q", help: "quiet mode, only set the exit code" },
    scripts: { short: "x", help: "also find shells running the named scripts" },
    omit: { short: "o", long: "omit-pid", arg: "PID,...", help: "omit processes with PID" },
    separator: { short: "S", long: "separator", arg: "sep", help: "use sep as separator put between PIDs" },
    workers: { short: "w", simulated: false },
  },
  async run(call) {
    const { host, pid: own } = call.process;
    const omitted = new Set(call.options.values("omit").flatMap((text) => text.split(",")));
    const found: number[] = [];
    for (const name of call.operands) {
      const wanted = basename(name);
      const rows = host.processes().filter((row) => {
        if (row.pid === own || row.state === "zombie") return false;
        const [program, script] = [row.argv[0] ?? "", row.argv[1] ?? ""];
        const plain = program.replace(/^-/, "").split(/[: ]/)[0]!;
        return (
          basename(row.exe) === wanted ||
          basename(plain) === wanted ||
          (call.has("scripts") && basename(script) === wanted)
        );
      });
      for (const row of rows.reverse()) found.push(host.pidOf(row));
    }
    const kept = found.filter((pid) => !omitted.has(String(pid)));
    const shown = call.has("single") ? kept.slice(0, 1) : kept;
    if (shown.length > 0 && !call.has("quiet")) await call.out.print(`${shown.join(call.value("separator") ?? " ")}\n`);
    return shown.length > 0 ? 0 : 1;
  },
});
