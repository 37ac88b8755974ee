import type { Program } from "../sim/host/index.ts";

/** ncurses' clear: the screen, and with `E3` what scrolled off it. */
export const clear: Program = {
  name: "clear",
  summary: "clear the terminal screen",
  async run(process, args) {
    const term = process.env["TERM"];
    if (term === undefined || term === "") {
      await process.error("TERM environment variable not set.\n");
      return 1;
    }
    if (term === "dumb") return 0;
    // Terminals of the family of xterm; the Linux console calls the same sequences its own.
    await process.print(`\x1b[H\x1b[2J${args.includes("-x") ? "" : "\x1b[3J"}`);
    return 0;
  },
};
