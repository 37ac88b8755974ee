import { attempt, Errno, resolve } from "../sim/host/index.ts";
import { becomeCommand, codeOf } from "./gnu/execute.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";

export const env = tool({
  name: "env",
  package: "coreutils",
  summary: "run a program in a modified environment",
  usage: ["[OPTION]... [-] [NAME=VALUE]... [COMMAND [ARG]...]"],
  about: "Set each NAME to VALUE in the environment and run COMMAND.",
  stopAtOperand: true,
  trouble: 125,
  flags: {
    ignore: { short: "i", long: "ignore-environment", help: "start with an empty environment" },
    null: { short: "0", long: "null", help: "end each output line with NUL, not newline" },
    unset: { short: "u", long: "unset", arg: "NAME", help: "remove variable from the environment" },
    chdir: { short: "C", long: "chdir", arg: "DIR", help: "change working directory to DIR" },
    split: { short: "S", long: "split-string", arg: "S", help: "process and split S into separate arguments" },
    block: { long: "block-signal", arg: "SIG", optional: true, simulated: false },
    default: { long: "default-signal", arg: "SIG", optional: true, simulated: false },
    ignoreSignal: { long: "ignore-signal", arg: "SIG", optional: true, simulated: false },
    list: { long: "list-signal-handling", simulated: false },
    debug: { short: "v", long: "debug", simulated: false },
  },
  rewrite(args) {
    // -S comes first, as in `#!/usr/bin/env -S node --flag`.
    const match = /^-(v?)S(.*)$/.exec(args[0] ?? "") ?? /^--split-string=()(.*)$/.exec(args[0] ?? "");
    if (!match) return args;
    const text = match[2] === "" ? (args[1] ?? "") : match[2]!;
    return [...splitWords(text), ...args.slice(match[2] === "" ? 2 : 1)];
  },
  async run(call) {
    const { process } = call;
    const words = [...call.operands];
    let clear = call.has("ignore");
    if (words[0] === "-") {
      clear = true;
      words.shift();
    }
    const environment: Record<string, string> = clear ? {} : { ...process.env };
    for (const name of call.options.values("unset")) {
      if (name === "" || name.includes("=")) return call.fail(`cannot unset ${call.quote(name)}: Invalid argument`);
      delete environment[name];
    }
    while (words[0]?.includes("=")) {
      const word = words.shift()!;
      environment[word.slice(0, word.indexOf("="))] = word.slice(word.indexOf("=") + 1);
    }
    const directory = call.value("chdir");
    if (directory !== undefined && words.length === 0) return call.usage("must specify command with --chdir (-C)");
    if (words.length === 0) {
      await call.out.print(Object.entries(environment).map(([name, value]) => `${name}=${value}${call.has("null") ? "\0" : "\n"}`).join("")); // prettier-ignore
      return 0;
    }
    if (call.has("null")) return call.usage("cannot specify --null (-0) with command");
    if (directory !== undefined) {
      const stat = attempt(() => process.host.files.stat(directory, process));
      const problem = stat instanceof Errno ? stat : stat.type === "dir" ? undefined : new Errno("ENOTDIR");
      if (problem) return call.fail(`cannot change directory to ${shellQuote(directory)}: ${problem.message}`);
      process.update({ cwd: process.host.files.realpath(resolve(process.cwd, directory), process) });
    }
    return run(call, words, environment);
  },
});

async function run(
  call: Call<string>,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  const error = await becomeCommand(call.process, words, environment);
  await call.say(`${call.quote(words[0]!)}: ${error.message}`);
  if (error.code === "ENOENT" && words[0]!.includes(" ")) await call.say("use -[v]S to pass options in shebang lines");
  return codeOf(error);
}

/** The words of -S: quotes and backslashes as in a shell, without expansions. */
function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [match] of text.matchAll(/(?:'[^']*'|"(?:[^"\\]|\\.)*"|\\.|[^\s'"\\])+/g))
    words.push(match.replace(/'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/g, (_, single?: string, double?: string, one?: string) => single ?? double?.replace(/\\(.)/g, "$1") ?? (one === "_" ? " " : (one ?? "")))); // prettier-ignore
  return words;
}
