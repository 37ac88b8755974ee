import { gunzipSync, gzipSync } from "node:zlib";
import { attempt, Errno, join, open, type OpenFile } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";
import { tool, type Call } from "../gnu/tool.ts";
import { Creator, type Sink } from "./create.ts";
import { Extractor } from "./extract.ts";
import { listing } from "./listing.ts";
import { ArchiveReader, BadArchive, type Source } from "./read.ts";

const NOT_RECOVERABLE = "Error is not recoverable: exiting now";
const DELAYED = "Exiting with failure status due to previous errors";

export const tar = tool({
  name: "tar",
  package: "tar",
  summary: "an archiving utility",
  usage: ["[OPTION...] [FILE]..."],
  about:
    "GNU 'tar' saves many files together into a single tape or disk archive, and can\nrestore individual files from the archive.",
  trouble: 2,
  argp: true,
  flags: {
    create: { short: "c", long: "create", help: "create a new archive" },
    extract: { short: "x", long: "extract", help: "extract files from an archive" },
    get: { long: "get", help: "extract files from an archive" },
    list: { short: "t", long: "list", help: "list the contents of an archive" },
    append: { short: "r", long: "append", simulated: false },
    update: { short: "u", long: "update", simulated: false },
    compare: { short: "d", long: "diff", simulated: false },
    file: { short: "f", long: "file", arg: "ARCHIVE", help: "use archive file or device ARCHIVE" },
    directory: { short: "C", long: "directory", arg: "DIR", help: "change to directory DIR" },
    verbose: { short: "v", long: "verbose", help: "verbosely list files processed" },
    gzip: { short: "z", long: "gzip", help: "filter the archive through gzip" },
    bzip2: { short: "j", long: "bzip2", simulated: false },
    xz: { short: "J", long: "xz", simulated: false },
    touch: { short: "m", long: "touch", help: "don't extract file modified time" },
    permissions: { short: "p", long: "preserve-permissions", help: "extract information about file permissions (default for superuser)" }, // prettier-ignore
    noPermissions: { long: "no-same-permissions", help: "apply the user's umask when extracting permissions from the archive (default for ordinary users)" }, // prettier-ignore
    owner: { long: "same-owner", help: "try extracting files with the same ownership as exists in the archive (default for superuser)" }, // prettier-ignore
    noOwner: { short: "o", long: "no-same-owner", help: "extract files as yourself (default for ordinary users)" },
    dereference: { short: "h", long: "dereference", help: "follow symlinks; archive and dump the files they point to" },
    strip: { long: "strip-components", arg: "NUMBER", help: "strip NUMBER leading components from file names on extraction" }, // prettier-ignore
    exclude: { long: "exclude", arg: "PATTERN", help: "exclude files, given as a PATTERN" },
    stdout: { short: "O", long: "to-stdout", help: "extract files to standard output" },
    absolute: { short: "P", long: "absolute-names", simulated: false },
    keep: { short: "k", long: "keep-old-files", simulated: false },
    filesFrom: { short: "T", long: "files-from", arg: "FILE", simulated: false },
  },
  // `tar cf - DIR`: the first word may be letters without a hyphen, whose values follow in order.
  rewrite(args) {
    const [first, ...rest] = args;
    if (first === undefined || first.startsWith("-") || !/^[A-Za-z]+$/.test(first)) return args;
    const values = rest.slice();
    const words = [...first].flatMap((letter) =>
      "fC".includes(letter) && values.length > 0 ? [`-${letter}`, values.shift()!] : [`-${letter}`],
    );
    return [...words, ...values];
  },
  async run(call) {
    const modes = (["create", "extract", "list"] as const).filter((mode) => call.has(mode) || (mode === "extract" && call.has("get"))); // prettier-ignore
    if (modes.length === 0) return call.usage("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"); // prettier-ignore
    if (modes.length > 1) return call.usage("You may not specify more than one '-Acdtrux', '--delete' or  '--test-label' option"); // prettier-ignore
    const directory = call.value("directory") ?? ".";
    const there = attempt(() => call.process.host.files.stat(join(directory, "."), call.process));
    if (there instanceof Errno || there.type !== "dir") {
      await call.say(`${directory}: Cannot open: ${there instanceof Errno ? there.message : "Not a directory"}`);
      return call.fail(NOT_RECOVERABLE);
    }
    if (modes[0] === "create") return create(call, directory);
    return read(call, directory, modes[0] === "extract");
  },
});

