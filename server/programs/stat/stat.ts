import { attempt, Errno, type FileType, type Mount, type Process, type Stat } from "../../sim/host/index.ts";
import { encode, SECOND } from "../../sim/kernel/index.ts";
import { formatInteger, padText } from "../gnu/c-format.ts";
import { blocks512, DEVICE_NUMBERS, diskOf } from "../gnu/disk.ts";
import { unescape } from "../gnu/escapes.ts";
import { modeLetters } from "../gnu/mode.ts";
import { shellQuote, shellQuoteIfNeeded } from "../gnu/quoting.ts";
import { strftime, zoneOf, type Zone } from "../gnu/strftime.ts";
import { tool, type Call } from "../gnu/tool.ts";

export const stat = tool({
  name: "stat",
  package: "coreutils",
  summary: "display file or file system status",
  usage: ["[OPTION]... FILE..."],
  about:
    "Display file or file system status.\n\nAccess and change times are not kept in this simulation: they are the modification time.",
  flags: {
    dereference: { short: "L", long: "dereference", help: "follow links" },
    fileSystem: { short: "f", long: "file-system", help: "display file system status instead of file status" },
    format: { short: "c", long: "format", arg: "FORMAT", help: "use the specified FORMAT instead of the default; output a newline after each use of FORMAT" }, // prettier-ignore
    printf: { long: "printf", arg: "FORMAT", help: "like --format, but interpret backslash escapes, and do not output a mandatory trailing newline" }, // prettier-ignore
    terse: { short: "t", long: "terse", help: "print the information in terse form" },
    cached: { long: "cached", arg: "MODE", simulated: false },
  },
  async run(call) {
    if (call.operands.length === 0) return call.usage("missing operand");
    const escapes = call.options.lastOf("format", "printf") === "printf";
    const given = call.options.lastOf("format", "printf");
    const format = given === undefined ? undefined : call.value(given)! + (escapes ? "" : "\n");
    for (const operand of call.operands) {
      const { process } = call;
      const looked = attempt(() =>
        call.has("dereference") || call.has("fileSystem")
          ? process.host.files.stat(operand, process)
          : process.host.files.lstat(operand, process),
      );
      if (looked instanceof Errno) {
        await call.warn(
          call.has("fileSystem")
            ? `cannot read file system information for ${shellQuote(operand)}: ${looked.message}`
            : `cannot statx ${shellQuote(operand)}: ${looked.message}`,
        );
        continue;
      }
      const shown = new Shown(process, operand, looked, zoneOf(process.env["TZ"]), format !== undefined);
      const fields = call.has("fileSystem")
        ? (letter: string) => shown.fileSystemField(letter)
        : (letter: string) => shown.field(letter);
      await print(call, format ?? defaultFormat(call, looked), fields, escapes);
    }
    return call.status;
  },
});

function defaultFormat(call: Call<string>, { type }: Stat): string {
  if (call.has("fileSystem")) {
    return call.has("terse")
      ? "%n %i %l %t %s %S %b %f %a %c %d\n"
      : '  File: "%n"\n    ID: %-8i Namelen: %-7l Type: %T\nBlock size: %-10s Fundamental block size: %S\nBlocks: Total: %-10b Free: %-10f Available: %a\nInodes: Total: %-10c Free: %d\n';
  }
  if (call.has("terse")) return "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o\n";
  const device = type === "char" || type === "block" ? " Device type: %Hr,%Lr" : "";
  return `  File: %N\n  Size: %-10s\tBlocks: %-10b IO Block: %-6o %F\nDevice: %Hd,%Ld\tInode: %-10i  Links: ${device === "" ? "%h" : `%-5h${device}`}\nAccess: (%04a/%10.10A)  Uid: (%5u/%8U)   Gid: (%5g/%8G)\nAccess: %x\nModify: %y\nChange: %z\n Birth: %w\n`;
}

