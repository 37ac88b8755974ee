import { attempt, Errno, type Host, type Stat } from "../sim/host/index.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { walk } from "./gnu/walk.ts";

const FLAGS = {
  changes: { short: "c", long: "changes", help: "like verbose but report only when a change is made" },
  silent: { short: "f", long: "silent", help: "suppress most error messages" },
  quiet: { long: "quiet" },
  verbose: { short: "v", long: "verbose", help: "output a diagnostic for every file processed" },
  dereference: { long: "dereference", help: "affect the referent of each symbolic link (the default)" },
  noDereference: { short: "h", long: "no-dereference", help: "affect symbolic links instead of any referenced file" },
  from: { long: "from", arg: "CURRENT_OWNER:CURRENT_GROUP", simulated: false },
  noPreserveRoot: { long: "no-preserve-root", help: "do not treat '/' specially (the default)" },
  preserveRoot: { long: "preserve-root", simulated: false },
  reference: { long: "reference", arg: "RFILE", help: "use RFILE's owner and group" },
  recursive: { short: "R", long: "recursive", help: "operate on files and directories recursively" },
  follow: { short: "HLP", simulated: false },
} as const;

export const chown = tool({
  name: "chown",
  package: "coreutils",
  summary: "change file owner and group",
  usage: ["[OPTION]... [OWNER][:[GROUP]] FILE...", "[OPTION]... --reference=RFILE FILE..."],
  about: "Change the owner and/or group of each FILE to OWNER and/or GROUP.",
  flags: FLAGS,
  run: (call) => change(call, "owner"),
});

export const chgrp = tool({
  name: "chgrp",
  package: "coreutils",
  summary: "change group ownership",
  usage: ["[OPTION]... GROUP FILE...", "[OPTION]... --reference=RFILE FILE..."],
  about: "Change the group of each FILE to GROUP.",
  flags: FLAGS,
  run: (call) => change(call, "group"),
});

interface Owner {
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** As messages name it: `root`, `root:root`, `:users`. */
  readonly shown: string;
}

async function change(call: Call<string>, what: "owner" | "group"): Promise<number> {
  const { process } = call;
  const { files } = process.host;
  const reference = call.value("reference");
  const words = [...call.operands];
  const text = reference === undefined ? words.shift() : undefined;
  if (text === undefined && reference === undefined) return call.usage("missing operand");
  if (words.length === 0)
    return call.usage(text === undefined ? "missing operand" : `missing operand after ${call.quote(text)}`);
  let owner: Owner;
  if (reference !== undefined) {
    const stat = attempt(() => files.stat(reference, process));
    if (stat instanceof Errno)
      return call.fail(`failed to get attributes of ${shellQuote(reference)}: ${stat.message}`);
    const names = nameOf(process.host, stat);
    owner =
      what === "owner"
        ? { uid: stat.uid, gid: stat.gid, shown: names }
        : { gid: stat.gid, shown: names.split(":")[1]! };
  } else {
    const parsed = what === "owner" ? parseOwner(process.host, text!) : parseGroup(process.host, text!);
    if ("problem" in parsed) return call.fail(`${parsed.problem}: ${call.quote(text!)}`);
    owner = parsed;
  }
  const silent = call.has("silent") || call.has("quiet");
  const complain = async (message: string): Promise<void> => {
    if (silent) call.status = 1;
    else await call.warn(message);
  };
  const follow = !call.has("noDereference");
  for (const operand of words) {
    if (call.has("recursive")) {
      const failed = (path: string, error: Errno): Promise<void> =>
        complain(`cannot access ${shellQuote(path)}: ${error.message}`);
      for await (const { path, stat } of walk(process, operand, failed))
        await one(call, what, path, stat, owner, false, complain);
      continue;
    }
    const stat = attempt(() => (follow ? files.stat(operand, process) : files.lstat(operand, process)));
    if (stat instanceof Errno) {
      const own = attempt(() => files.lstat(operand, process));
      await complain(
        `cannot ${own instanceof Errno ? "access" : "dereference"} ${shellQuote(operand)}: ${stat.message}`,
      );
    } else await one(call, what, operand, stat, owner, follow, complain);
  }
  return call.status;
}

function nameOf({ users }: Host, { uid, gid }: Pick<Stat, "uid" | "gid">): string {
  return `${users.byUid(uid)?.name ?? uid}:${users.groupByGid(gid)?.name ?? gid}`;
}

/** `OWNER`, `OWNER:GROUP`, `OWNER:` (its login group), `:GROUP`; a dot will do for the colon (gnulib lib/userspec.c). */
function parseOwner(host: Host, text: string): Owner | { readonly problem: string } {
  const separator = text.includes(":")
    ? text.indexOf(":")
    : host.users.byName(text) || !text.includes(".")
      ? -1
      : text.indexOf(".");
  const name = separator < 0 ? text : text.slice(0, separator);
  const group = separator < 0 ? undefined : text.slice(separator + 1);
  const user = name === "" ? undefined : host.users.byName(name);
  const uid = name === "" ? undefined : (user?.uid ?? (/^\d+$/.test(name) ? Number(name) : Number.NaN));
  if (Number.isNaN(uid)) return { problem: "invalid user" };
  if (group === undefined) return { uid, shown: name };
  if (group === "") {
    if (name === "") return { shown: "" };
    return user
      ? { uid, gid: user.gid, shown: `${name}:${host.users.groupByGid(user.gid)?.name ?? user.gid}` }
      : { problem: "invalid spec" };
  }
  const gid = host.users.groupByName(group)?.gid ?? (/^\d+$/.test(group) ? Number(group) : Number.NaN);
  return Number.isNaN(gid) ? { problem: "invalid group" } : { uid, gid, shown: `${name}:${group}` };
}

function parseGroup(host: Host, text: string): Owner | { readonly problem: string } {
  const gid =
    text === "" ? undefined : (host.users.groupByName(text)?.gid ?? (/^\d+$/.test(text) ? Number(text) : Number.NaN));
  return Number.isNaN(gid) ? { problem: "invalid group" } : { gid, shown: text };
}

async function one(
  call: Call<string>,
  what: "owner" | "group",
  path: string,
  stat: Stat,
  owner: Owner,
  follow: boolean,
  complain: (message: string) => Promise<void>,
): Promise<void> {
  const { process, out } = call;
  const { users } = process.host;
  const uid = owner.uid ?? stat.uid;
  const gid = owner.gid ?? stat.gid;
  const word = what === "group" ? "group" : "ownership";
  const set = attempt(() => process.host.files.chown(path, uid, gid, process, follow));
  if (set instanceof Errno) return complain(`changing ${word} of ${shellQuote(path)}: ${set.message}`);
  const changed = uid !== stat.uid || gid !== stat.gid;
  if (!call.has("verbose") && !(call.has("changes") && changed)) return;
  const userName = users.byUid(stat.uid)?.name ?? String(stat.uid);
  const groupName = users.groupByGid(stat.gid)?.name ?? String(stat.gid);
  const before = word === "group" ? groupName : owner.gid === undefined ? userName : `${userName}:${groupName}`;
  const name = shellQuote(path);
  await out.print(
    changed
      ? `changed ${word} of ${name} from ${before} to ${owner.shown}\n`
      : `${word} of ${name} retained as ${owner.shown}\n`,
  );
}
