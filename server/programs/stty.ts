import { COOKED, type Termios, type Tty } from "../sim/host/index.ts";
import type { Call } from "./gnu/tool.ts";
import { tool } from "./gnu/tool.ts";

type Flag = "icanon" | "isig" | "echo" | "icrnl" | "onlcr";

/** The modes that a terminal has here, in the order in which stty shows them. */
const FLAGS: readonly Flag[] = ["icrnl", "onlcr", "isig", "icanon", "echo"];
/** Several modes at once; `raw` and `cooked` leave the echo as it is. */
const COMBINATIONS: Readonly<Record<string, Partial<Termios>>> = {
  sane: COOKED,
  raw: { icanon: false, isig: false, icrnl: false, onlcr: false },
  "-raw": { icanon: true, isig: true, icrnl: true, onlcr: true },
  cooked: { icanon: true, isig: true, icrnl: true, onlcr: true },
  cbreak: { icanon: false },
  "-cbreak": { icanon: true },
};
/** What holds already: there is no flow control by keys. */
const HOLDS = new Set(["-ixon", "-ixoff", "-ixany", "-tostop", "iutf8"]);

export const stty = tool({
  name: "stty",
  package: "coreutils",
  summary: "change and print terminal line settings",
  usage: ["[SETTING]...", "[-a|--all]"],
  about: "Print or change terminal characteristics.",
  flags: { all: { short: "a", long: "all", help: "print all current settings in human-readable form" } },
  // Settings may begin with a dash, as options do.
  rewrite: (args) => (args.some((arg) => arg === "-a" || arg.startsWith("--")) ? args : ["--", ...args]),
  async run(call) {
    const { process, operands } = call;
    const tty = process.fds.find(0)?.tty;
    if (!tty) return call.fail("'standard input': Inappropriate ioctl for device");
    if (operands.length === 0) {
      await call.out.print(call.has("all") ? all(tty) : changed(tty));
      return 0;
    }
    for (let at = 0; at < operands.length; at++) {
      const [setting, value] = [operands[at]!, operands[at + 1]];
      if (["rows", "cols", "columns"].includes(setting)) {
        if (value === undefined) return call.usage(`missing argument to ${call.quote(setting)}`);
        if (!/^\d+$/.test(value)) return call.fail(`invalid integer argument: ${call.quote(value)}`);
        if (setting === "rows") tty.resize(tty.cols, Number(value));
        else tty.resize(Number(value), tty.rows);
        at++;
      } else if (setting === "size") await call.out.print(`${tty.rows} ${tty.cols}\n`);
      else if (setting === "speed") await call.out.print("38400\n");
      else {
        const modes = modesOf(setting);
        if (modes) tty.termios = { ...tty.termios, ...modes };
        else if (!HOLDS.has(setting)) return refuse(call, setting);
      }
    }
    return 0;
  },
});

function modesOf(setting: string): Partial<Termios> | undefined {
  const on = !setting.startsWith("-");
  const flag = FLAGS.find((name) => name === (on ? setting : setting.slice(1)));
  return flag ? { [flag]: on } : COMBINATIONS[setting];
}

async function refuse(call: Call<"all">, setting: string): Promise<number> {
  if (!KNOWN.test(setting)) return call.usage(`invalid argument ${call.quote(setting)}`);
  await call.process.error(`drydock: stty: '${setting}' is not simulated\n`);
  return 64;
}

/** Settings of the real one that a terminal does not have here. */
const KNOWN =
  /^(-?(parenb|parodd|cs[5-8]|hupcl|cstopb|cread|clocal|crtscts|ignbrk|brkint|ignpar|parmrk|inpck|istrip|inlcr|igncr|ixon|ixoff|iuclc|ixany|imaxbel|iutf8|opost|olcuc|ocrnl|onocr|onlret|ofill|ofdel|iexten|echoe|echok|echonl|noflsh|xcase|tostop|echoprt|echoctl|echoke|flusho|extproc|nl|lcase|decctlq|pass8|litout|evenp|oddp|parity)|intr|quit|erase|kill|eof|eol|eol2|start|stop|susp|werase|lnext|rprnt|discard|min|time|line|ispeed|ospeed|drain|ek|crt|dec|\d+|-[Fg].*)$/;

/** What is not as `sane` sets it. */
function changed(tty: Tty): string {
  const { termios } = tty;
  const input = termios.icrnl ? [] : ["-icrnl"];
  const output = termios.onlcr ? [] : ["-onlcr"];
  const local = (["isig", "icanon", "echo"] as const).filter((flag) => !termios[flag]).map((flag) => `-${flag}`);
  const control = termios.icanon ? [] : ["min = 1; time = 0;"];
  const groups = [control, input, output, local].filter((group) => group.length > 0);
  return ["speed 38400 baud; line = 0;", ...groups.map((group) => group.join(" ")), ""].join("\n");
}

function all(tty: Tty): string {
  const { termios } = tty;
  const shown = (flag: Flag): string => (termios[flag] ? flag : `-${flag}`);
  return [
    `speed 38400 baud; rows ${tty.rows}; columns ${tty.cols}; line = 0;`,
    "intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>; eol2 = <undef>; swtch = <undef>;",
    "susp = ^Z; werase = ^W; lnext = ^V; min = 1; time = 0;",
    `${shown("icrnl")} -ixon -ixoff -ixany iutf8`,
    shown("onlcr"),
    `${shown("isig")} ${shown("icanon")} ${shown("echo")} -tostop echoctl`,
    "",
  ].join("\n");
}
