import {
  attempt,
  Errno,
  exitCode,
  findInPath,
  spawnChild,
  type Process,
  type Program,
} from "../../../sim/host/index.ts";
import { parseOptions, type Flags } from "../../options.ts";
import { fileSettings } from "../config-files.ts";
import { SshFailure } from "../failure.ts";
import { parseSshArguments } from "../options.ts";
import { ConnectionClosed, Sftp } from "../sftp/client.ts";
import { sftpStream } from "../sftp/stream.ts";
import { Copying, ScpFatal } from "./copying.ts";
import { copyAcross } from "./cross.ts";
import { download } from "./download.ts";
import { upload } from "./upload.ts";

const FLAGS = {
  recursive: { short: "r" },
  preserve: { short: "p" },
  port: { short: "P", arg: "port" },
  identity: { short: "i", arg: "file" },
  option: { short: "o", arg: "option" },
  config: { short: "F", arg: "ssh_config" },
  quiet: { short: "q" },
  batch: { short: "B" },
  compress: { short: "C" },
  four: { short: "4" },
  six: { short: "6" },
  cipher: { short: "c", arg: "cipher" },
  /** Files go by SFTP and through this machine anyway. */
  protocol: { short: "sT3" },
  others: { short: "OARv", simulated: false },
  jump: { short: "J", arg: "destination", simulated: false },
  limit: { short: "l", arg: "limit", simulated: false },
  server: { short: "D", arg: "sftp_server_path", simulated: false },
  program: { short: "S", arg: "program", simulated: false },
  sftpOption: { short: "X", arg: "sftp_option", simulated: false },
} as const satisfies Flags;

const USAGE = `usage: scp [-346ABCOpqRrsTv] [-c cipher] [-D sftp_server_path] [-F ssh_config]
           [-i identity_file] [-J destination] [-l limit] [-o ssh_option]
           [-P port] [-S program] [-X sftp_option] source ... target
`;

type Given = Exclude<ReturnType<typeof parseOptions<typeof FLAGS>>, { problem: string } | { notSimulated: string }>;

/** A word of the command line: a file here, or one of another machine. */
interface Place {
  readonly host: string | undefined;
  readonly user: string | undefined;
  readonly path: string;
}

/** OpenSSH's scp: files between this machine and others, by SFTP. */
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
      if ("problem" in given)
        await process.error(`scp: ${given.problem.replace(/'/g, "").replace("invalid", "unknown")}\n`);
      await process.error(USAGE);
      return 1;
    }
    const copies = new Copies(process, given);
    try {
      const well = await copies.run();
      await copies.finish();
      return well ? 0 : 1;
    } catch (error) {
      if (error instanceof SshFailure) await process.error(`${error.message}\r\nscp: Connection closed\n`);
      else if (error instanceof ConnectionClosed) await process.error("scp: Connection closed\n");
      else if (error instanceof ScpFatal) {
        await process.error(`scp: ${error.message}\n`);
        await copies.finish();
      } else throw error;
      return 255;
    } finally {
      copies.close();
    }
  },
};

/** All that one scp was told to copy. */
class Copies {
  readonly #process: Process;
  readonly #given: Given;
  readonly #it: Copying;
  readonly #connections: Sftp[] = [];

  constructor(process: Process, given: Given) {
    this.#process = process;
    this.#given = given;
    this.#it = new Copying(process, {
      recursive: given.has("recursive"),
      preserve: given.has("preserve"),
      quiet: given.has("quiet"),
    });
  }

  async finish(): Promise<void> {
    for (const connection of this.#connections) await connection.finish();
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  async run(): Promise<boolean> {
    const places = this.#given.operands.map(placeOf);
    const target = places.pop()!;
    return target.host === undefined ? this.#toHere(places, target) : this.#toThere(places, target);
  }

  async #toHere(sources: readonly Place[], target: Place): Promise<boolean> {
    if (sources.length > 1 && !(await this.#isDirectory(target.path))) return false;
    let well = true;
    for (const source of sources) {
      const copied =
        source.host === undefined
          ? await this.#here(source, target)
          : await download(this.#it, await this.#connect(source), source.path, target.path);
      well = copied && well;
    }
    return well;
  }

  async #toThere(sources: readonly Place[], target: Place): Promise<boolean> {
    const many = sources.length > 1;
    let [to, well]: [Sftp | undefined, boolean] = [undefined, true];
    for (const source of sources) {
      const from = source.host === undefined ? undefined : await this.#connect(source);
      to ??= await this.#connect(target);
      const copied = from
        ? await copyAcross(this.#it, { from, to }, source.path, target.path, many)
        : await upload(this.#it, to, source.path, target.path, many);
      well = copied && well;
    }
    return well;
  }

  /** Several files go into a directory only (scp.c verifydir). */
  async #isDirectory(path: string): Promise<boolean> {
    const stat = attempt(() => this.#process.host.files.stat(this.#it.here(path), this.#process));
    if (!(stat instanceof Errno) && stat.type === "dir") return true;
    const words = stat instanceof Errno ? stat.message : "Not a directory";
    await this.#process.error(`${path}: ${words}\n`);
    return false;
  }

  /** Between files of this machine scp runs cp. */
  async #here(source: Place, target: Place): Promise<boolean> {
    const { env, host } = this.#process;
    const path = findInPath(host, "cp", env["PATH"], this.#process);
    if (path === undefined) return this.#it.wrong("cp: No such file or directory");
    const options = [...(this.#it.recursive ? ["-r"] : []), ...(this.#it.preserve ? ["-p"] : [])];
    const argv = ["cp", ...options, "--", source.path, target.path];
    const pid = spawnChild(this.#process, { path, argv, fds: this.#process.fds.copy() });
    const { status } = await this.#process.wait([pid]);
    return status !== undefined && exitCode(status) === 0;
  }

  async #connect({ host, user }: Place): Promise<Sftp> {
    const value = (name: "port" | "config" | "cipher", flag: string): string[] => {
      const given = this.#given.value(name);
      return given === undefined ? [] : [flag, given];
    };
    const args = [
      ...value("port", "-p"),
      ...value("config", "-F"),
      ...value("cipher", "-c"),
      ...this.#given.values("identity").flatMap((file) => ["-i", file]),
      ...this.#given.values("option").flatMap((option) => ["-o", option]),
      ...(this.#given.has("batch") ? ["-o", "BatchMode=yes"] : []),
      ...(this.#given.has("four") ? ["-4"] : this.#given.has("six") ? ["-6"] : []),
      ...(this.#given.has("quiet") ? ["-q"] : []),
      ...(user === undefined ? [] : ["-l", user]),
    ];
    const options = parseSshArguments([...args, "--", host!], (name, file) => fileSettings(this.#process, name, file));
    if ("words" in options) throw new SshFailure(options.words.trimEnd());
    const connection = await Sftp.over(await sftpStream(this.#process, { ...options, noInput: true, tty: false }));
    this.#connections.push(connection);
    return connection;
  }
}

/** As scp.c colon: `host:path`, `user@host:path`, `[address]:path`; a slash before the colon makes it a file's name. */
function placeOf(word: string): Place {
  const [, user, address, name, path] = /^(?:([^@/:]+)@)?(?:\[([^\]/]+)\]|([^/:[\]]+)):(.*)$/s.exec(word) ?? [];
  if (path === undefined) return { host: undefined, user: undefined, path: word };
  return { host: address ?? name, user, path };
}