async function create(call: Call<string>, directory: string): Promise<number> {
  const { process, operands } = call;
  if (operands.length === 0) {
    await call.usage("Cowardly refusing to create an empty archive");
    return 2;
  }
  const file = call.value("file") ?? "-";
  const out = file === "-" ? undefined : attempt(() => open(process.host, file, { write: true, truncate: true }, process)); // prettier-ignore
  if (out instanceof Errno) {
    await call.say(`${file}: Cannot open: ${out.message}`);
    return call.fail(NOT_RECOVERABLE);
  }
  const put: Sink = async (bytes) => (out ? await out.write(process, bytes) : await process.write(1, bytes));
  const pieces: Bytes[] = [];
  const zipped = call.has("gzip") || /\.(tgz|tar\.gz)$/.test(call.has("gzip") ? file : "");
  const sink: Sink = zipped ? async (bytes) => void pieces.push(bytes) : put;
  const patterns = call.options.values("exclude").map(pattern);
  const creator = new Creator(
    call,
    {
      directory,
      dereference: call.has("dereference"),
      verbose: call.has("verbose"),
      excluded: (name) => patterns.some((each) => each.test(name)),
      tell: async (line) => (out ? await call.out.print(line) : await process.error(line)),
    },
    sink,
  );
  for (const operand of operands) await creator.add(operand);
  await creator.end();
  if (zipped) await put(gzipSync(Buffer.from(pieces.join(""), "latin1")).toString("latin1"));
  if (call.status > 0) await call.say(DELAYED);
  return call.status;
}

async function read(call: Call<string>, directory: string, extracting: boolean): Promise<number> {
  const { process } = call;
  const source = await sourceOf(call);
  if (typeof source === "number") return source;
  const root = process.row.uid === 0;
  const extractor = new Extractor(call, {
    directory,
    strip: Number(call.value("strip") ?? 0) || 0,
    keepTimes: !call.has("touch"),
    sameOwner: call.has("noOwner") ? false : call.has("owner") || root,
    samePermissions: call.has("noPermissions") ? false : call.has("permissions") || root,
  });
  const archive = new ArchiveReader(source, (words) => call.warn(words, 2));
  const missing = new Set(call.operands);
  const long = !extracting && call.has("verbose");
  try {
    for (let member = await archive.next(); member; member = await archive.next()) {
      const { name } = member;
      const plain = name.replace(/\/$/, "");
      const wanted = call.operands.find((each) => plain === each.replace(/\/$/, "") || name.startsWith(`${each.replace(/\/$/, "")}/`)); // prettier-ignore
      if (wanted !== undefined) missing.delete(wanted);
      else if (call.operands.length > 0) continue;
      if (!extracting || call.has("verbose")) await call.out.print(listing(member, long));
      if (!extracting) continue;
      if (call.has("stdout")) await process.write(1, member.type === "file" ? await archive.content(member) : "");
      else await extractor.make(member, archive);
      await process.pause();
    }
  } catch (error) {
    if (!(error instanceof BadArchive)) throw error;
    await call.warn(error.message, 2);
    return call.fail(NOT_RECOVERABLE);
  }
  extractor.end();
  for (const name of missing) await call.warn(`${name}: Not found in archive`, 2);
  if (call.status > 0) await call.say(DELAYED);
  return call.status;
}

async function sourceOf(call: Call<string>): Promise<Source | number> {
  const { process } = call;
  const name = call.value("file") ?? "-";
  const file: OpenFile | Errno =
    name === "-" ? process.fds.get(0) : attempt(() => open(process.host, name, { read: true }, process));
  if (file instanceof Errno) {
    await call.say(`${name}: Cannot open: ${file.message}`);
    return call.fail(NOT_RECOVERABLE);
  }
  const first = await file.read(process, 65_536);
  if (!call.has("gzip") && !(name !== "-" && first.startsWith("\x1f\x8b"))) {
    let begun = false;
    return async (max) => {
      if (begun) return file.read(process, max);
      begun = true;
      return first;
    };
  }
  let zipped = first;
  for (let piece = await file.read(process, 1_048_576); piece !== ""; piece = await file.read(process, 1_048_576))
    zipped += piece;
  try {
    let rest = gunzipSync(Buffer.from(zipped, "latin1")).toString("latin1");
    return async (max) => {
      const piece = rest.slice(0, max);
      rest = rest.slice(max);
      return piece;
    };
  } catch {
    await process.error("\ngzip: stdin: not in gzip format\n");
    await call.say("Child returned status 1");
    return call.fail(NOT_RECOVERABLE);
  }
}

/** A pattern of `--exclude`: matches a name or the end of one behind a slash. */
function pattern(text: string): RegExp {
  const body = text
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`(^|/)${body}$`, "s");
}
