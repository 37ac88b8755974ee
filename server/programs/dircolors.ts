import { Errno } from "../sim/host/index.ts";
import { decode, encode } from "../sim/kernel/index.ts";
import { closeOperand, openOperand, readWhole } from "./gnu/input.ts";
import { shellQuote } from "./gnu/quoting.ts";
import { tool } from "./gnu/tool.ts";

/** Terminals that the built-in database knows to have colours. */
const TERMS =
  /^(?:Eterm|ansi|.*color.*|con[0-9].*x[0-9].*|cons25|console|cygwin|.*direct.*|dtterm|gnome|hurd|jfbterm|konsole|kterm|linux|linux-c|mlterm|putty|rxvt.*|screen.*|st|terminator|tmux.*|vt100|xterm.*)$/;

/** The built-in database of coreutils 9.4 (src/dircolors.hin), by what has the colour. */
const DATABASE = `
RESET 0
DIR 01;34
LINK 01;36
MULTIHARDLINK 00
FIFO 40;33
SOCK 01;35
DOOR 01;35
BLK 40;33;01
CHR 40;33;01
ORPHAN 40;31;01
MISSING 00
SETUID 37;41
SETGID 30;43
CAPABILITY 00
STICKY_OTHER_WRITABLE 30;42
OTHER_WRITABLE 34;42
STICKY 37;44
EXEC 01;32
.tar 01;31
.tgz 01;31
.arc 01;31
.arj 01;31
.taz 01;31
.lha 01;31
.lz4 01;31
.lzh 01;31
.lzma 01;31
.tlz 01;31
.txz 01;31
.tzo 01;31
.t7z 01;31
.zip 01;31
.z 01;31
.dz 01;31
.gz 01;31
.lrz 01;31
.lz 01;31
.lzo 01;31
.xz 01;31
.zst 01;31
.tzst 01;31
.bz2 01;31
.bz 01;31
.tbz 01;31
.tbz2 01;31
.tz 01;31
.deb 01;31
.rpm 01;31
.jar 01;31
.war 01;31
.ear 01;31
.sar 01;31
.rar 01;31
.alz 01;31
.ace 01;31
.zoo 01;31
.cpio 01;31
.7z 01;31
.rz 01;31
.cab 01;31
.wim 01;31
.swm 01;31
.dwm 01;31
.esd 01;31
.avif 01;35
.jpg 01;35
.jpeg 01;35
.mjpg 01;35
.mjpeg 01;35
.gif 01;35
.bmp 01;35
.pbm 01;35
.pgm 01;35
.ppm 01;35
.tga 01;35
.xbm 01;35
.xpm 01;35
.tif 01;35
.tiff 01;35
.png 01;35
.svg 01;35
.svgz 01;35
.mng 01;35
.pcx 01;35
.mov 01;35
.mpg 01;35
.mpeg 01;35
.m2v 01;35
.mkv 01;35
.webm 01;35
.webp 01;35
.ogm 01;35
.mp4 01;35
.m4v 01;35
.mp4v 01;35
.vob 01;35
.qt 01;35
.nuv 01;35
.wmv 01;35
.asf 01;35
.rm 01;35
.rmvb 01;35
.flc 01;35
.avi 01;35
.fli 01;35
.flv 01;35
.gl 01;35
.dl 01;35
.xcf 01;35
.xwd 01;35
.yuv 01;35
.cgm 01;35
.emf 01;35
.ogv 01;35
.ogx 01;35
.aac 00;36
.au 00;36
.flac 00;36
.m4a 00;36
.mid 00;36
.midi 00;36
.mka 00;36
.mp3 00;36
.mpc 00;36
.ogg 00;36
.ra 00;36
.wav 00;36
.oga 00;36
.opus 00;36
.spx 00;36
.xspf 00;36
*~ 00;90
*
.bak 00;90
.old 00;90
.orig 00;90
.part 00;90
.rej 00;90
.swp 00;90
.tmp 00;90
.dpkg-dist 00;90
.dpkg-old 00;90
.ucf-dist 00;90
.ucf-new 00;90
.ucf-old 00;90
.rpmnew 00;90
.rpmorig 00;90
.rpmsave 00;90
`;

/** Keywords and their short names in LS_COLORS (src/dircolors.c, slack_codes and ls_codes). */
const CODES: Readonly<Record<string, string>> = {
  NORMAL: "no", NORM: "no", FILE: "fi", RESET: "rs", DIR: "di", LNK: "ln", LINK: "ln", SYMLINK: "ln", ORPHAN: "or", MISSING: "mi",
  FIFO: "pi", PIPE: "pi", SOCK: "so", BLK: "bd", BLOCK: "bd", CHR: "cd", CHAR: "cd", DOOR: "do", EXEC: "ex", LEFT: "lc", LEFTCODE: "lc",
  RIGHT: "rc", RIGHTCODE: "rc", END: "ec", ENDCODE: "ec", SUID: "su", SETUID: "su", SGID: "sg", SETGID: "sg", STICKY: "st",
  OTHER_WRITABLE: "ow", OWR: "ow", STICKY_OTHER_WRITABLE: "tw", OWT: "tw", CAPABILITY: "ca", MULTIHARDLINK: "mh", CLRTOEOL: "cl",
}; // prettier-ignore

export const dircolors = tool({
  name: "dircolors",
  package: "coreutils",
  summary: "color setup for ls",
  usage: ["[OPTION]... [FILE]"],
  about: "Print commands that set LS_COLORS.",
  flags: {
    sh: { short: "b", long: "sh", help: "print commands of a Bourne shell" },
    csh: { short: "c", long: "csh", help: "print commands of a C shell" },
    print: { short: "p", long: "print-database", simulated: false },
    show: { long: "print-ls-colors", simulated: false },
  },
  async run(call) {
    const [operand] = call.operands;
    let text = DATABASE;
    if (operand !== undefined) {
      const file = openOperand(call.process, operand);
      if (file instanceof Errno) {
        await call.warn(`${shellQuote(operand)}: ${file.message}`);
        return 1;
      }
      text = decode(await readWhole(call.process, file, call.out));
      closeOperand(call.process, file);
    }
    const { env } = call.process;
    const coloured = operand !== undefined || env["COLORTERM"] !== undefined || TERMS.test(env["TERM"] ?? "");
    const value = coloured ? colours(text) : "";
    const csh = call.has("csh") || (!call.has("sh") && (env["SHELL"] ?? "").endsWith("csh"));
    await call.out.put(encode(csh ? `setenv LS_COLORS '${value}'\n` : `LS_COLORS='${value}';\nexport LS_COLORS\n`));
    return 0;
  },
});

function colours(text: string): string {
  let value = "";
  for (const line of text.split("\n")) {
    const [key, code] = line
      .replace(/(^|\s)#.*/, "")
      .trim()
      .split(/\s+/);
    if (!key || code === undefined || key === "TERM" || key === "COLORTERM") continue;
    const name = key.startsWith(".") ? `*${key}` : key.startsWith("*") ? key : CODES[key.toUpperCase()];
    if (name !== undefined) value += `${name}=${code}:`;
  }
  return value;
}
