import { humanSize } from "../gnu/size.ts";
import { zoneOf, type Zone } from "../gnu/strftime.ts";
import type { Call } from "../gnu/tool.ts";

export type QuotingStyle =
  | "literal"
  | "shell"
  | "shell-always"
  | "shell-escape"
  | "shell-escape-always"
  | "c"
  | "escape";

/** What the options of ls ask for. */
export interface Settings {
  readonly format: "long" | "columns" | "across" | "commas" | "single";
  readonly sort: "name" | "time" | "size" | "version" | "extension" | "none";
  readonly reverse: boolean;
  readonly directoriesFirst: boolean;
  readonly hidden: "all" | "almost" | "none";
  readonly noBackups: boolean;
  /** Shows what is in directories, not only their names. */
  readonly directories: boolean;
  readonly recursive: boolean;
  readonly dereference: boolean;
  /** Which links on the command line are followed. */
  readonly operandLinks: "none" | "directories" | "all";
  readonly inode: boolean;
  readonly blocks: boolean;
  readonly numeric: boolean;
  readonly owner: boolean;
  readonly group: boolean;
  readonly author: boolean;
  readonly indicator: "none" | "slash" | "file-type" | "classify";
  readonly quoting: QuotingStyle;
  readonly hideControl: boolean;
  readonly color: boolean;
  readonly width: number;
  readonly tab: number;
  readonly end: string;
  /** Whether names without quotes move to stand under those with. */
  readonly aligned: boolean;
  /** Whether more than names and types is wanted. */
  readonly needsStat: boolean;
  readonly timeStyle: string;
  readonly zone: Zone;
  /** A size in bytes as it is shown; blocks count in KiB. */
  size(bytes: number, what: "bytes" | "blocks"): string;
}

