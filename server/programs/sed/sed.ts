import { Errno } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { RegexLimitError } from "../../shell/regex/index.ts";
import { openOperand, readWhole } from "../gnu/input.ts";
import { isUtf8 } from "../gnu/locale.ts";
import { tool } from "../gnu/tool.ts";
import { compileScript, type Source } from "./compile.ts";
import { Execution } from "./execute.ts";
import { Input } from "./input.ts";
import { WriteFiles } from "./output.ts";

export const sed = tool({
  name: "sed",
  package: "sed",
  title: "sed (GNU sed)",
  summary: "stream editor for filtering and transforming text",
  usage: ["[OPTION]... {script-only-if-no-other-script} [input-file]..."],
  flags: {
    quiet: { short: "n", long: "quiet", help: "suppress automatic printing of pattern space" },
    silent: { long: "silent" },
    debug: { long: "debug", simulated: false },
    expression: {
      short: "e",
      long: "expression",
      arg: "script",
      help: "add the script to the commands to be executed",
    },
    file: { short: "f", long: "file", arg: "script-file", help: "add the contents of script-file to the commands to be executed" }, // prettier-ignore
    followLinks: { long: "follow-symlinks", help: "follow symlinks when processing in place" },
    inPlace: { short: "i", long: "in-place", arg: "SUFFIX", optional: true, help: "edit files in place (makes backup if SUFFIX supplied)" }, // prettier-ignore
    lineLength: { short: "l", long: "line-length", arg: "N", help: "specify the desired line-wrap length for the `l' command" }, // prettier-ignore
    posix: { long: "posix", help: "disable all GNU extensions" },
    extended: { short: "Er", long: "regexp-extended", help: "use extended regular expressions in the script" },
    separate: { short: "s", long: "separate", help: "consider files as separate rather than as a single continuous long stream" }, // prettier-ignore
    sandbox: { long: "sandbox", help: "operate in sandbox mode (disable e/r/w commands)" },
    unbuffered: { short: "u", long: "unbuffered", help: "(no effect: output is written before sed waits)" },
    zero: { short: "z", long: "null-data", help: "separate lines by NUL characters" },
    zero2: { long: "zero-terminated" },
    binary: { short: "b", long: "binary", help: "(no effect)" },
  },
  async run(call) {
    const { process } = call;
    const sources: Source[] = [];
    let operands = call.operands;
    for (const { flag, value } of call.options.given) {
      if (flag === "expression") sources.push({ text: value!, file: undefined });
      if (flag !== "file") continue;
      const file = openOperand(process, value!);
      if (file instanceof Errno) return call.fail(`couldn't open file ${value!}: ${file.message}`, 4);
      sources.push({ text: decode(await readWhole(process, file, call.out)), file: value! });
    }
    if (sources.length === 0) {
      if (operands.length === 0) {
        await process.error(
          `Usage: ${call.name} [OPTION]... {script-only-if-no-other-script} [input-file]...\n\nTry '${call.name} --help' for the options that exist here.\n`,
        );
        return 1;
      }
      sources.push({ text: operands[0]!, file: undefined });
      operands = operands.slice(1);
    }
    const lengthText = call.value("lineLength");
    if (lengthText !== undefined && !/^\d+$/.test(lengthText)) return call.fail(`invalid line length: ${lengthText}`);
    const inPlace = call.has("inPlace") ? (call.value("inPlace") ?? "") : undefined;
    const separate = call.has("separate") || inPlace !== undefined;
    const utf8 = isUtf8(process.env);
    const posix = call.has("posix");
    const script = compileScript(sources, {
      extended: call.has("extended"),
      posix,
      utf8,
      sandbox: call.has("sandbox"),
    });
    if ("message" in script) {
      if (script.code === 64) await process.error(`${script.message}\n`);
      else await call.say(script.message);
      return script.code;
    }
    if (inPlace !== undefined && operands.length === 0) return call.fail("no input files", 4);
    const delimiter = call.has("zero") || call.has("zero2") ? "\0" : "\n";
    const writes = new WriteFiles(call, delimiter);
    const problem = writes.open(script.writes);
    if (problem !== undefined) return call.fail(problem, 4);
    const names = operands.length > 0 ? operands : ["-"];
    const resolved = call.has("followLinks") ? names.map((name) => (process.host.files.exists(name, process) ? process.host.files.realpath(name, process) : name)) : names; // prettier-ignore
    const input = new Input(call, resolved, { separate, inPlace: inPlace !== undefined, delimiter, utf8 });
    const execution = new Execution(call, script, input, writes, {
      quiet: call.has("quiet") || call.has("silent") || script.quiet,
      posix,
      separate,
      inPlace,
      delimiter,
      lineLength: lengthText === undefined ? 70 : Number(lengthText),
      utf8,
    });
    try {
      const code = await execution.run();
      return code === 0 ? call.status : code;
    } catch (error) {
      if (!(error instanceof RegexLimitError)) throw error;
      await call.out.flush();
      await process.error(`drydock: sed: ${error.message}\n`);
      return 4;
    }
  },
});
