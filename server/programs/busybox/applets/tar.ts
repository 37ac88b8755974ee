import { attempt, Errno, isDaemon, join } from "../../../sim/host/index.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { RewordedFile, type Rewording } from "../rewording.ts";

const SHARED: readonly Rewording[] = [
  [/: Cannot stat: /g, ": "],
  [/^tar: (.*): Cannot open: /gm, "tar: can't open '$1': "],
  [/Removing leading `(.*?)' from member names/g, "removing leading '$1' from member names"],
  [/^tar: Error is not recoverable: exiting now\n/gm, ""],
  [/^tar: This does not look like a tar archive\n/gm, ""],
  [/Skipping to next header/g, "invalid tar magic"],
  [/Unexpected EOF in archive/g, "short read"],
  [/^\ngzip: stdin: not in gzip format$/gm, "tar: invalid magic"],
  [/Child returned status 1/g, "short read"],
  [/Not found in archive/g, "not found in archive"],
];
const DELAYED = /^tar: Exiting with failure status due to previous errors\n/gm;
const CREATING: readonly Rewording[] = [...SHARED, [DELAYED, "tar: error exit delayed from previous errors\n"]];
const READING: readonly Rewording[] = [...SHARED, [DELAYED, ""]];

/** Options that mean here what they mean to GNU's. */
const SAME = ["c", "x", "t", "v", "O", "m", "o", "h", "z"];
const NOT_SIMULATED = ["k", "Z", "j", "J", "a", "lzma", "overwrite", "no-recursion", "numeric-owner", "to-command"];

/** archival/tar.c; recorded from 1.35. The work is GNU's, the words are busybox's. */
export const tar: Applet = {
  options: "cxtf:C:vOmokZzJjahp",
  longs: {
    create: "c",
    extract: "x",
    list: "t",
    file: "f:",
    directory: "C:",
    verbose: "v",
    "to-stdout": "O",
    touch: "m",
    "no-same-owner": "o",
    "keep-old": "k",
    gzip: "z",
    dereference: "h",
    "strip-components": "strip-components:",
    exclude: "exclude:",
    "no-same-permissions": "no-same-permissions",
    "same-permissions": "p",
    "preserve-permissions": "p",
    lzma: "lzma",
    overwrite: "overwrite",
    "no-recursion": "no-recursion",
    "numeric-owner": "numeric-owner",
    "to-command": "to-command:",
  },
  usage: () => `c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [FILE]...

Create, extract, or list files from a tar file

	c	Create
	x	Extract
	t	List
	-f FILE	Name of TARFILE ('-' for stdin/out)
	-C DIR	Change to DIR before operation
	-v	Verbose
	-O	Extract to stdout
	-m	Don't restore mtime
	-o	Don't restore user:group
	-k	Don't replace existing files
	-Z	(De)compress using compress
	-z	(De)compress using gzip
	-J	(De)compress using xz
	-j	(De)compress using bzip2
	--lzma	(De)compress using lzma
	-a	(De)compress based on extension
	-h	Follow symlinks
	--overwrite		Replace existing files
	--strip-components NUM	NUM of leading components to strip
	--no-recursion		Don't descend in directories
	--numeric-owner		Use numeric user:group
	--no-same-permissions	Don't restore access permissions
	--to-command COMMAND	Pipe files to COMMAND`,
  // The first word are letters, with or without a hyphen.
  split: ([first, ...others]) => {
    if (first === undefined) return { options: [], rest: [] };
    return { options: [/^[a-zA-Z]+$/.test(first) ? `-${first}` : first, ...others], rest: [] };
  },
  async run(call) {
    const modes = ["c", "x", "t"].filter((mode) => call.has(mode));
    if (modes.length !== 1) return call.usage();
    const lacking = NOT_SIMULATED.find((option) => call.has(option));
    if (lacking !== undefined) return call.notSimulated(lacking.length === 1 ? `-${lacking}` : `--${lacking}`);
    // Its columns are not GNU's.
    if (call.has("t") && call.has("v")) return call.notSimulated("-tv");
    const directory = call.value("C");
    if (directory !== undefined) {
      const { process } = call;
      const there = attempt(() => process.host.files.stat(join(directory, "."), process));
      if (there instanceof Errno) return call.die(`can't change directory to '${directory}': ${there.message}`);
    }
    if (call.has("c") && call.operands.length === 0) return call.die("empty archive");
    return delegate(call, call.has("c") ? CREATING : READING);
  },
};

async function delegate(call: AppletCall, rewordings: readonly Rewording[]): Promise<number> {
  const { process } = call;
  const found = process.host.hosts.programs.find("tar");
  const program = found instanceof Promise ? await process.kernel.busy(found) : found;
  if (!program || isDaemon(program)) return call.notSimulated("tar");
  const errors = process.fds.find(2);
  if (errors) process.fds.set(2, new RewordedFile(process, errors, rewordings));
  const valued = (option: string, flag: string): string[] =>
    call.values(option).flatMap((value) => [`${flag}${value}`]);
  const status = await program.run(process, [
    ...SAME.filter((option) => call.has(option)).map((option) => `-${option}`),
    // Whoever is root keeps the modes; with -p others do too.
    ...(call.has("p") ? ["-p"] : []),
    ...(call.has("no-same-permissions") ? ["--no-same-permissions"] : []),
    ...valued("f", "--file="),
    ...valued("C", "--directory="),
    ...valued("strip-components", "--strip-components="),
    ...valued("exclude", "--exclude="),
    "--",
    ...call.operands,
  ]);
  return status === 2 ? 1 : status;
}
