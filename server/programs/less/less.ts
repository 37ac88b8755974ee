import { attempt, Errno } from "../../sim/host/index.ts";
import { openOperand, closeOperand, readWhole } from "../gnu/input.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { page, pagerText } from "./pager.ts";

const FLAGS = {
  chop: { short: "S", long: "chop-long-lines", help: "Chop (truncate) long lines rather than wrapping." },
  quitIfOne: { short: "F", long: "quit-if-one-screen", help: "Quit if entire file fits on first screen." },
  quitAtEof: { short: "e", long: "quit-at-eof", help: "Quit at end of file (second time)." },
  quitAtFirst: { short: "E", long: "QUIT-AT-EOF", help: "Quit at end of file." },
  noInit: { short: "X", long: "no-init", help: "Don't use termcap init/deinit strings." },
  raw: { short: "rR", long: "RAW-CONTROL-CHARS", help: 'Output "raw" control characters (colours always are).' },
  numbers: { short: "N", long: "LINE-NUMBERS", help: "Use line number at start of each line." },
  noNumbers: { short: "n", long: "line-numbers", help: "(no effect: line numbers cost nothing)" },
  ignoreLower: { short: "i", long: "ignore-case", help: "Ignore case in searches that do not contain uppercase." },
  ignoreCase: { short: "I", long: "IGNORE-CASE", help: "Ignore case in all searches." },
  quiet: { short: "qQ", long: "quiet", help: "Quiet the terminal bell (there is none)." },
  long: { short: "mM", long: "LONG-PROMPT", help: "Long prompt, with line numbers." },
  interrupt: { short: "K", long: "quit-on-intr", help: "Exit less in response to ctrl-C." },
  squeeze: { short: "s", long: "squeeze-blank-lines", help: "Squeeze multiple blank lines." },
  force: { short: "f", long: "force", help: "Force open non-regular files." },
  others: { short: "abBcCdDgGhjJkLoOpPtTuUVwWxyz", simulated: false },
} as const;

export const less = tool({
  name: "less",
  package: "less",
  title: "less",
  summary: "opposite of more",
  usage: ["[options] [file]..."],
  flags: FLAGS,
  rewrite: withoutCommands,
  run: (call) => show(call, false),
});

export const more = tool({
  name: "more",
  package: "util-linux",
  title: "more from util-linux",
  summary: "display the contents of a file in a terminal",
  usage: ["[options] <file>..."],
  flags: FLAGS,
  rewrite: withoutCommands,
  run: (call) => show(call, true),
});

/** `+G` and `+NUM` are commands at the start. */
function withoutCommands(args: readonly string[]): readonly string[] {
  return args.filter((arg) => !arg.startsWith("+"));
}

async function show(call: Call<string>, more: boolean): Promise<number> {
  const { process, operands } = call;
  if (operands.length === 0 && process.isTty(0)) {
    await process.error(
      more
        ? "more: bad usage\nTry 'more --help' for more information.\n"
        : 'Missing filename ("less --help" for help)\n',
    );
    return 1;
  }
  const commands = process.row.argv.filter((word) => word.startsWith("+"));
  let text = "";
  let code = 0;
  for (const name of operands.length > 0 ? operands : ["-"]) {
    const stat = name === "-" ? undefined : attempt(() => process.host.files.stat(name, process));
    if (!(stat instanceof Errno) && stat?.type === "dir") {
      await process.error(more ? `\n*** ${name}: directory ***\n\n` : `${name} is a directory\n`);
      code = 1;
      continue;
    }
    const file = openOperand(process, name);
    if (file instanceof Errno) {
      await process.error(more ? `more: cannot open ${name}: ${file.message}\n` : `${name}: ${file.message}\n`);
      code = 1;
      continue;
    }
    const bytes = await readWhole(process, file, call.out);
    if (more && operands.length > 1) text += `::::::::::::::\n${name}\n::::::::::::::\n`;
    // On a terminal control characters are shown; elsewhere less is cat.
    text += process.isTty(1) ? pagerText(bytes) : bytes;
    if (name !== "-") closeOperand(process, file);
  }
  if (text === "" && code !== 0) return code;
  if (!process.isTty(1)) {
    await process.write(1, text);
    return code;
  }
  const squeezed = call.has("squeeze") ? text.replace(/\n{3,}/g, "\n\n") : text;
  const own = options(process.env["LESS"] ?? "");
  const has = (letter: string, flag: keyof typeof FLAGS): boolean => call.has(flag) || own.has(letter);
  const shown = await page(process, squeezed, {
    chop: has("S", "chop"),
    quitIfOneScreen: has("F", "quitIfOne"),
    quitAtEnd: has("e", "quitAtEof") || has("E", "quitAtFirst"),
    keepScreen: more || has("X", "noInit"),
    numbers: has("N", "numbers"),
    ignoreCase: has("I", "ignoreCase") ? "always" : has("i", "ignoreLower") ? "lower" : "never",
    longPrompt: has("M", "long"),
    quitOnInterrupt: has("K", "interrupt"),
    atEnd: commands.includes("+G"),
    more,
    ...(operands.length > 0 ? { name: operands[0]! } : {}),
  });
  return shown || code;
}

function options(text: string): Set<string> {
  return new Set(text.replace(/[-\s]/g, ""));
}
