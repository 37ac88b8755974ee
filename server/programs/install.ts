import { attempt, dirname, Errno } from "../sim/host/index.ts";
import { Copier } from "./copy/copy.ts";
import { destinations } from "./copy/destination.ts";
import { parseMode } from "./gnu/mode.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

export const install = tool({
  name: "install",
  package: "coreutils",
  summary: "copy files and set attributes",
  usage: ["[OPTION]... [-T] SOURCE DEST", "[OPTION]... SOURCE... DIRECTORY", "[OPTION]... -t DIRECTORY SOURCE...", "[OPTION]... -d DIRECTORY..."], // prettier-ignore
  about: "Copy files into destinations, and set permission modes and owners.",
  flags: {
    backup: { long: "backup", arg: "CONTROL", optional: true, simulated: false },
    backupShort: { short: "b", simulated: false },
    ignored: { short: "c", help: "(ignored)" },
    compare: { short: "C", long: "compare", simulated: false },
    directory: { short: "d", long: "directory", help: "treat all arguments as directory names; create all components of the specified directories" }, // prettier-ignore
    leading: { short: "D", help: "create all leading components of DEST except the last, then copy SOURCE to DEST" },
    group: { short: "g", long: "group", arg: "GROUP", help: "set group ownership, instead of process' current group" },
    mode: { short: "m", long: "mode", arg: "MODE", help: "set permission mode (as in chmod), instead of rwxr-xr-x" },
    owner: { short: "o", long: "owner", arg: "OWNER", help: "set ownership (super-user only)" },
    times: { short: "p", long: "preserve-timestamps", help: "apply access/modification times of SOURCE files" },
    strip: { short: "s", long: "strip", simulated: false },
    suffix: { short: "S", long: "suffix", arg: "SUFFIX", simulated: false },
    targetDirectory: { short: "t", long: "target-directory", arg: "DIRECTORY", help: "copy all SOURCE arguments into DIRECTORY" }, // prettier-ignore
    noTargetDirectory: { short: "T", long: "no-target-directory", help: "treat DEST as a normal file" },
    verbose: { short: "v", long: "verbose", help: "print the name of each created file or directory" },
  },
  async run(call) {
    const { process, operands } = call;
    const { files, users } = process.host;
    const text = call.value("mode") ?? "755";
    const change = parseMode(text, 0);
    if (!change) return call.fail(`invalid mode ${call.quote(text)}`);
    const ids: { uid?: number; gid?: number } = {};
    const owner = call.value("owner");
    if (owner !== undefined) {
      const uid = users.byName(owner)?.uid ?? (/^\d+$/.test(owner) ? Number(owner) : undefined);
      if (uid === undefined) return call.fail(`invalid user ${call.quote(owner)}`);
      ids.uid = uid;
    }
    const group = call.value("group");
    if (group !== undefined) {
      const gid = users.groupByName(group)?.gid ?? (/^\d+$/.test(group) ? Number(group) : undefined);
      if (gid === undefined) return call.fail(`invalid group ${call.quote(group)}`);
      ids.gid = gid;
    }
    const finish = async (path: string, isDirectory: boolean): Promise<void> => {
      attempt(() => files.chmod(path, change(0, isDirectory), process));
      if (ids.uid === undefined && ids.gid === undefined) return;
      const stat = files.stat(path, process);
      const owned = attempt(() => files.chown(path, ids.uid ?? stat.uid, ids.gid ?? stat.gid, process));
      if (owned instanceof Errno) await call.warn(`cannot change ownership of ${shellQuote(path)}: ${owned.message}`);
    };
    const makeParents = async (path: string, tell: boolean): Promise<boolean> => {
      if (path === "." || path === "/" || files.exists(path, process)) return true;
      if (!(await makeParents(dirname(path), tell))) return false;
      const made = attempt(() => files.mkdir(path, {}, process));
      if (made instanceof Errno) {
        await call.warn(`cannot create directory ${call.quote(path)}: ${made.message}`);
        return false;
      }
      if (tell) await call.out.print(`${call.name}: creating directory ${shellQuote(path)}\n`);
      return true;
    };
    if (call.has("directory")) {
      if (operands.length === 0) return call.usage("missing file operand");
      for (const path of operands) if (await makeParents(path, call.has("verbose"))) await finish(path, true);
      return call.status;
    }
    if (call.has("leading")) {
      const into = call.value("targetDirectory") ?? (operands.length > 1 ? dirname(operands.at(-1)!) : undefined);
      if (into !== undefined && !(await makeParents(into, call.has("verbose")))) return 1;
    }
    const steps = await destinations(call);
    if (typeof steps === "number") return steps;
    const copier = new Copier(call, {
      recursive: false,
      follow: "all",
      preserve: { mode: false, owner: false, times: call.has("times"), links: false, plainMode: false },
      clobber: "always",
      force: true,
      removeFirst: true,
      verbose: call.has("verbose"),
      as: "copy",
      exact: true,
    });
    for (const { from, to } of steps) {
      const stat = attempt(() => files.stat(from, process));
      if (!(stat instanceof Errno) && stat.type === "dir") {
        await call.warn(`omitting directory ${shellQuote(from)}`);
        continue;
      }
      if (await copier.copy(from, to)) await finish(to, false);
    }
    return call.status;
  },
});
