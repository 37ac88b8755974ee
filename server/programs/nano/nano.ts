import { Errno, type Process, type Program } from "../../sim/host/index.ts";
import { hostDisk } from "../vi/host-disk.ts";
import { Terminal } from "../vi/terminal.ts";
import { nanoArguments } from "./arguments.ts";
import { Nano } from "./session.ts";

const MODES = {
  enter: "\x1b[?2004h\x1b[?1049h\x1b[22;0;0t\x1b[?1h\x1b=\x1b[H\x1b[2J",
  leave: "\x1b[?1049l\x1b[23;0;0t\r\x1b[?1l\x1b>\x1b[?2004l",
};

/** GNU nano 7.2 as Ubuntu sets it up; without help texts, colours, justifying, spelling and more than one buffer at once. */
export const nano: Program = {
  name: "nano",
  summary: "Nano's ANOther editor, inspired by Pico",
  async run(process, args) {
    const given = nanoArguments(args);
    if ("not" in given) {
      await process.error(`drydock: nano: '${given.not}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(
        `${given.problem}\n${given.problem.startsWith("nano:") ? "Type 'nano -h' for a list of available options.\n" : ""}`,
      );
      return 1;
    }
    if (!process.isTty(1)) return fail(process, "Standard output is not a terminal");
    const source = process.fds.find(0);
    if (!source?.tty) return fail(process, "Standard input is not a terminal");
    const terminal = new Terminal(process, source, MODES);
    const editor = new Nano(terminal, hostDisk(process), given);
    await terminal.enter();
    try {
      for (const file of given.files.length > 0 ? given.files : [{ name: "", line: undefined, column: undefined }]) {
        if (!(await editor.edit(file))) break;
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    }
    if (!terminal.deadly) await terminal.print(`\x1b[${terminal.rows};1H`);
    await terminal.leave();
    if (terminal.deadly) await process.error("Received SIGHUP or SIGTERM\n");
    return terminal.deadly ? 1 : 0;
  },
};

async function fail(process: Process, why: string): Promise<number> {
  await process.error(`${why}\n`);
  return 1;
}
