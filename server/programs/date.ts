import { attempt, Errno } from "../sim/host/index.ts";
import { decode, type Time } from "../sim/kernel/index.ts";
import { parseDateText } from "./gnu/date-text.ts";
import { openOperand, readWhole, splitLines } from "./gnu/input.ts";
import { quoteIfNeeded } from "./gnu/quoting.ts";
import { strftime, UTC, zoneOf } from "./gnu/strftime.ts";
import { tool } from "./gnu/tool.ts";

const ISO = [
  [["hours"], "%Y-%m-%dT%H%:z"],
  [["minutes"], "%Y-%m-%dT%H:%M%:z"],
  [["date"], "%Y-%m-%d"],
  [["seconds"], "%Y-%m-%dT%H:%M:%S%:z"],
  [["ns"], "%Y-%m-%dT%H:%M:%S,%N%:z"],
] as const;
const RFC_3339 = [
  [["date"], "%Y-%m-%d"],
  [["seconds"], "%Y-%m-%d %H:%M:%S%:z"],
  [["ns"], "%Y-%m-%d %H:%M:%S.%N%:z"],
] as const;

export const date = tool({
  name: "date",
  package: "coreutils",
  summary: "print or set the system date and time",
  usage: ["[OPTION]... [+FORMAT]"],
  about: "Display date and time in the given FORMAT.",
  flags: {
    date: { short: "d", long: "date", arg: "STRING", help: "display time described by STRING, not 'now'" },
    debug: { long: "debug", simulated: false },
    file: { short: "f", long: "file", arg: "DATEFILE", help: "like --date; once for each line of DATEFILE" },
    iso: { short: "I", long: "iso-8601", arg: "FMT", optional: true, help: "output date/time in ISO 8601 format. FMT='date' for date only (the default), 'hours', 'minutes', 'seconds', or 'ns'" }, // prettier-ignore
    resolution: { long: "resolution", help: "output the available resolution of timestamps" },
    email: { short: "R", long: "rfc-email", help: "output date and time in RFC 5322 format" },
    rfc3339: {
      long: "rfc-3339",
      arg: "FMT",
      help: "output date/time in RFC 3339 format. FMT='date', 'seconds', or 'ns'",
    },
    reference: { short: "r", long: "reference", arg: "FILE", help: "display the last modification time of FILE" },
    set: { short: "s", long: "set", arg: "STRING", simulated: false },
    utc: { short: "u", long: "utc", help: "print or set Coordinated Universal Time (UTC)" },
    universal: { long: "universal" },
  },
  async run(call) {
    const { process, operands, options } = call;
    const formats = options.given.filter(({ flag }) => flag === "iso" || flag === "rfc3339" || flag === "email");
    const sources = (["date", "file", "reference", "resolution"] as const).filter((flag) => call.has(flag));
    if (sources.length > 1) return call.usage("the options to specify dates for printing are mutually exclusive");
    const [operand] = operands;
    const format = operand?.startsWith("+") ? operand.slice(1) : undefined;
    if (formats.length > 1 || (formats.length > 0 && format !== undefined))
      return call.fail("multiple output formats specified");
    if (operands.length > 1) return call.usage(`extra operand ${call.quote(operands[1]!)}`);
    if (operand !== undefined && format === undefined) {
      if (sources.length > 0)
        return call.usage(
          `the argument ${call.quote(operand)} lacks a leading '+';\nwhen using an option to specify date(s), any non-option\nargument must be a format string beginning with '+'`,
        );
      if (/^\d{8}(?:\d\d|\d{4})?(?:\.\d\d)?$/.test(operand)) return call.notSimulated("setting the clock");
      return call.fail(`invalid date ${call.quote(operand)}`);
    }
    const chosen = formats[0];
    const named = chosen?.flag === "iso" ? ISO : RFC_3339;
    const precision = await call.choose(
      chosen?.flag === "iso" ? "--iso-8601" : "--rfc-3339",
      chosen?.value ?? "date",
      named,
    );
    if (typeof precision === "number") return precision;
    const zone = call.has("utc") || call.has("universal") ? UTC : zoneOf(process.env["TZ"]);
    const pattern =
      format ??
      (chosen === undefined
        ? "%a %b %e %H:%M:%S %Z %Y"
        : chosen.flag === "email"
          ? "%a, %d %b %Y %H:%M:%S %z"
          : precision.meaning);
    const show = (time: Time): void | Promise<void> => call.out.print(`${strftime(pattern, time, zone)}\n`);
    if (call.has("resolution")) await call.out.print("0.000001000\n");
    else if (call.has("reference")) {
      const path = call.value("reference")!;
      const stat = attempt(() => process.host.files.stat(path, process));
      if (stat instanceof Errno) return call.fail(`${quoteIfNeeded(path)}: ${stat.message}`);
      await show(stat.mtime);
    } else if (call.has("file")) {
      const path = call.value("file")!;
      const file = openOperand(process, path);
      if (file instanceof Errno) return call.fail(`${quoteIfNeeded(path)}: ${file.message}`);
      for (const line of splitLines(await readWhole(process, file, call.out))) {
        const time = parseDateText(decode(line), process.now, zone);
        if (time === undefined) await call.warn(`invalid date ${call.quote(decode(line))}`);
        else await show(time);
      }
    } else {
      const text = call.value("date");
      const time = text === undefined ? process.now : parseDateText(text === "" ? "00:00" : text, process.now, zone);
      if (time === undefined) return call.fail(`invalid date ${call.quote(text!)}`);
      await show(time);
    }
    return call.status;
  },
});
