import type { Applet } from "../applet.ts";

export const clear: Applet = {
  options: "",
  usage: () => "\n\nClear screen",
  async run({ process }) {
    await process.print("\x1b[H\x1b[J");
    return 0;
  },
};
