import type { Host, ProcessRow } from "../sim/host/index.ts";
import { strftime } from "./gnu/strftime.ts";
import { tool } from "./gnu/tool.ts";
import { logins, uptimeLine } from "./procps/uptime.ts";
import { commandLine } from "./procps/state.ts";

/** Who logged in: the owner of the terminal's session. */
function userOf(host: Host, row: ProcessRow): string {
  return host.users.byUid(row.uid)?.name ?? String(row.uid);
}

/** Where a login came from, as sshd left it in the environment. */
function origin(row: ProcessRow): string | undefined {
  return row.env["SSH_CLIENT"]?.split(" ")[0] ?? row.env["SSH_CONNECTION"]?.split(" ")[0];
}

export const who = tool({
  name: "who",
  package: "coreutils",
  summary: "show who is logged on",
  usage: ["[OPTION]... [ FILE | ARG1 ARG2 ]"],
  about: "Print information about users who are currently logged in.",
  flags: {
    boot: { short: "b", long: "boot", help: "time of last system boot" },
    heading: { short: "H", long: "heading", help: "print line of column headings" },
    mine: { short: "m", help: "only hostname and user associated with stdin" },
    count: { short: "q", long: "count", help: "all login names and number of users logged on" },
    short: { short: "s", long: "short", help: "print only name, line, and time (default)" },
    others: { short: "adlprtTwu", simulated: false },
  },
  async run(call) {
    const { host, machine } = call.process;
    const rows = logins(host);
    if (call.has("count")) {
      const names = rows.map((row) => userOf(host, row));
      await call.out.print(`${names.join(" ")}\n# users=${rows.length}\n`);
      return 0;
    }
    if (call.has("heading")) await call.out.print("NAME     LINE         TIME             COMMENT\n");
    if (call.has("boot")) {
      await call.out.print(`         system boot  ${strftime("%F %H:%M", machine.row.bootedAt)}\n`);
      return 0;
    }
    const own = call.process.fds.find(0)?.tty?.name;
    const mine = call.has("mine") || call.operands.length === 2;
    for (const row of rows) {
      if (mine && row.tty !== own) continue;
      const from = origin(row);
      await call.out.print(
        `${userOf(host, row).padEnd(8)} ${row.tty!.padEnd(12)} ${strftime("%F %H:%M", row.startedAt)}${from === undefined ? "" : ` (${from})`}\n`,
      );
    }
    return 0;
  },
});

export const users = tool({
  name: "users",
  package: "coreutils",
  summary: "print the user names of users currently logged in to the current host",
  usage: ["[OPTION]... [FILE]"],
  flags: {},
  async run(call) {
    const { host } = call.process;
    const names = logins(host)
      .map((row) => userOf(host, row))
      .sort();
    await call.out.print(`${names.join(" ")}\n`);
    return 0;
  },
});

export const w = tool({
  name: "w",
  package: "procps",
  title: "w from procps-ng",
  summary: "show who is logged on and what they are doing",
  usage: ["[options] [user]"],
  flags: {
    noHeader: { short: "h", long: "no-header", help: "do not print header" },
    short: { short: "s", long: "short", help: "short format" },
    from: { short: "f", long: "from", help: "show remote hostname field" },
    others: { short: "uopi", simulated: false },
  },
  async run(call) {
    const { host, machine, now } = call.process;
    const from = !call.has("from");
    const short = call.has("short");
    const header = `USER     TTY     ${from ? " FROM            " : ""}${short ? "  IDLE WHAT" : "  LOGIN@   IDLE   JCPU   PCPU  WHAT"}`;
    if (!call.has("noHeader")) await call.out.print(`${uptimeLine(host, now)}\n${header}\n`);
    for (const row of logins(host)) {
      const name = userOf(host, row);
      if (call.operands.length > 0 && call.operands[0] !== name) continue;
      const tty = machine.tty(row.tty!);
      const front =
        machine
          .processes()
          .filter(({ pgid }) => pgid === tty?.foreground?.pgid)
          .at(-1) ?? row;
      const lead = `${name.slice(0, 8).padEnd(8)} ${row.tty!.padEnd(8)}${from ? `${(origin(row) ?? "-").slice(0, 16).padEnd(16)} ` : ""}`;
      const what = commandLine(front);
      await call.out.print(
        short
          ? `${lead} 0.00s ${what}\n`
          : `${lead} ${strftime("%H:%M", row.startedAt)}    0.00s  0.02s  0.00s  ${what}\n`,
      );
    }
    return 0;
  },
});

export const last = tool({
  name: "last",
  package: "util-linux",
  title: "last from util-linux",
  summary: "show a listing of last logged in users",
  usage: ["[options] [<username>...] [<tty>...]"],
  about: "Show a listing of last logged in users.\n\nOnly sessions that are still open are kept.",
  flags: {
    limit: { short: "n", long: "limit", arg: "number", help: "how many lines to show" },
    noHost: { short: "R", long: "nohostname", help: "don't display the hostname field" },
    others: { short: "adfFipstwxz", simulated: false },
  },
  rewrite: (args) => args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg)),
  async run(call) {
    const { host, machine } = call.process;
    const { bootedAt, profile } = machine.row;
    const rows = logins(host).sort((a, b) => b.startedAt - a.startedAt);
    const lines = rows
      .filter(
        (row) =>
          call.operands.length === 0 || call.operands.includes(userOf(host, row)) || call.operands.includes(row.tty!),
      )
      .map((row) => {
        const from = call.has("noHost") ? "" : ` ${(origin(row) ?? "").slice(0, 16).padEnd(16)}`;
        return `${userOf(host, row).slice(0, 8).padEnd(8)} ${row.tty!.padEnd(12)}${from} ${strftime("%a %b %e %H:%M", row.startedAt)}   still logged in`;
      });
    const kernel = machine.hosts.profile(profile).kernelRelease.slice(0, 16).padEnd(16);
    if (call.operands.length === 0 || call.operands.includes("reboot"))
      lines.push(
        `reboot   system boot ${call.has("noHost") ? "" : ` ${kernel}`} ${strftime("%a %b %e %H:%M", bootedAt)}   still running`,
      );
    const limit = call.value("limit");
    await call.out.print(
      `${lines
        .slice(0, limit === undefined ? undefined : Number(limit))
        .map((line) => `${line}\n`)
        .join("")}\nwtmp begins ${strftime("%a %b %e %H:%M:%S %Y", bootedAt)}\n`,
    );
    return 0;
  },
});
