import { basename, COOKED, type Program } from "../sim/host/index.ts";

/** The strings `rs1`, `rs2` and the margins of terminfo's xterm-256color, as ncurses' tset sends them. */
const STRINGS = "\x1bc\x1b]104\x07\x1b[!p\x1b[?3;4l\x1b[4l\x1b>\x1b[?69l\r";

/** ncurses' reset: sane modes and a clean screen, after a program or a binary file has spoilt the terminal. */
export const tset: Program = {
  name: "tset",
  summary: "terminal initialization",
  async run(process, args) {
    const name = basename(process.argv[0] ?? "tset");
    if (name !== "reset" || args.length > 0) {
      await process.error(`drydock: ${name}: ${args.length > 0 ? `'${args[0]}'` : "this program"} is not simulated\n`);
      return 64;
    }
    const tty = [2, 1, 0].map((fd) => process.fds.find(fd)?.tty).find((found) => found !== undefined);
    if (!tty) {
      await process.error("reset: standard error: Inappropriate ioctl for device\n");
      return 1;
    }
    tty.termios = COOKED;
    await process.error(STRINGS);
    return 0;
  },
};
