import type { Process, Program } from "../../sim/host/index.ts";
import { isRegexError, compile } from "../../shell/regex/index.ts";
import { Output } from "../gnu/output.ts";
import { versionOf } from "../gnu/versions.ts";
import { parseOptions, type Options } from "../options.ts";
import { loadFiles, systemFiles } from "./load.ts";
import { readKeys, type Shown } from "./read.ts";
import { parseSetting, writeSetting, type Setting } from "./settings.ts";
import { SYSCTL_USAGE } from "./usage.ts";

const FLAGS = {
  all: { short: "aAX", long: "all" },
  deprecated: { long: "deprecated" },
  dryRun: { long: "dry-run" },
  binary: { short: "b", long: "binary" },
  ignore: { short: "e", long: "ignore" },
  names: { short: "N", long: "names" },
  values: { short: "n", long: "values" },
  load: { short: "pf", long: "load", arg: "file", optional: true },
  system: { long: "system" },
  pattern: { short: "r", long: "pattern", arg: "expression" },
  quiet: { short: "q", long: "quiet" },
  write: { short: "w", long: "write" },
  nothing: { short: "ox" },
  help: { short: "hd", long: "help" },
  version: { short: "V", long: "version" },
} as const;

type Flag = keyof typeof FLAGS;

/** Reads and sets kernel parameters by way of /proc/sys (procps-ng src/sysctl.c). */
export const sysctl: Program = {
  name: "sysctl",
  summary: "configure kernel parameters at runtime",
  async run(process, args) {
    const options = parseOptions(FLAGS, args);
    if ("notSimulated" in options) return 64;
    if ("problem" in options) {
      await process.error(`sysctl: ${options.problem}\n`);
      await process.print(SYSCTL_USAGE);
      return 0;
    }
    const call = new SysctlCall(process, options);
    const status = await run(call, options);
    await call.flush();
    return status;
  },
};

async function run(call: SysctlCall, options: Options<Flag>): Promise<number> {
  const { process } = call;
  const { operands } = options;
  if (options.has("help")) {
    await process.print(SYSCTL_USAGE);
    return 0;
  }
  if (options.has("version")) {
    await process.print(`sysctl from procps-ng ${versionOf(process, "procps")}\n`);
    return 0;
  }
  const pattern = options.value("pattern");
  if (pattern !== undefined) {
    const compiled = compile(pattern, { syntax: "extended", reader: "regcomp" });
    if (isRegexError(compiled)) {
      await process.error(`sysctl: invalid pattern: ${pattern}\n`);
      return 1;
    }
    call.pattern = (key) => compiled.test(key);
  }
  if (options.has("all")) {
    await readKeys(call, "");
    return 0;
  }
  if (options.has("system")) return loadFiles(call, systemFiles(process.host), "announce");
  if (options.has("load")) {
    const given = options.value("load");
    const files = [...(given === undefined ? [] : [given]), ...operands];
    return loadFiles(call, files.length > 0 ? files : ["/etc/sysctl.conf"]);
  }
  if (operands.length > 0) return settings(call, operands, options.has("write"));
  if (options.given.length > 0) {
    await call.complain("no variables specified\nTry `sysctl --help' for more information.");
    return 1;
  }
  await process.print(SYSCTL_USAGE);
  return 1;
}

/** Each word is read, or set if it has a `=`. With -w all are settings. */
async function settings(call: SysctlCall, words: readonly string[], write: boolean): Promise<number> {
  let failures = 0;
  for (const word of words) {
    if (!write && !word.includes("=")) {
      failures += await readKeys(call, word);
      continue;
    }
    const setting = parseSetting(word);
    if (setting) failures += await writeSetting(call, setting);
    else {
      failures++;
      if (word.length > 1) await call.complain("command line(0): invalid syntax, continuing...");
    }
  }
  return write ? Math.min(failures, 1) : failures;
}

/** One run: who runs it, and how it is to print. */
export class SysctlCall {
  readonly process: Process;
  readonly shown: Shown;
  readonly dryRun: boolean;
  readonly ignore: boolean;
  pattern: ((key: string) => boolean) | undefined;
  readonly #quiet: boolean;
  readonly #out: Output;

  constructor(process: Process, options: Options<Flag>) {
    this.process = process;
    this.shown = options.has("names")
      ? "names"
      : options.has("binary")
        ? "bare"
        : options.has("values")
          ? "values"
          : "both";
    this.dryRun = options.has("dryRun");
    this.ignore = options.has("ignore");
    this.#quiet = options.has("quiet");
    this.#out = new Output(process);
  }

  async show(key: string, value: string): Promise<void> {
    const text = { names: `${key}\n`, bare: value, values: `${value}\n`, both: `${key} = ${value}\n` }[this.shown];
    await this.#out.print(text);
  }

  async announce(text: string): Promise<void> {
    if (!this.#quiet) await this.#out.print(text);
  }

  async showSetting(setting: Setting): Promise<void> {
    if (!this.#quiet) await this.show(setting.key, setting.value);
  }

  /** A message; on a terminal it comes behind what was printed before. */
  async complain(message: string): Promise<void> {
    if (this.process.isTty(1)) await this.flush();
    await this.process.error(`sysctl: ${message}\n`);
  }

  async flush(): Promise<void> {
    await this.#out.flush();
  }
}
