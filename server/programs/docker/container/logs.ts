import { CONTAINER_ROOT, isRefused, type Engine } from "../../../sim/docker/index.ts";
import { encode, parseRfc3339, type Time } from "../../../sim/kernel/index.ts";
import { parseGoDuration } from "../../../sim/kube/api/index.ts";
import { bool, text } from "../../kubectl/cobra/flag.ts";
import { answered, command, Fatal } from "../command.ts";

interface Entry {
  readonly log: string;
  readonly stream: "stdout" | "stderr";
  readonly time: string;
}

export const logs = command({
  name: "logs",
  use: "[OPTIONS] CONTAINER",
  summary: "Fetch the logs of a container",
  arguments: [1, 1],
  flags: {
    details: bool("(not simulated) details"),
    follow: bool("Follow log output", { shorthand: "f" }),
    since: text('Show logs since timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)'),
    tail: text("Number of lines to show from the end of the logs", { shorthand: "n", initial: "all" }),
    timestamps: bool("Show timestamps", { shorthand: "t" }),
    until: text('Show logs before a timestamp (e.g. "2013-01-02T13:23:37Z") or relative (e.g. "42m" for 42 minutes)'),
  },
  async run({ process, engine, flags, args }) {
    const row = answered(engine.container(args[0]!), isRefused);
    const since = moment("since", flags.since, process.now);
    const until = moment("until", flags.until, process.now);
    const tail = /^\d+$/.test(flags.tail) ? Number(flags.tail) : Infinity;
    const wanted = (entry: Entry): boolean => {
      const time = parseRfc3339(entry.time) ?? 0;
      return (since === undefined || time >= since) && (until === undefined || time <= until);
    };
    const tty = row.spec.tty;
    const show = async (entries: readonly Entry[]): Promise<void> => {
      for (const { log, stream, time } of entries)
        await process.write(stream === "stdout" || tty ? 1 : 2, encode(`${flags.timestamps ? `${time} ` : ""}${log}`));
    };
    let data = read(engine, row.id);
    const entries = data.entries.filter(wanted);
    await show(tail === Infinity ? entries : tail === 0 ? [] : entries.slice(-tail));
    while (flags.follow && engine.containers.has(row.id) && engine.isRunning(row.id)) {
      await process.block<void>((wake) => engine.runtime.followLog(row.id, () => wake()));
      const from = data.size;
      if (!engine.containers.has(row.id)) break;
      data = read(engine, row.id, from);
      await show(data.entries.filter(wanted));
    }
  },
});

function read(engine: Engine, id: string, from = 0): { entries: Entry[]; size: number } {
  const text = engine.host.readText(`${CONTAINER_ROOT}/${id}/${id}-json.log`) ?? "";
  const lines = text
    .slice(from)
    .split("\n")
    .filter((line) => line !== "");
  return { entries: lines.map((line) => JSON.parse(line) as Entry), size: text.length };
}

function moment(name: string, text: string, now: Time): Time | undefined {
  if (text === "") return undefined;
  const ago = parseGoDuration(text);
  if (ago !== undefined) return now - ago;
  const at = parseRfc3339(text) ?? (/^\d+$/.test(text) ? Number(text) * 1_000_000 : undefined);
  if (at === undefined)
    throw new Fatal(`invalid value for "${name}": failed to parse value as time or duration: "${text}"`);
  return at;
}
