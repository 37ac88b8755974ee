import { Errno, READLINE } from "../../sim/host/index.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import { FOREVER } from "../gnu/interval.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { cutColumns } from "../gnu/width.ts";
import { Keys } from "../less/keys.ts";
import { keyboard } from "../less/pager.ts";
import { frame, type TopRules } from "./frame.ts";

export const top = tool({
  name: "top",
  package: "procps",
  title: "top from procps-ng",
  summary: "display Linux processes",
  usage: ["-hv | -bcEeHiOSs1 -d secs -n max -u|U user -p pid(s) -o field -w [cols]"],
  flags: {
    batch: { short: "b", long: "batch-mode", help: "run in non-interactive batch mode" },
    command: { short: "c", long: "cmdline-toggle", help: "show command lines" },
    delay: { short: "d", long: "delay", arg: "SECS", help: "iterative delay as SECS [.TENTHS]" },
    idle: { short: "i", long: "idle-toggle", help: "leave out idle tasks" },
    iterations: { short: "n", long: "iterations", arg: "NUMBER", help: "exit on maximum iterations NUMBER" },
    sortOverride: { short: "o", long: "sort-override", arg: "FIELD", help: "force sorting on this named FIELD" },
    pid: { short: "p", long: "pid", arg: "PIDLIST", help: "monitor only the tasks in PIDLIST" },
    user: { short: "uU", long: "filter-any-user", arg: "USER", help: "show only processes owned by USER" },
    width: { short: "w", long: "width", arg: "COLUMNS", optional: true, help: "change print width [,use COLUMNS]" },
    others: { short: "EeHOSs1AhV", simulated: false },
  },
  async run(call) {
    const { process } = call;
    const tty = process.fds.find(1)?.tty;
    const batch = call.has("batch");
    if (!batch && !tty) {
      await process.error("top: failed tty get\n");
      return 1;
    }
    const numbers: Record<string, number> = {};
    for (const [flag, what] of [
      ["delay", "delay interval"],
      ["iterations", "iterations"],
    ] as const) {
      const text = call.value(flag);
      if (text === undefined) continue;
      if (!/^\d*\.?\d+$/.test(text)) return call.fail(`bad ${what} '${text}'`);
      numbers[flag] = Number(text);
    }
    const user = call.value("user");
    const uid =
      user === undefined
        ? undefined
        : (process.host.users.byName(user)?.uid ?? (/^\d+$/.test(user) ? Number(user) : undefined));
    if (user !== undefined && uid === undefined) return call.fail("Invalid user");
    const rules: TopRules = {
      sort: sortField(call.value("sortOverride")),
      commandLines: call.has("command"),
      pids: call.options.values("pid").flatMap((text) => text.split(",").map(Number)),
      uid,
      idle: !call.has("idle"),
    };
    const delay = numbers["delay"] ?? 3;
    const most = numbers["iterations"] ?? Infinity;
    if (batch) {
      const width = call.has("width") ? Number(call.value("width") ?? "512") : 512;
      for (let at = 0; at < most; at++) {
        if (at > 0) await process.sleep(Math.min(FOREVER, delay * SECOND));
        const lines = frame(process, rules, Infinity);
        await call.out.print(`${at > 0 ? "\n" : ""}${lines.map((line) => `${cutColumns(line, width)}\n`).join("")}`);
        await call.out.flush();
      }
      return 0;
    }
    return interactive(call, rules, delay, most);
  },
});

function sortField(text: string | undefined): TopRules["sort"] {
  const name = (text ?? "%CPU").replace(/^[-+]/, "").toUpperCase();
  return name === "%MEM" || name === "RES"
    ? "memory"
    : name === "PID"
      ? "pid"
      : name === "TIME+" || name === "TIME"
        ? "time"
        : "cpu";
}

/** Redraws after every delay and every key; P, M, T and N sort, c shows command lines, q ends. */
async function interactive(call: Call<string>, given: TopRules, delay: number, most: number): Promise<number> {
  const { process } = call;
  const source = keyboard(process);
  if (!source?.tty) throw new Errno("ENOTTY");
  const tty = process.fds.get(1).tty!;
  const keys = new Keys(process, source);
  const before = source.tty.termios;
  source.tty.termios = { ...READLINE };
  const sorts: Record<string, TopRules["sort"]> = { P: "cpu", M: "memory", T: "time", N: "pid" };
  let rules = given;
  process.on("SIGWINCH", () => process.interrupt());
  process.on("SIGINT", () => {
    source.tty!.termios = before;
    process.on("SIGINT", undefined);
    process.signal("SIGINT");
  });
  try {
    await process.print("\x1b[H\x1b[2J");
    for (let at = 0; at < most; at++) {
      const lines = frame(process, rules, tty.rows).slice(0, tty.rows - 1);
      const shown = lines.map(
        (line, row) =>
          `${row === 6 ? "\x1b[7m" : ""}${row === 6 ? cutColumns(line, tty.cols).padEnd(tty.cols) : cutColumns(line, tty.cols)}${row === 6 ? "\x1b[m" : ""}\x1b[K`,
      );
      await process.print(`\x1b[H${shown.join("\n")}\x1b[J`);
      if (at + 1 >= most) break;
      const key = await nextKey(call, keys, source, delay * SECOND);
      if (key === "q" || key === "\x03") break;
      if (key !== undefined && sorts[key]) rules = { ...rules, sort: sorts[key] };
      else if (key === "c") rules = { ...rules, commandLines: !rules.commandLines };
      else if (key === "i") rules = { ...rules, idle: !rules.idle };
    }
    await process.print("\n");
  } finally {
    source.tty.termios = before;
  }
  return 0;
}

/** The next key, or undefined when the delay is over or the window has changed. */
async function nextKey(
  call: Call<string>,
  keys: Keys,
  source: { readable: boolean; onReadable(wake: () => void): () => void },
  delay: number,
): Promise<string | undefined> {
  const { process } = call;
  if (!source.readable) {
    try {
      await process.block<void>((wake) => {
        const ends = [source.onReadable(() => wake()), process.kernel.timer(Math.min(FOREVER, delay), () => wake())];
        return () => ends.forEach((end) => end());
      });
    } catch (error) {
      if (!(error instanceof Errno) || error.code !== "EINTR") throw error;
      return undefined;
    }
  }
  return source.readable ? keys.next() : undefined;
}
