import { parseSignal, SIGNAL_NAMES, signalNumber, type Process, type Program, type Signal } from "../sim/host/index.ts";
import { sendSignal } from "./procps/send-signal.ts";

/** procps' kill; shells have their own. */
export const kill: Program = {
  name: "kill",
  summary: "send a signal to a process",
  async run(process, args) {
    const name = process.argv[0] ?? "kill";
    const words = [...args];
    let signal: Signal | 0 = "SIGTERM";
    for (;;) {
      const word = words[0];
      if (word === undefined || word === "--" || !word.startsWith("-") || word === "-") break;
      words.shift();
      if (word === "-l" || word.startsWith("--list") || word === "-L" || word === "--table") {
        const what = word.includes("=") ? word.slice(word.indexOf("=") + 1) : words.shift();
        return list(process, name, what, word === "-L" || word === "--table");
      }
      if (word === "-h" || word === "--help") {
        await process.print(USAGE);
        return 0;
      }
      if (word === "-q" || word === "--queue") {
        await process.error(`drydock: kill: '${word}' is not simulated\n`);
        return 64;
      }
      const text =
        word === "-s" || word === "--signal"
          ? (words.shift() ?? "")
          : word.startsWith("--signal=")
            ? word.slice(9)
            : word.slice(1);
      const found = text === "0" ? 0 : parseSignal(text);
      if (found === undefined) {
        await process.error(`${name}: invalid argument ${text[0] ?? ""}\n\n${USAGE.trimStart()}`);
        return 1;
      }
      signal = found;
    }
    if (words[0] === "--") words.shift();
    if (words.length === 0) {
      await process.error(USAGE);
      return 1;
    }
    let code = 0;
    for (const word of words) {
      if (!/^-?\d+$/.test(word)) {
        await process.error(`${name}: failed to parse argument: '${word}'\n`);
        code = 1;
        continue;
      }
      const problem = sendSignal(process, Number(word), signal);
      if (!problem) continue;
      await process.error(`${name}: (${word}): ${problem.message}\n`);
      code = 1;
    }
    return code;
  },
};

const USAGE = `
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see kill(1).
`;

async function list(process: Process, name: string, what: string | undefined, table: boolean): Promise<number> {
  const names = SIGNAL_NAMES.map((signal) => (signal === "SIGIO" ? "POLL" : signal.slice(3)));
  if (what !== undefined) {
    const number = Number(what) > 128 ? Number(what) - 128 : what;
    const signal = parseSignal(String(number));
    if (!signal) {
      await process.error(`${name}: unknown signal name ${what}\n`);
      return 1;
    }
    await process.print(`${/^\d+$/.test(what) ? signal.slice(3) : signalNumber(signal)}\n`);
    return 0;
  }
  if (!table) await process.print(`${names.slice(0, 16).join(" ")}\n${names.slice(16).join(" ")}\n`);
  else {
    const cells = names.map((one, at) => `${String(at + 1).padStart(2)} ${one.padEnd(8)}`);
    for (let at = 0; at < cells.length; at += 7)
      await process.print(
        `${cells
          .slice(at, at + 7)
          .join("")
          .trimEnd()}\n`,
      );
  }
  return 0;
}
