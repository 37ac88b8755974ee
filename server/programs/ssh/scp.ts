import { basename, elsewhereOf, Errno, join, type Host, type Process, type Program } from "../../sim/host/index.ts";
import type { Caller } from "../../sim/host/index.ts";
import { parseOptions, type Flags } from "../options.ts";
import { connectSsh } from "./connect.ts";
import { SshFailure } from "./failure.ts";
import type { SshOptions } from "./options.ts";

const FLAGS = {
  recursive: { short: "r" },
  preserve: { short: "p" },
  port: { short: "P", arg: "port" },
  identity: { short: "i", arg: "file" },
  option: { short: "o", arg: "option" },
  quiet: { short: "q" },
  batch: { short: "B" },
  compress: { short: "C" },
  protocol: { short: "OsT" },
  others: { short: "346ARvcDFJlSX", simulated: false },
} as const satisfies Flags;

const USAGE = `usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]
           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]
           [-P port] [-S program] [-X sftp_option] source ... target
`;

/** One end of a copy: files of a host, as somebody there. */
interface Place {
  readonly host: Host;
  readonly as: Caller;
  readonly path: string;
}

/** OpenSSH's scp: files between this machine and another one. */
export const scp: Program = {
  name: "scp",
  summary: "OpenSSH secure file copy",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) {
      await process.error(`drydock: scp: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given || given.operands.length < 2) {
      await process.error(USAGE);
      return 1;
    }
    const settings = new Map(given.values("option").map((text) => text.split("=") as [string, string]).map(([name, value]) => [name.toLowerCase(), value])); // prettier-ignore
    const options = { port: Number(given.value("port") ?? 22), identities: given.values("identity"), settings };
    try {
      const target = await placeOf(process, given.operands.at(-1)!, options);
      let code = 0;
      for (const word of given.operands.slice(0, -1)) {
        const source = await placeOf(process, word, options);
        if (!(await copy(process, source, target, given.has("recursive"), given.operands.length > 2))) code = 1;
      }
      return code;
    } catch (error) {
      if (!(error instanceof SshFailure)) throw error;
      await process.error(`${error.message}\r\nscp: Connection closed\n`);
      return 255;
    }
  },
};

type Common = Pick<SshOptions, "port" | "identities" | "settings">;

async function placeOf(process: Process, word: string, common: Common): Promise<Place> {
  const remote = /^(?:([^@/:]+)@)?([^/:]+):(.*)$/s.exec(word);
  if (!remote) return { host: process.host, as: process, path: word.startsWith("/") ? word : join(process.cwd, word) };
  const [, user, name, path] = remote as unknown as [string, string | undefined, string, string];
  const rest = {
    command: undefined,
    quiet: true,
    noInput: true,
    tty: false,
    escape: undefined,
    bind: undefined,
    family: undefined,
  } as const;
  const session = await connectSsh(process, { ...common, ...rest, host: name, user });
  if (elsewhereOf(process.host.hosts, session.host.machine.name))
    throw new SshFailure(`drydock: scp: copies to and from ${name} are not simulated: use ssh ${name} cat FILE`);
  const { home } = session.user;
  const as = { ...session.host.users.credentials(session.user), cwd: home, umask: 0o022 };
  const full =
    path === ""
      ? home
      : path.startsWith("~/")
        ? join(home, path.slice(2))
        : path.startsWith("/")
          ? path
          : join(home, path);
  return { host: session.host, as, path: full };
}

async function copy(process: Process, from: Place, to: Place, recursive: boolean, many: boolean): Promise<boolean> {
  const fail = async (path: string, error: unknown): Promise<boolean> => {
    if (!(error instanceof Errno)) throw error;
    await process.error(`scp: ${path}: ${error.message}\n`);
    return false;
  };
  let isDirectory: boolean;
  try {
    isDirectory = from.host.files.stat(from.path, from.as).type === "dir";
  } catch (error) {
    return fail(from.path, error);
  }
  if (isDirectory && !recursive) {
    await process.error(`scp: ${from.path}: not a regular file\n`);
    return false;
  }
  const into = to.host.files.exists(to.path, to.as) && to.host.files.stat(to.path, to.as).type === "dir";
  if (many && !into) {
    await process.error(`scp: ${to.path}: Not a directory\n`);
    return false;
  }
  const target = { ...to, path: into ? join(to.path, basename(from.path)) : to.path };
  try {
    if (isDirectory) return await copyTree(process, from, target);
    await copyFile(process, from, target);
    return true;
  } catch (error) {
    return fail(target.path, error);
  }
}

async function copyTree(process: Process, from: Place, to: Place): Promise<boolean> {
  if (!to.host.files.exists(to.path, to.as)) to.host.files.mkdir(to.path, {}, to.as);
  for (const name of from.host.files.list(from.path, from.as)) {
    const [source, target] = [
      { ...from, path: join(from.path, name) },
      { ...to, path: join(to.path, name) },
    ];
    if (from.host.files.stat(source.path, from.as).type === "dir") await copyTree(process, source, target);
    else await copyFile(process, source, target);
  }
  return true;
}

/** A file with its mode, and on a terminal the line that tells of it. */
async function copyFile(process: Process, from: Place, to: Place): Promise<void> {
  const bytes = from.host.files.read(from.path, from.as);
  const { mode } = from.host.files.stat(from.path, from.as);
  to.host.files.write(to.path, bytes, { mode: mode & 0o777 }, to.as);
  const tty = process.fds.find(1)?.tty;
  if (!tty) return;
  const name = basename(from.path);
  const width = Math.max(tty.cols - 36, 10);
  const size = bytes.length < 1024 ? `${bytes.length}` : `${Math.floor(bytes.length / 1024)}KB`;
  await process.print(
    `${name.slice(0, width).padEnd(width)} 100% ${size.padStart(4)} ${rate(bytes.length)}   00:00    \n`,
  );
}

/** What a LAN does in the millisecond that a small file takes (progressmeter.c format_rate). */
function rate(bytes: number): string {
  const kilobytes = bytes / 1.024;
  return kilobytes < 1000
    ? `${kilobytes.toFixed(1).padStart(5)}KB/s`
    : `${(kilobytes / 1024).toFixed(1).padStart(5)}MB/s`;
}