async function print(
  call: Call<string>,
  format: string,
  field: (letter: string) => string | undefined,
  escapes: boolean,
): Promise<void> {
  let out = "";
  for (let at = 0; at < format.length;) {
    if (format[at] !== "%") {
      const next = format.indexOf("%", at);
      const text = format.slice(at, next < 0 ? undefined : next);
      out += escapes ? unescape(encode(text), "format").bytes : encode(text);
      at += text.length;
      continue;
    }
    const match = /^%([-+ #0']*)(\d*)(?:\.(\d+))?([HL]?[dr]|.)/.exec(format.slice(at));
    if (!match) {
      out += "%";
      at++;
      continue;
    }
    const [whole, flags, width, precision, letter] = match as unknown as [
      string,
      string,
      string,
      string | undefined,
      string,
    ];
    const value = letter === "%" ? "%" : field(letter);
    if (value === undefined) out += "?";
    else if (/^\d+$/.test(value) && flags.includes("0"))
      out += formatInteger(BigInt(value), "d", { flags, width: Number(width || 0) });
    else
      out += padText(encode(value), {
        flags,
        width: Number(width || 0),
        precision: precision === undefined ? undefined : Number(precision),
      });
    at += whole.length;
  }
  await call.out.put(out);
}

const KINDS: Record<FileType, string> = {
  file: "regular file",
  dir: "directory",
  link: "symbolic link",
  char: "character special file",
  block: "block special file",
  fifo: "fifo",
  socket: "socket",
};
const TYPE_BITS: Record<FileType, number> = {
  file: 0o100000,
  dir: 0o40000,
  link: 0o120000,
  char: 0o20000,
  block: 0o60000,
  fifo: 0o10000,
  socket: 0o140000,
};

class Shown {
  readonly #process: Process;
  readonly #name: string;
  readonly #stat: Stat;
  readonly #zone: Zone;
  readonly #quotes: boolean;

  /** `quotes`: names are quoted even where that is not needed. */
  constructor(process: Process, name: string, of: Stat, zone: Zone, quotes: boolean) {
    this.#process = process;
    this.#name = name;
    this.#stat = of;
    this.#zone = zone;
    this.#quotes = quotes;
  }

  field(letter: string): string | undefined {
    const { type, mode, size, ino, links, uid, gid, mtime, device } = this.#stat;
    const { users } = this.#process.host;
    const disk = diskOf(this.#process.host, this.#mount());
    const [major, minor] = DEVICE_NUMBERS[device ?? ""] ?? [0, 0];
    const fields: Record<string, () => string> = {
      a: () => mode.toString(8),
      A: () => modeLetters(type, mode),
      b: () => String(blocks512(this.#stat)),
      B: () => "512",
      C: () => "?",
      d: () => String(disk.major * 256 + disk.minor),
      D: () => (disk.major * 256 + disk.minor).toString(16),
      Hd: () => String(disk.major),
      Ld: () => String(disk.minor),
      f: () => (TYPE_BITS[type] | mode).toString(16),
      F: () => (type === "file" && size === 0 ? "regular empty file" : KINDS[type]),
      g: () => String(gid),
      G: () => users.groupByGid(gid)?.name ?? "UNKNOWN",
      h: () => String(links),
      i: () => String(ino),
      m: () => this.#mount().at,
      n: () => this.#name,
      N: () => this.#quoted(),
      o: () => "4096",
      r: () => String(major * 256 + minor),
      R: () => (major * 256 + minor).toString(16),
      Hr: () => String(major),
      Lr: () => String(minor),
      s: () => String(size),
      t: () => major.toString(16),
      T: () => minor.toString(16),
      u: () => String(uid),
      U: () => users.byUid(uid)?.name ?? "UNKNOWN",
      w: () => "-",
      W: () => "0",
    };
    if (/^[xyz]$/.test(letter)) return strftime("%Y-%m-%d %H:%M:%S.%N %z", mtime, this.#zone);
    if (/^[XYZ]$/.test(letter)) return String(Math.floor(mtime / SECOND));
    return fields[letter]?.();
  }

  fileSystemField(letter: string): string | undefined {
    const mount = this.#mount();
    const disk = diskOf(this.#process.host, mount);
    const names: Record<string, string> = {
      ext4: "ext2/ext3",
      overlay: "overlayfs",
      tmpfs: "tmpfs",
      proc: "proc",
      sysfs: "sysfs",
    };
    const magic: Record<string, string> = {
      ext4: "ef53",
      overlay: "794c7630",
      tmpfs: "1021994",
      proc: "9fa0",
      sysfs: "62656572",
    };
    const fields: Record<string, () => string> = {
      a: () => String(Math.floor(disk.available / 4)),
      b: () => String(Math.floor(disk.size / 4)),
      c: () => String(disk.inodes),
      d: () => String(disk.inodes - disk.inodesUsed),
      f: () => String(Math.floor((disk.size - disk.used) / 4)),
      i: () => (disk.major * 256 + disk.minor).toString(16),
      l: () => "255",
      n: () => this.#name,
      s: () => "4096",
      S: () => "4096",
      t: () => magic[mount.type] ?? "0",
      T: () => names[mount.type] ?? mount.type,
    };
    return fields[letter]?.();
  }

  #mount(): Mount {
    const { files } = this.#process.host;
    const found = attempt(() => files.mountOf(this.#name, this.#process));
    return found instanceof Errno ? files.mountOf("/") : found;
  }

  #quoted(): string {
    const quote = this.#quotes ? shellQuote : shellQuoteIfNeeded;
    const name = quote(this.#name);
    if (this.#stat.type !== "link") return name;
    return `${name} -> ${quote(this.#process.host.files.readlink(this.#name, this.#process))}`;
  }
}
