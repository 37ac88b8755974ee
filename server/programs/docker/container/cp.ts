import { archiveSize, copyTree, isRefused, type DockerContainer, type Engine } from "../../../sim/docker/index.ts";
import {
  attempt, basename, dirname, Errno, join, resolve, type Host, type Process, type Stat,
} from "../../../sim/host/index.ts"; // prettier-ignore
import { humanSize } from "../../crictl/units.ts";
import { bool } from "../../kubectl/cobra/flag.ts";
import { answered, command, daemonSays, Fatal } from "../command.ts";

/** One side of a copy: a path of a container or of the client's machine. */
interface Side {
  readonly host: Host;
  /** Absolute; as it was given at its end: `/`, `/.`. */
  readonly path: string;
  readonly given: string;
  readonly container?: { readonly row: DockerContainer; readonly named: string };
}

export const cp = command({
  name: "cp",
  use: "[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-\n\tdocker cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH",
  summary: "Copy files/folders between a container and the local filesystem",
  arguments: [2, 2],
  flags: {
    archive: bool("Archive mode (copy all uid/gid information)", { shorthand: "a" }),
    "follow-link": bool("Always follow symbol link in SRC_PATH", { shorthand: "L" }),
    quiet: bool("Suppress progress output during copy. Progress output is automatically suppressed if no terminal is attached", { shorthand: "q" }), // prettier-ignore
  },
  async run({ process, engine, flags, args }) {
    const [from, to] = [side(process, engine, args[0]!), side(process, engine, args[1]!)];
    if (from.container && to.container) throw new Fatal("copying between containers is not supported");
    if (!from.container && !to.container) throw new Fatal("must specify at least one container source");
    if (args.includes("-")) throw new Fatal("drydock: docker: 'cp' of an archive is not simulated", 64);
    const source = flags["follow-link"] ? followed(from) : from;
    const stat = look(source);
    const target = targetOf(source, stat, to);
    const owner = to.container
      ? flags.archive && ownUser(to.host, to.container.row)
      : { uid: process.uid, gid: process.gid };
    const size = archiveSize(source.host, bare(source.path));
    const done = attempt(() => copyTree(source.host, bare(source.path), to.host, target, owner ? { owner } : {}));
    if (done instanceof Errno) throw notCopied(done, to, target);
    if (!flags.quiet && process.isTty(2))
      await process.error(`Successfully copied ${humanSize(size, 3)} to ${to.container ? args[1]! : to.path}\n`);
  },
});

/** With `-a` copies belong to the user that the container runs as, if it was told one (daemon/archive.go tarCopyOptions). */
function ownUser(host: Host, { spec }: DockerContainer): { readonly uid: number; readonly gid: number } | undefined {
  if (spec.user === "") return undefined;
  const [user = "", group] = spec.user.split(":");
  const known = /^\d+$/.test(user) ? host.users.byUid(Number(user)) : host.users.byName(user);
  const gid =
    group === undefined ? known?.gid : /^\d+$/.test(group) ? Number(group) : host.users.groupByName(group)?.gid;
  return { uid: known?.uid ?? Number(user), gid: gid ?? 0 };
}

/** `CONTAINER:PATH`, or a path of this machine: one that begins with `/` or `.` is never a container's. */
function side(process: Process, engine: Engine, text: string): Side {
  const at = text.indexOf(":");
  if (at <= 0 || /^[./]/.test(text)) return { host: process.host, path: absolute(process.cwd, text), given: text };
  const named = text.slice(0, at);
  const row = answered(engine.container(named), isRefused);
  const host = engine.machine.hosts.host(row.id)!;
  const given = text.slice(at + 1);
  return { host, path: absolute("/", given), given, container: { row, named } };
}

/** The path from the root, with the `/` or `/.` that it ends in. */
function absolute(cwd: string, path: string): string {
  const ending = /(^|\/)\.$/.test(path) ? "/." : path.endsWith("/") ? "/" : "";
  const whole = resolve(cwd, path);
  return whole === "/" ? whole : `${whole}${ending}`;
}

function bare(path: string): string {
  return path.replace(/(.)\/\.?$/, "$1");
}

function followed(from: Side): Side {
  const real = attempt(() => from.host.files.realpath(bare(from.path)));
  return real instanceof Errno ? from : { ...from, path: real };
}

/** What is to be copied; it has to be there. */
function look({ host, path, container }: Side): Stat {
  const stat = attempt(() => host.files.lstat(bare(path)));
  if (!(stat instanceof Errno)) return stat;
  if (container) throw new Fatal(daemonSays(`Could not find the file ${path} in container ${container.named}`));
  throw new Fatal(`lstat ${firstMissing(host, bare(path))}: ${stat.message.toLowerCase()}`);
}

function firstMissing(host: Host, path: string): string {
  const above = dirname(path);
  return above === path || host.files.exists(above) ? path : firstMissing(host, above);
}

/** Where the copy goes: into a folder that is there, or to a new name (docs: the table of `docker cp`). */
function targetOf(from: Side, stat: Stat, to: Side): string {
  const path = bare(to.path);
  const there = attempt(() => to.host.files.stat(path));
  const isDirectory = stat.type === "dir";
  if (!(there instanceof Errno)) {
    const real = to.host.files.realpath(path);
    if (there.type === "dir")
      return isDirectory && from.path.endsWith("/.") ? real : join(real, basename(bare(from.path)));
    if (isDirectory) throw new Fatal("cannot copy directory");
    if (to.path !== path) throw new Fatal("not a directory");
    return real;
  }
  const above = dirname(path);
  const folder = attempt(() => to.host.files.stat(above));
  if (to.container) {
    if (!isDirectory && to.path !== path) throw new Fatal("no such directory");
    if (folder instanceof Errno)
      throw new Fatal(daemonSays(`Could not find the file ${above} in container ${to.container.named}`));
    if (folder.type !== "dir") throw new Fatal(daemonSays("extraction point is not a directory"));
  } else if (folder instanceof Errno || folder.type !== "dir") {
    throw new Fatal(to.path === path ? `invalid output path: directory ${JSON.stringify(above)} does not exist` : "no such directory"); // prettier-ignore
  } else if (!isDirectory && to.path !== path) throw new Fatal("no such directory");
  return join(to.host.files.realpath(above), basename(path));
}

function notCopied(error: Errno, { container }: Side, target: string): Fatal {
  if (!container) return new Fatal(`open ${error.path ?? target}: ${error.message.toLowerCase()}`);
  if (error.code === "EROFS") return new Fatal(daemonSays("container rootfs is marked read-only"));
  return new Fatal(
    daemonSays(
      `Error processing tar file(exit status 1): unlinkat ${error.path ?? target}: ${error.message.toLowerCase()}`,
    ),
  );
}