const FORMATS = [
  [["verbose", "long"], "long"],
  [["commas"], "commas"],
  [["horizontal", "across"], "across"],
  [["vertical"], "columns"],
  [["single-column"], "single"],
] as const;
const SORTS = [
  [["none"], "none"],
  [["time"], "time"],
  [["size"], "size"],
  [["extension"], "extension"],
  [["version"], "version"],
  [["name"], "name"],
] as const;
const STYLES = ["literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "c-maybe", "escape", "locale", "clocale"].map((word) => [[word], word] as const); // prettier-ignore
const INDICATORS = [
  [["none"], "none"],
  [["slash"], "slash"],
  [["file-type"], "file-type"],
  [["classify"], "classify"],
] as const;
const WHEN = [
  [["always", "yes", "force"], "always"],
  [["never", "no", "none"], "never"],
  [["auto", "tty", "if-tty"], "auto"],
] as const;

/** Reads the options of ls; a number is the exit code after a message. */
export async function settingsOf(call: Call<string>): Promise<Settings | number> {
  const { process, options } = call;
  const tty = process.isTty(1);
  const sortWord = await call.choose("--sort", call.value("sort") ?? "name", SORTS);
  if (typeof sortWord === "number") return sortWord;
  const formatWord = await call.choose("--format", call.value("format") ?? "vertical", FORMATS);
  if (typeof formatWord === "number") return formatWord;
  const colorWhen = await call.choose("--color", call.value("color") ?? "always", WHEN);
  if (typeof colorWhen === "number") return colorWhen;
  const classifyWhen = await call.choose("--classify", call.value("classify") ?? "always", WHEN);
  if (typeof classifyWhen === "number") return classifyWhen;
  const isOn = (when: "always" | "never" | "auto"): boolean => when === "always" || (when === "auto" && tty);
  const style = await call.choose("--quoting-style", call.value("quotingStyle") ?? "literal", STYLES);
  if (typeof style === "number") return style;
  const widthText = call.value("width");
  if (widthText !== undefined && !/^\d+$/.test(widthText))
    return call.fail(`invalid line width: ${call.quote(widthText)}`);
  const tabText = call.value("tabSize");
  if (tabText !== undefined && !/^\d+$/.test(tabText)) return call.fail(`invalid tab size: ${call.quote(tabText)}`);
  const timeStyle = call.has("fullTime")
    ? "full-iso"
    : (call.value("timeStyle") ?? process.env["TIME_STYLE"] ?? "locale");
  if (!/^\+|^(?:posix-)?(?:full-iso|long-iso|iso|locale)$/.test(timeStyle)) {
    await call.say(`invalid argument ${call.quote(timeStyle)} for ${call.quote("time style")}`);
    await process.error("Valid arguments are:\n  - [posix-]full-iso\n  - [posix-]long-iso\n  - [posix-]iso\n  - [posix-]locale\n  - +FORMAT (e.g., +%H:%M) for a 'date'-style format\n"); // prettier-ignore
    return call.usage();
  }

  let format: Settings["format"] = tty ? "columns" : "single";
  const formatFlag = options.lastOf(
    "long",
    "numeric",
    "noOwner",
    "noGroups",
    "columns",
    "across",
    "commas",
    "onePerLine",
    "format",
    "fullTime",
  );
  const long = ["long", "numeric", "noOwner", "noGroups", "fullTime"];
  if (formatFlag !== undefined) {
    if (long.includes(formatFlag)) format = "long";
    else if (formatFlag === "format") format = formatWord.meaning;
    // -1 does not undo -l.
    else if (formatFlag === "onePerLine") format = long.some((flag) => call.has(flag)) ? "long" : "single";
    else format = formatFlag as "columns" | "across" | "commas";
  }
  const zero = call.has("zero");
  if (zero && format !== "long") format = "single";

  let sort: Settings["sort"] = "name";
  const sortFlag = options.lastOf("bySize", "byTime", "byVersion", "byExtension", "unsorted", "asStored", "sort");
  const bySort: Record<string, Settings["sort"]> = {
    bySize: "size",
    byTime: "time",
    byVersion: "version",
    byExtension: "extension",
    unsorted: "none",
    asStored: "none",
  };
  if (sortFlag !== undefined) sort = sortFlag === "sort" ? sortWord.meaning : bySort[sortFlag]!;
  else if ((call.has("changed") || call.has("accessed")) && format !== "long") sort = "time";

  const quotingFlag = options.lastOf("literal", "escape", "quoteName", "quotingStyle");
  const environment = process.env["QUOTING_STYLE"];
  const quoting =
    quotingFlag === "literal" || (zero && quotingFlag === undefined)
      ? "literal"
      : quotingFlag === "escape"
        ? "escape"
        : quotingFlag === "quoteName"
          ? "c"
          : quotingFlag === "quotingStyle"
            ? style.meaning
            : (STYLES.find(([[word]]) => word === environment)?.[1] ?? (tty ? "shell-escape" : "literal"));
  if (!["literal", "shell", "shell-always", "shell-escape", "shell-escape-always", "c", "escape"].includes(quoting))
    return call.notSimulated(`quoting style '${quoting}'`);

  const indicatorFlag = options.lastOf("classify", "fileType", "slash", "indicator");
  let indicator: Settings["indicator"] = "none";
  if (indicatorFlag === "slash") indicator = "slash";
  else if (indicatorFlag === "fileType") indicator = "file-type";
  else if (indicatorFlag === "classify") indicator = isOn(classifyWhen.meaning) ? "classify" : "none";
  else if (indicatorFlag === "indicator") {
    const word = await call.choose("--indicator-style", call.value("indicator")!, INDICATORS);
    if (typeof word === "number") return word;
    indicator = word.meaning;
  }

  const color = call.has("color") && isOn(colorWhen.meaning) && knowsColors(process.env);
  const columns = process.env["COLUMNS"];
  const sizes = options.lastOf("human", "si");
  const width =
    widthText !== undefined
      ? Number(widthText) || Infinity
      : columns !== undefined && /^[1-9]\d*$/.test(columns)
        ? Number(columns)
        : tty
          ? process.fds.get(1).tty!.cols
          : 80;
  return {
    format,
    sort,
    reverse: call.has("reverse"),
    directoriesFirst: call.has("groupDirectories"),
    hidden:
      options.lastOf("all", "almostAll", "asStored") === "almostAll"
        ? "almost"
        : call.has("all") || call.has("asStored")
          ? "all"
          : "none",
    noBackups: call.has("noBackups"),
    directories: !call.has("directory"),
    recursive: call.has("recursive") && !call.has("directory"),
    dereference: call.has("dereference"),
    operandLinks: call.has("dereferenceCommandLine")
      ? "all"
      : call.has("directory") || indicator === "classify" || format === "long"
        ? "none"
        : "directories",
    inode: call.has("inode"),
    blocks: call.has("size"),
    numeric: call.has("numeric"),
    owner: !call.has("noOwner"),
    group: !call.has("noGroup") && !call.has("noGroups"),
    author: call.has("author"),
    indicator,
    quoting: quoting as QuotingStyle,
    hideControl: options.lastOf("hideControl", "showControl") === "hideControl" || (tty && !call.has("showControl")),
    color,
    width,
    aligned: format === "long" || ((format === "columns" || format === "across") && width !== Infinity),
    needsStat:
      format === "long" ||
      sort === "time" ||
      sort === "size" ||
      color ||
      call.has("size") ||
      call.has("inode") ||
      indicator === "classify",
    tab: color ? 0 : tabText === undefined ? 8 : Number(tabText),
    end: zero ? "\0" : "\n",
    timeStyle,
    zone: zoneOf(process.env["TZ"]),
    size(bytes, what) {
      if (sizes !== undefined) return humanSize(bytes, sizes === "si" ? 1000 : 1024);
      return String(what === "blocks" ? Math.ceil(bytes / 1024) : bytes);
    },
  };
}

/** Without LS_COLORS only on terminals that are known to have colours (src/ls.c known_term_type, COLORTERM). */
function knowsColors(env: Readonly<Record<string, string>>): boolean {
  if (env["LS_COLORS"] || env["COLORTERM"]) return true;
  return /^(?:Eterm|ansi|.*color.*|con\d+x\d+|cons25|console|cygwin|.*direct.*|dtterm|gnome|hurd|jfbterm|konsole|kterm|linux|linux-c|mlterm|putty|rxvt.*|screen.*|st.*|terminator|tmux.*|vt100|vt220|vt48|vt52|xterm.*)$/.test(
    env["TERM"] ?? "",
  );
}
