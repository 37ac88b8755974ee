import { journalOf, type JournalLine } from "../../sim/host/index.ts";
import { strftime } from "../gnu/strftime.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { page, SYSTEMD_PAGER } from "../less/pager.ts";
import { explanation } from "./catalog.ts";
import { filterOf, type Filter } from "./filter.ts";
import { formatEntry, OUTPUTS, type FormatRules } from "./format.ts";

export const journalctl = tool({
  name: "journalctl",
  package: "systemd",
  title: "systemd",
  summary: "Print log entries from the systemd journal",
  usage: ["[OPTIONS...] [MATCHES...]"],
  about: "Query the journal.",
  noHint: true,
  flags: {
    since: { short: "S", long: "since", arg: "DATE", help: "Show entries not older than the specified date" },
    until: { short: "U", long: "until", arg: "DATE", help: "Show entries not newer than the specified date" },
    boot: { short: "b", long: "boot", arg: "ID", optional: true, help: "Show current boot or the specified boot" },
    listBoots: { long: "list-boots", help: "Show terse information about recorded boots" },
    unit: { short: "u", long: "unit", arg: "UNIT", help: "Show logs from the specified unit" },
    userUnit: { long: "user-unit", arg: "UNIT", simulated: false },
    identifier: {
      short: "t",
      long: "identifier",
      arg: "STRING",
      help: "Show entries with the specified syslog identifier",
    },
    priority: { short: "p", long: "priority", arg: "RANGE", help: "Show entries within the specified priority range" },
    grep: { short: "g", long: "grep", arg: "PATTERN", help: "Show entries with MESSAGE matching PATTERN" },
    caseSensitive: {
      long: "case-sensitive",
      arg: "BOOL",
      optional: true,
      help: "Force case sensitive or insensitive matching",
    },
    dmesg: { short: "k", long: "dmesg", help: "Show kernel message log from the current boot" },
    output: { short: "o", long: "output", arg: "STRING", help: "Change journal output mode" },
    noHostname: { long: "no-hostname", help: "Suppress output of hostname field" },
    full: { short: "l", long: "full", help: "(default)" },
    all: { short: "a", long: "all", help: "Show all fields, including long and unprintable" },
    follow: { short: "f", long: "follow", help: "Follow the journal" },
    end: { short: "e", long: "pager-end", help: "Immediately jump to the end in the pager" },
    lines: { short: "n", long: "lines", arg: "INTEGER", optional: true, help: "Number of journal entries to show" },
    noTail: { long: "no-tail", help: "Show all lines, even in follow mode" },
    reverse: { short: "r", long: "reverse", help: "Show the newest entries first" },
    utc: { long: "utc", help: "Express time in Coordinated Universal Time (UTC)" },
    catalog: { short: "x", long: "catalog", help: "Add message explanations where available" },
    quiet: { short: "q", long: "quiet", help: "Do not show info messages and privilege warning" },
    noPager: { long: "no-pager", help: "Do not pipe output into a pager" },
    diskUsage: { long: "disk-usage", help: "Show total disk usage of all journal files" },
    fields: { short: "N", long: "fields", simulated: false },
    field: { short: "F", long: "field", arg: "FIELD", simulated: false },
    cursor: { short: "c", long: "cursor", arg: "CURSOR", simulated: false },
    merge: { short: "m", long: "merge", help: "Show entries from all available journals" },
    directory: { short: "D", long: "directory", arg: "PATH", simulated: false },
    vacuum: { long: "vacuum-size", arg: "BYTES", simulated: false },
    vacuumTime: { long: "vacuum-time", arg: "TIME", simulated: false },
    rotate: { long: "rotate", simulated: false },
    flush: { long: "flush", help: "Flush all journal data from /run into /var (nothing is held back)" },
    sync: { long: "sync", help: "Synchronize unwritten journal messages to disk (nothing is held back)" },
    system: { long: "system", help: "Show the system journal" },
    user: { long: "user", simulated: false },
    truncate: { long: "truncate-newline", simulated: false },
  },
  // The number behind -n may stand in the next word.
  rewrite(args) {
    return args.flatMap((arg, at) => {
      if (/^-[a-z]*n$/.test(arg) && /^(?:\+?\d+|all)$/.test(args[at + 1] ?? "")) return [arg + args[at + 1]!];
      const taken = /^-[a-z]*n$/.test(args[at - 1] ?? "") && /^(?:\+?\d+|all)$/.test(arg);
      const boot = arg === "-b" && /^-?\d+$|^[0-9a-f]{32}$/.test(args[at + 1] ?? "");
      const ofBoot = args[at - 1] === "-b" && /^-?\d+$|^[0-9a-f]{32}$/.test(arg);
      return taken || ofBoot ? [] : boot ? [`-b${args[at + 1]!}`] : [arg];
    });
  },
  async run(call) {
    const { process } = call;
    const { machine, host } = process;
    if (host.isContainer) {
      await process.error("No journal files were found.\n");
      await call.out.print("-- No entries --\n");
      return 0;
    }
    const output = call.value("output") ?? "short";
    if (!(OUTPUTS as readonly string[]).includes(output)) {
      if (output === "help") return printed(call, `${OUTPUTS.join("\n")}\n`);
      if (output === "export" || output === "json-sse" || output === "json-seq")
        return call.notSimulated(`output '${output}'`);
      return call.fail(`Unknown output format '${output}'.`);
    }
    if (call.has("listBoots")) return listBoots(call);
    const boot = call.value("boot");
    if (boot !== undefined && boot !== "0" && boot !== "-0" && boot !== machine.row.bootId) {
      await process.error(
        /^[-+]?\d+$/.test(boot)
          ? `Data from the specified boot (${boot}) is not available: No such boot ID in journal\n`
          : `Failed to parse boot descriptor '${boot}'\n`,
      );
      return 1;
    }
    if (call.has("diskUsage")) return printed(call, "Archived and active journals take up 8.0M in the file system.\n");
    if (call.has("flush") || call.has("sync")) return 0;
    const filter = filterOf(call, process.now);
    if (typeof filter === "string") {
      await process.error(`${filter}\n`);
      return filter.startsWith("drydock:") ? 64 : 1;
    }
    const lines = call.has("lines") ? (call.value("lines") ?? "10") : undefined;
    if (lines !== undefined && !/^(?:\+?\d+|all)$/.test(lines)) return call.fail(`Failed to parse lines '${lines}'`);
    const tty = process.isTty(1);
    const view = new View(call, filter, { output, hostname: !call.has("noHostname"), colored: tty });
    const paged = tty && !call.has("noPager") && !call.has("follow");
    const fallback = call.has("follow") && !call.has("noTail") ? "10" : call.has("end") ? "1000" : undefined;
    const text = view.entries(lines ?? fallback);
    if (paged)
      return page(process, text === "" ? "-- No entries --\n" : text, { ...SYSTEMD_PAGER, atEnd: call.has("end") });
    if (text !== "") await call.out.print(text);
    else if (!call.has("follow") && !call.has("quiet")) await call.out.print("-- No entries --\n");
    if (call.has("follow")) await view.follow();
    return 0;
  },
});

