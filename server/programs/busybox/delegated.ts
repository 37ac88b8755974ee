import type { Rewording } from "./rewording.ts";

/** What busybox takes of a program that is shared with coreutils and its like; the rest is told in busybox's way. */
export interface Delegated {
  readonly options: string;
  readonly longs?: Readonly<Record<string, string>>;
  /** Operands without which it shows its usage. */
  readonly least?: number;
  /** An option `-e` or `-f` stands for the first operand. */
  readonly pattern?: true;
  /** Words that are operands although they look like options: `chmod -x`. */
  readonly operand?: RegExp;
  readonly usage: string;
  /** The arguments that make the shared program do what busybox's does. */
  rewrite?(args: readonly string[], operands: readonly string[]): readonly string[];
  /** The exit code of wrong options; else 1. */
  readonly code?: number;
  readonly rewordings?: readonly Rewording[];
  /** The same for what it prints. */
  readonly outputs?: readonly Rewording[];
  /** Exit codes that differ: those of coreutils and its like, and busybox's. */
  readonly codes?: Readonly<Record<number, number>>;
}

const CANNOT_OPEN: Rewording = [/: cannot open '?(.*?)'? for reading: /g, ": $1: "];

export const DELEGATED: Readonly<Record<string, Delegated>> = {
  cat: {
    options: "nbvteuA",
    usage: `[-nbvteA] [FILE]...

Print FILEs to stdout

	-n	Number output lines
	-b	Number nonempty lines
	-v	Show nonprinting characters as ^x or M-x
	-t	...and tabs as ^I
	-e	...and end lines with $
	-A	Same as -vte`,
    rewordings: [
      [/^cat: '?(.*?)'?: (No such file or directory|Permission denied)$/gm, "cat: can't open '$1': $2"],
      [/^cat: .*: Is a directory$/gm, "cat: read error: Is a directory"],
    ],
  },
  head: {
    options: "n:c:qv0123456789",
    usage: `[OPTIONS] [FILE]...

Print first 10 lines of FILEs (or stdin).
With more than one FILE, precede each with a filename header.

	-n N[bkm]	Print first N lines
	-n -N[bkm]	Print all except N last lines
	-c [-]N[bkm]	Print first N bytes
			(b:*512 k:*1024 m:*1024^2)
	-q		Never print headers
	-v		Always print headers`,
    rewordings: [CANNOT_OPEN, [/invalid number of \w+: '(.*?)'/g, "invalid number '$1'"]],
  },
  tail: {
    options: "fFn:c:qs:v0123456789",
    usage: `[OPTIONS] [FILE]...

Print last 10 lines of FILEs (or stdin) to.
With more than one FILE, precede each with a filename header.

	-c [+]N[bkm]	Print last N bytes
	-n N[bkm]	Print last N lines
	-n +N[bkm]	Start on Nth line and print the rest
			(b:*512 k:*1024 m:*1024^2)
	-q		Never print headers
	-v		Always print headers
	-f		Print data as file grows
	-F		Same as -f, but keep retrying
	-s SECONDS	Wait SECONDS between reads with -f`,
    rewordings: [
      [/: cannot open '?(.*?)'? for reading: /g, ": can't open '$1': "],
      [/invalid number of \w+: '(.*?)'/g, "invalid number '$1'"],
    ],
  },
  chroot: {
    options: "+",
    least: 1,
    usage: `NEWROOT [PROG ARGS]

Run PROG with root directory set to NEWROOT`,
    rewordings: [
      [/: cannot change root directory to '(.*)': /g, ": can't change root directory to '$1': "],
      [/: failed to run command '(.*?)': /g, ": can't execute '$1': "],
    ],
  },
  nsenter: {
    options: "+t:m::u::i::n::p::U::r::w::F",
    longs: {
      target: "t",
      mount: "m",
      uts: "u",
      ipc: "i",
      net: "n",
      pid: "p",
      user: "U",
      root: "r",
      wd: "w",
      "no-fork": "F",
    },
    usage: `[OPTIONS] [PROG ARGS]

	-t PID		Target process to get namespaces from
	-m[FILE]	Enter mount namespace
	-u[FILE]	Enter UTS namespace (hostname etc)
	-i[FILE]	Enter System V IPC namespace
	-n[FILE]	Enter network namespace
	-p[FILE]	Enter pid namespace
	-U[FILE]	Enter user namespace
	-S UID		Set uid in entered namespace
	-G GID		Set gid in entered namespace
	--preserve-credentials	Don't touch uids or gids
	-r[DIR]		Set root directory
	-w[DIR]		Set working directory
	-F		Don't fork before exec'ing PROG`,
    rewordings: [
      [/: cannot open (\S+): /g, ": can't open '$1': "],
      [/: failed to execute (\S+): /g, ": can't execute '$1': "],
    ],
  },
  cp: {
    options: "pdRfilsLHarPvuTt:n",
    longs: {
      archive: "a",
      force: "f",
      interactive: "i",
      link: "l",
      dereference: "L",
      "no-dereference": "P",
      recursive: "R",
      "symbolic-link": "s",
      "no-target-directory": "T",
      verbose: "v",
      update: "u",
    },
    least: 2,
    usage: `[-arPLHpfinlsTu] SOURCE DEST
or: cp [-arPLHpfinlsu] SOURCE... { -t DIRECTORY | DIRECTORY }

Copy SOURCEs to DEST

	-a	Same as -dpR
	-R,-r	Recurse
	-d,-P	Preserve symlinks (default if -R)
	-L	Follow all symlinks
	-H	Follow symlinks on command line
	-p	Preserve file attributes if possible
	-f	Overwrite
	-i	Prompt before overwrite
	-n	Don't overwrite
	-l,-s	Create (sym)links
	-T	Refuse to copy if DEST is a directory
	-t DIR	Copy all SOURCEs into DIR
	-u	Copy only newer files`,
    rewordings: [
      [/cannot stat /g, "can't stat "],
      [/cannot create regular file /g, "can't create "],
      [/cannot create directory /g, "can't create directory "],
      [/-r not specified; omitting directory /g, "omitting directory "],
    ],
  },
  mv: {
    options: "finTt:v",
    longs: {
      interactive: "i",
      force: "f",
      "no-clobber": "n",
      "no-target-directory": "T",
      "target-directory": "t:",
      verbose: "v",
    },
    least: 2,
    usage: `[-finT] SOURCE DEST
or: mv [-fin] SOURCE... { -t DIRECTORY | DIRECTORY }

Rename SOURCE to DEST, or move SOURCEs to DIRECTORY

	-f	Don't prompt before overwriting
	-i	Interactive, prompt before overwrite
	-n	Don't overwrite an existing file
	-T	Refuse to move if DEST is a directory
	-t DIR	Move all SOURCEs into DIR`,
    rewordings: [
      [/cannot stat ('.*?'): /g, "can't rename $1: "],
      [/cannot move ('.*?') to '.*?': /g, "can't rename $1: "],
    ],
  },
  rm: {
    options: "fiRrv",
    least: 1,
    usage: `[-irf] FILE...

Remove (unlink) FILEs

	-i	Always prompt before removing
	-f	Never prompt
	-R,-r	Recurse`,
    rewordings: [
      [/cannot remove ('.*?'): Is a directory/g, "$1 is a directory"],
      [/cannot remove /g, "can't remove "],
    ],
  },
  mkdir: {
    options: "m:pv",
    longs: { mode: "m:", parents: "p", verbose: "v" },
    least: 1,
    usage: `[-m MODE] [-p] DIRECTORY...

Create DIRECTORY

	-m MODE	Mode
	-p	No error if exists; make parent directories as needed`,
    rewordings: [[/cannot create directory '(.*?)'/g, "can't create directory '$1'"]],
  },
  rmdir: {
    options: "pv",
    longs: { "ignore-fail-on-non-empty": "ignore", parents: "p", verbose: "v" },
    least: 1,
    usage: `[-p] DIRECTORY...

Remove DIRECTORY if it is empty

	-p	Include parents`,
    rewordings: [[/failed to remove '(.*?)'/g, "'$1'"]],
  },
  touch: {
    options: "acmfhd:t:r:",
    longs: { "no-create": "c", date: "d:", reference: "r:", "no-dereference": "h" },
    least: 1,
    usage: `[-cham] [-d DATE] [-t DATE] [-r FILE] FILE...

Update mtime of FILEs

	-c	Don't create files
	-h	Don't follow links
	-a	Change only atime
	-m	Change only mtime
	-d DT	Date/time to use
	-t DT	Date/time to use
	-r FILE	Use FILE's date/time`,
    rewordings: [[/cannot touch '(.*?)': /g, "$1: "]],
  },
  ln: {
    options: "sfnbS:vTt:",
    least: 1,
    usage: `[-sfnbtv] [-S SUF] TARGET... LINK|DIR

Create a link LINK or DIR/TARGET to the specified TARGET(s)

	-s	Make symlinks instead of hardlinks
	-f	Remove existing destinations
	-n	Don't dereference symlinks - treat like normal file
	-b	Make a backup of the target (if exists) before link operation
	-S SUF	Use suffix instead of ~ when making backup files
	-T	Treat LINK as a file, not DIR
	-v	Verbose`,
    rewordings: [[/failed to create (?:symbolic|hard) link '(.*?)'(?: => '.*?')?: /g, "$1: "]],
  },
  chmod: {
    options: "+Rvcf",
    least: 2,
    operand: /^-[rwxXstugoa,+=-]*[rwxXst]$/,
    usage: `[-Rcvf] MODE[,MODE]... FILE...

MODE is octal number (bit pattern sstrwxrwxrwx) or [ugoa]{+|-|=}[rwxXst]

	-R	Recurse
	-c	List changed files
	-v	Verbose
	-f	Hide errors`,
    rewordings: [
      [/cannot access '(.*?)': /g, "$1: "],
      [/invalid mode: '(.*?)'/g, "invalid mode '$1'"],
    ],
  },
  chown: {
    options: "RhLHPcvf",
    least: 2,
    usage: `[-RhLHPcvf]... USER[:[GRP]] FILE...

Change the owner and/or group of FILEs to USER and/or GRP

	-h	Affect symlinks instead of symlink targets
	-R	Recurse
	-L	Traverse all symlinks to directories
	-H	Traverse symlinks on command line only
	-P	Don't traverse symlinks (default)
	-c	List changed files
	-v	Verbose
	-f	Hide errors`,
    rewordings: [
      [/cannot access '(.*?)': /g, "$1: "],
      [/invalid user: '(.*?)'/g, "unknown user $1"],
      [/invalid group: ':?(.*?)'/g, "unknown group $1"],
    ],
  },
  sleep: {
    options: "+",
    least: 1,
    usage: `[N]...

Pause for a time equal to the total of the args given, where each arg can
have an optional suffix of (s)econds, (m)inutes, (h)ours, or (d)ays`,
    rewordings: [[/invalid time interval '(.*?)'/g, "invalid number '$1'"]],
  },
  wc: {
    options: "cmlwL",
    usage: `[-cmlwL] [FILE]...

Count lines, words, and bytes for FILEs (or stdin)

	-c	Count bytes
	-m	Count characters
	-l	Count newlines
	-w	Count words
	-L	Print longest line length`,
  },
  uptime: {
    options: "",
    usage: "\n\nDisplay the time since the last boot",
  },
  grep: {
    options: "lnqvscFiHhe:f:Lorm:wxA:B:C:EzaIR",
    least: 1,
    pattern: true,
    code: 2,
    usage: `[-HhnlLoqvsrRiwFE] [-m N] [-A|B|C N] { PATTERN | -e PATTERN... | -f FILE... } [FILE]...

Search for PATTERN in FILEs (or stdin)

	-H	Add 'filename:' prefix
	-h	Do not add 'filename:' prefix
	-n	Add 'line_no:' prefix
	-l	Show only names of files that match
	-L	Show only names of files that don't match
	-c	Show only count of matching lines
	-o	Show only the matching part of line
	-q	Quiet. Return 0 if PATTERN is found, 1 otherwise
	-v	Select non-matching lines
	-s	Suppress open and read errors
	-r	Recurse
	-R	Recurse and dereference symlinks
	-i	Ignore case
	-w	Match whole words only
	-x	Match whole lines only
	-F	PATTERN is a literal (not regexp)
	-E	PATTERN is an extended regexp
	-m N	Match up to N times per file
	-A N	Print N lines of trailing context
	-B N	Print N lines of leading context
	-C N	Same as '-A N -B N'
	-e PTRN	Pattern to match
	-f FILE	Read pattern from file`,
    rewordings: [
      [/^grep: .*: Is a directory\n/gm, ""],
      [/^grep: (?:Unmatched|Invalid|Trailing|Missing).*/gm, "grep: bad regex '{operand}'"],
    ],
  },
  sed: {
    options: "i::rEne:f:s",
    least: 1,
    pattern: true,
    longs: { "in-place": "i", "regexp-extended": "r", quiet: "n", silent: "n", expression: "e:", file: "f:" },
    usage: `[-i[SFX]] [-nrE] [-f FILE]... [-e CMD]... [FILE]...
or: sed [-i[SFX]] [-nrE] CMD [FILE]...

	-e CMD	Add CMD to sed commands to be executed
	-f FILE	Add FILE contents to sed commands to be executed
	-i[SFX]	Edit files in-place (otherwise write to stdout)
		Optionally back files up, appending SFX
	-n	Suppress automatic printing of pattern space
	-r,-E	Use extended regex syntax

If no -e or -f, the first non-option argument is the sed command string.
Remaining arguments are input files (stdin if none).`,
    rewordings: [
      [/^sed: can't read (.*?): /gm, "sed: $1: "],
      [/^sed: couldn't open file (.*?): /gm, "sed: $1: "],
      [/^sed: read error on .*: Is a directory\n/gm, ""],
      [/^sed: can't find label for jump to `(.*)'/gm, "sed: can't find label for jump to '$1'"],
      [/^sed: -e expression #\d+, char \d+: unknown command: `(.*)'/gm, "sed: unsupported command $1"],
      [/^sed: -e expression #\d+, char \d+: unterminated (?:`[sy]' command|address regex)/gm, "sed: unmatched '/'"],
      [/^sed: -e expression #\d+, char \d+: unknown option to `s'/gm, "sed: bad option in substitution expression"],
      [/^sed: -e expression #\d+, char \d+: unexpected `,'/gm, "sed: no address after comma"],
      [/^sed: -e expression #\d+, char \d+: (?=Unmatched|Invalid|Trailing)/gm, "sed: bad regex: "],
    ],
    codes: { 2: 1, 4: 1 },
  },
  sort: {
    options: "ngMucszbrdfihVk:t:o:T:S:m",
    usage: `[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]] [-t CHAR] [FILE]...

Sort lines of text

	-o FILE	Output to FILE
	-c	Check whether input is sorted
	-b	Ignore leading blanks
	-f	Ignore case
	-i	Ignore unprintable characters
	-d	Dictionary order (blank or alphanumeric only)
	-n	Sort numbers
	-g	General numerical sort
	-h	Sort human readable numbers (2K 1G)
	-M	Sort month
	-V	Sort version
	-t CHAR	Field separator
	-k N[,M] Sort by Nth field
	-r	Reverse sort order
	-s	Stable (don't sort ties alphabetically)
	-u	Suppress duplicate lines
	-z	NUL terminated input and output`,
    code: 2,
    rewordings: [
      [/cannot read: '?(.*?)'?: /g, "$1: "],
      [/: invalid number at field start.*/g, ": bad field specification"],
    ],
  },
  cut: {
    options: "b:c:f:d:sn",
    usage: `[OPTIONS] [FILE]...

Print selected fields from FILEs to stdout

	-b LIST	Output only bytes from LIST
	-c LIST	Output only characters from LIST
	-d SEP	Field delimiter for input (default -f TAB, -F run of whitespace)
	-f LIST	Print only these fields (-d is single char)
	-s	Drop lines with no delimiter (else print them in full)
	-n	Ignored`,
    rewordings: [
      [/: invalid field value '(.*)'/g, ": invalid number '$1'"],
      [/you must specify a list of bytes, characters, or fields/g, "expected a list of bytes, characters, or fields"],
    ],
  },
  uniq: {
    options: "cduf:s:w:i",
    usage: `[-cduiz] [-f,s,w N] [FILE [OUTFILE]]

Discard duplicate lines

	-c	Prefix lines by the number of occurrences
	-d	Only print duplicate lines
	-u	Only print unique lines
	-i	Ignore case
	-f N	Skip first N fields
	-s N	Skip first N chars (after any skipped fields)
	-w N	Compare N characters in line`,
    rewordings: [[/^uniq: '?([^':]*)'?: (?=No such)/gm, "uniq: can't open '$1': "]],
  },
  tee: {
    options: "ia",
    usage: `[-ai] [FILE]...

Copy stdin to each FILE, and also to stdout

	-a	Append to the given FILEs, don't overwrite
	-i	Ignore interrupt signals (SIGINT)`,
  },
  date: {
    options: "d:D:s:r:I::uR",
    longs: { "rfc-2822": "R", set: "s:", utc: "u", date: "d:", reference: "r:" },
    usage: `[OPTIONS] [+FMT] [[-s] TIME]

Display time (using +FMT), or set time

	-u		Work in UTC (don't convert to local time)
	[-s] TIME	Set time to TIME
	-d TIME		Display TIME, not 'now'
	-D FMT		FMT (strptime format) for -s/-d TIME conversion
	-r FILE		Display last modification time of FILE
	-R		Output RFC-2822 date
	-I[SPEC]	Output ISO-8601 date
			SPEC=date (default), hours, minutes, seconds or ns`,
  },
  du: {
    options: "aHkLsxd:lchm",
    usage: `[-aHLdclsxhmk] [FILE]...

Summarize disk space used for FILEs (or directories)

	-a	Show file sizes too
	-b	Apparent size (including holes)
	-L	Follow all symlinks
	-H	Follow symlinks on command line
	-d N	Limit output to directories (and files with -a) of depth < N
	-c	Show grand total
	-l	Count sizes many times if hard linked
	-s	Display only a total for each argument
	-x	Skip directories on different filesystems
	-h	Sizes in human readable format (e.g., 1K 243M 2G)
	-m	Sizes in megabytes
	-k	Sizes in kilobytes (default)`,
    rewordings: [[/cannot access '(.*?)': /g, "$1: "]],
  },
  uname: {
    options: "amnrspviso",
    usage: `[-amnrspvio]

Print system information

	-a	Print all
	-m	Machine (hardware) type
	-n	Hostname
	-r	Kernel release
	-s	Kernel name (default)
	-p	Processor type
	-v	Kernel version
	-i	Hardware platform
	-o	OS name`,
  },
};
