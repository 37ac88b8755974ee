import { attempt, Errno } from "../sim/host/index.ts";
import { calendar, fromCalendar, type Time } from "../sim/kernel/index.ts";
import { parseDateText } from "./gnu/date-text.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { zoneOf } from "./gnu/strftime.ts";
import { tool } from "./gnu/tool.ts";

export const touch = tool({
  name: "touch",
  package: "coreutils",
  summary: "change file timestamps",
  usage: ["[OPTION]... FILE..."],
  about:
    "Update the access and modification times of each FILE to the current time.\n\nA FILE argument that does not exist is created empty, unless -c or -h\nis supplied.",
  flags: {
    access: { short: "a", simulated: false },
    noCreate: { short: "c", long: "no-create", help: "do not create any files" },
    date: { short: "d", long: "date", arg: "STRING", help: "parse STRING and use it instead of current time" },
    ignored: { short: "f", help: "(ignored)" },
    noDereference: {
      short: "h",
      long: "no-dereference",
      help: "affect each symbolic link instead of any referenced file",
    },
    modified: { short: "m", help: "change only the modification time" },
    reference: { short: "r", long: "reference", arg: "FILE", help: "use this file's times instead of current time" },
    stamp: { short: "t", arg: "STAMP", help: "use [[CC]YY]MMDDhhmm[.ss] instead of current time" },
    time: { long: "time", arg: "WORD", simulated: false },
  },
  async run(call) {
    const { process, operands } = call;
    const { files } = process.host;
    let time: Time = process.now;
    const stamp = call.value("stamp");
    const reference = call.value("reference");
    const date = call.value("date");
    if (stamp !== undefined && (reference !== undefined || date !== undefined))
      return call.usage("cannot specify times from more than one source");
    if (stamp !== undefined) {
      const given = parseStamp(stamp, process.now);
      if (given === undefined) return call.fail(`invalid date format ${call.quote(stamp)}`);
      time = given;
    }
    if (reference !== undefined) {
      const stat = attempt(() => files.stat(reference, process));
      if (stat instanceof Errno)
        return call.fail(`failed to get attributes of ${shellQuote(reference)}: ${stat.message}`);
      time = stat.mtime;
    }
    if (date !== undefined) {
      const given = parseDateText(date, time, zoneOf(process.env["TZ"]));
      if (given === undefined) return call.fail(`invalid date format ${call.quote(date)}`);
      time = given;
    }
    if (operands.length === 0) return call.usage("missing file operand");
    const follow = !call.has("noDereference");
    for (const path of operands) {
      const exists = attempt(() => (follow ? files.stat(path, process) : files.lstat(path, process)));
      if (exists instanceof Errno) {
        if (call.has("noCreate") || !follow) {
          if (exists.code !== "ENOENT" || (!follow && !call.has("noCreate")))
            await call.warn(`setting times of ${shellQuote(path)}: ${exists.message}`);
          continue;
        }
        const made = attempt(() => files.write(path, "", {}, process));
        if (made instanceof Errno) {
          if (made.code === "EISDIR")
            await call.warn(`setting times of ${shellQuote(path)}: No such file or directory`);
          else await call.warn(`cannot touch ${shellQuote(path)}: ${made.message}`);
          continue;
        }
      }
      const set = attempt(() => files.utimes(path, time, process, follow));
      if (set instanceof Errno) await call.warn(`setting times of ${shellQuote(path)}: ${set.message}`);
    }
    return call.status;
  },
});

function parseStamp(text: string, now: Time): Time | undefined {
  const match = /^(?:(\d\d)?(\d\d))?(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d\d))?$/.exec(text);
  if (!match) return undefined;
  const [, century, years, month, day, hour, minute, second] = match;
  const year =
    years === undefined
      ? calendar(now).year
      : century === undefined
        ? Number(years) + (Number(years) < 69 ? 2000 : 1900)
        : Number(century) * 100 + Number(years);
  const parts = [Number(month), Number(day), Number(hour), Number(minute), Number(second ?? 0)] as const;
  if (parts[0] < 1 || parts[0] > 12 || parts[1] < 1 || parts[1] > 31 || parts[2] > 23 || parts[3] > 59 || parts[4] > 60)
    return undefined;
  return fromCalendar(year, ...parts);
}