async function printed(call: Call<string>, text: string): Promise<number> {
  await call.out.print(text);
  return 0;
}

async function listBoots(call: Call<string>): Promise<number> {
  const { row } = call.process.machine;
  const all = journalOf(call.process.machine).read();
  const show = (time: number): string => strftime("%a %Y-%m-%d %H:%M:%S UTC", time);
  const first = all[0]?.at ?? row.bootedAt;
  return printed(
    call,
    `IDX BOOT ID                          FIRST ENTRY                 LAST ENTRY\n  0 ${row.bootId} ${show(first)} ${show(all.at(-1)?.at ?? first)}\n`,
  );
}

/** The entries of the journal that pass the filter. */
class View {
  readonly #call: Call<string>;
  readonly #filter: Filter;
  readonly #rules: FormatRules;
  /** The number of the entry to go on with. */
  #next = 0;

  constructor(call: Call<string>, filter: Filter, rules: FormatRules) {
    this.#call = call;
    this.#filter = filter;
    this.#rules = rules;
  }

  /** All entries, or the last so many (the first with `+`), as text. */
  entries(count: string | undefined): string {
    const journal = journalOf(this.#call.process.machine);
    const all = journal.read();
    const first = journal.end - all.length;
    this.#next = journal.end;
    let chosen = all.map((line, at) => ({ line, at: first + at })).filter(({ line }) => this.#filter(line));
    if (count !== undefined && count !== "all") {
      const number = Number(count.replace("+", ""));
      chosen = count.startsWith("+") ? chosen.slice(0, number) : number === 0 ? [] : chosen.slice(-number);
    }
    if (this.#call.has("reverse")) chosen.reverse();
    return chosen.map(({ line, at }) => this.#text(line, at)).join("");
  }

  #text(line: JournalLine, at: number): string {
    const { machine } = this.#call.process;
    const entry = `${formatEntry(line, at, machine.host, this.#rules)}\n`;
    if (!this.#call.has("catalog") || !this.#rules.output.startsWith("short")) return entry;
    return (
      entry +
      explanation(line, 1000 + at)
        .map((row) => `${row}\n`)
        .join("")
    );
  }

  /** Shows new entries for as long as somebody reads them. */
  async follow(): Promise<void> {
    const { process, out } = this.#call;
    const journal = journalOf(process.machine);
    let [news, broken] = [false, false];
    let wake = (): void => {};
    const ends = [
      journal.follow(() => {
        news = true;
        wake();
      }),
      process.fds.find(1)?.onBroken(() => {
        broken = true;
        wake();
      }),
    ];
    try {
      while (!broken) {
        await out.flush();
        if (!news && !broken) {
          await process.block<void>((resume) => {
            wake = () => resume();
            return () => (wake = () => {});
          });
        }
        news = false;
        const fresh = journal.read(this.#next);
        const first = journal.end - fresh.length;
        this.#next = journal.end;
        for (const [at, line] of fresh.entries()) if (this.#filter(line)) await out.print(this.#text(line, first + at));
      }
    } finally {
      for (const end of ends) end?.();
    }
  }
}
