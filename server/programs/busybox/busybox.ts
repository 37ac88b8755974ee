import { isDaemon, type Process, type Program } from "../../sim/host/index.ts";
import { busyboxApplets } from "../../sim/images/index.ts";
import { runApplet, type Applet, type AppletCall } from "./applet.ts";
import { APPLETS } from "./applets.ts";
import { DELEGATED, type Delegated } from "./delegated.ts";
import { recordedUsage } from "./recorded-usage.ts";
import { RewordedFile, type Rewording } from "./rewording.ts";
import { BusyboxVersion } from "./version.ts";

/** One binary with many programs: which one it is says the name that it is called by. */
export const busybox: Program = {
  name: "busybox",
  summary: "many small programs in one",
  async run(process, args) {
    const version = new BusyboxVersion(process);
    const called = (process.argv[0] ?? "busybox").replace(/^-/, "").replace(/.*\//, "");
    if (!called.startsWith("busybox")) return run(process, version, called, args);
    const [name, ...rest] = args;
    if (name === undefined || name === "--help") return overview(process, version);
    if (name === "--list" || name === "--list-full") return list(process, version, name === "--list-full");
    if (name === "--install" || name === "--show") {
      await process.error(`drydock: busybox: '${name}' is not simulated\n`);
      return 64;
    }
    if (name.startsWith("--") || !knows(version, name)) {
      await process.error(`${name}: applet not found\n`);
      return 127;
    }
    if (rest[0] === "--help" && rest.length === 1) return run(process, version, name, rest);
    process.update({ argv: [name, ...rest] });
    return run(process, version, name, rest);
  },
};

function knows(version: BusyboxVersion, name: string): boolean {
  return busyboxApplets(version.text).includes(name) || Object.hasOwn(APPLETS, name);
}

async function run(process: Process, version: BusyboxVersion, name: string, args: readonly string[]): Promise<number> {
  const load = Object.hasOwn(APPLETS, name) ? APPLETS[name] : undefined;
  if (load) {
    const applet = await process.kernel.busy(load());
    return runApplet(process, name, applet, version, args);
  }
  if (name === "sh" || name === "ash" || name === "hush") {
    const { ash } = await process.kernel.busy(import("../../shell/index.ts"));
    return ash.run(process, args);
  }
  if (!knows(version, name)) {
    await process.error(`${name}: applet not found\n`);
    return 127;
  }
  return delegate(process, version, name, args);
}

/** Programs that do here what busybox's do: those of coreutils and their like. Wrong options are told in busybox's way. */
async function delegate(
  process: Process,
  version: BusyboxVersion,
  name: string,
  args: readonly string[],
): Promise<number> {
  const found = process.host.hosts.programs.find(name);
  const program = found instanceof Promise ? await process.kernel.busy(found) : found;
  if (!program || isDaemon(program)) {
    await process.error(`drydock: busybox: '${name}' is not simulated\n`);
    return 64;
  }
  const known = Object.hasOwn(DELEGATED, name) ? DELEGATED[name] : recordedUsage(name);
  if (!known) return program.run(process, args);
  const applet: Applet = {
    options: known.options,
    longs: known.longs ?? {},
    usage: () => known.usage,
    ...(known.code === undefined ? {} : { code: known.code }),
    ...(known.operand
      ? {
          split: (words) => ({
            options: words.filter((word) => !known.operand!.test(word)),
            rest: words.filter((word) => known.operand!.test(word)),
          }),
        }
      : {}),
    run: (call, rest) => {
      const given = call.operands.length + rest.length + (known.pattern && (call.has("e") || call.has("f")) ? 1 : 0);
      if (given < (known.least ?? 0) && !(name === "rm" && call.has("f"))) return call.usage();
      reword(process, known, `${version.banner}\n\nUsage: ${name} ${known.usage}\n`, call);
      return program
        .run(process, known.rewrite?.(args, call.operands) ?? args)
        .then((code) => known.codes?.[code] ?? code);
    },
  };
  return runApplet(process, name, applet, version, args);
}

/** What the shared program says comes out in busybox's words. */
function reword(process: Process, known: Delegated, usage: string, { name, operands }: AppletCall): void {
  const fill = ([from, to]: Rewording): Rewording => [
    from,
    to
      .replace("{usage}", () => usage.replaceAll("$", "$$$$"))
      .replace("{name}", name)
      .replace("{operand}", () => (operands[0] ?? "").replaceAll("$", "$$$$")),
  ];
  const errors = process.fds.find(2);
  if (errors) process.fds.set(2, new RewordedFile(process, errors, (known.rewordings ?? []).map(fill)));
  const output = process.fds.find(1);
  if (output && known.outputs) process.fds.set(1, new RewordedFile(process, output, known.outputs));
}

async function list(process: Process, version: BusyboxVersion, full: boolean): Promise<number> {
  const lines = busyboxApplets(version.text).map((name) => `${full ? `${directoryOf(name)}/` : ""}${name}\n`);
  await process.print(lines.join(""));
  return 0;
}

/** Where `busybox --install` would put it; as include/applets.h has it for the few that stand apart. */
function directoryOf(name: string): string {
  if (/^(?:arp|ifconfig|ifdown|ifup|init|ip\w*|modprobe|insmod|rmmod|lsmod|route|sysctl|halt|reboot|poweroff|udhcpc|fdisk|mkfs.*|swapo.*)$/.test(name)) return "sbin"; // prettier-ignore
  if (/^(?:brctl|chroot|crond|httpd|telnetd|arping|inetd|ntpd|dnsd)$/.test(name)) return "usr/sbin";
  return /^(?:ash|cat|ch\w+|cp|date|dd|df|dmesg|echo|\w?grep|hostname|kill|ln|login|ls|mkdir|mknod|mktemp|more|mount|mv|netstat|nice|pidof|ping6?|printenv|ps|pwd|rm|rmdir|sed|sh|sleep|stat|stty|su|sync|tar|touch|true|false|umount|uname|usleep|vi|watch|zcat|gzip|gunzip)$/.test(name) ? "bin" : "usr/bin"; // prettier-ignore
}

async function overview(process: Process, version: BusyboxVersion): Promise<number> {
  const columns = process.fds.find(1)?.tty?.cols ?? 80;
  await process.print(`${version.banner}
BusyBox is copyrighted by many authors between 1998-2015.
Licensed under GPLv2. See source distribution for detailed
copyright notices.

Usage: busybox [function [arguments]...]
   or: busybox --list${version.isAtLeast("1.30") ? "[-full]" : ""}
   or: busybox --install [-s] [DIR]
   or: function [arguments]...

	BusyBox is a multi-call binary that combines many common Unix
	utilities into a single executable.  Most people will create a
	link to busybox for each function they wish to use and BusyBox
	will act like whatever it was invoked as.

Currently defined functions:
${wrapped(busyboxApplets(version.text), columns)}
`);
  return 0;
}

/** Names in lines that begin with a tab, as wide as the terminal (libbb/appletlib.c busybox_main). */
function wrapped(names: readonly string[], columns: number): string {
  const width = columns - 8 - 1;
  const lines: string[] = [];
  let line = "";
  for (const [at, name] of names.entries()) {
    const word = at === names.length - 1 ? name : `${name},`;
    if (line !== "" && line.length + word.length + 1 > width) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? word : ` ${word}`;
  }
  return [...lines, line].map((one) => `\t${one}`).join("\n");
}
