import xterm from "@xterm/headless";
import { FdTable, spawn, Tty, TtyFile, type Host } from "../../sim/host/index.ts";
import { testHosts } from "../../sim/host/testing.ts";
import { MILLISECOND, pass } from "../../sim/kernel/index.ts";
import { bash } from "../../shell/index.ts";
import { allPrograms } from "../golden/replay.ts";

export interface TestTerminal {
  readonly host: Host;
  /** What was written to it since the last call. */
  written(): string;
  /** Types, lets the given time pass, and gives the rows of the screen without blanks at their ends. */
  type(keys: string, milliseconds?: number): Promise<string[]>;
  cursor(): [row: number, column: number];
  resize(cols: number, rows: number): Promise<string[]>;
}

/** A machine with all programs, and a bash on a terminal of 60 by 12. */
export async function testTerminal(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<TestTerminal> {
  const specs = Object.entries(files).map(([path, text]) => ({ path, text }));
  const { host } = testHosts([...(await allPrograms()), bash], specs);
  const picture = new xterm.Terminal({ cols: 60, rows: 12, allowProposedApi: true });
  let shown = "";
  let writing = Promise.resolve();
  const tty = new Tty("pts/0", {
    cols: 60,
    rows: 12,
    inputLimit: 65_536,
    display(bytes) {
      shown += bytes;
      writing = new Promise((done) => picture.write(Buffer.from(bytes, "latin1"), done));
    },
  });
  host.machine.addTty(tty);
  const file = new TtyFile(tty);
  const pid = spawn(host, {
    path: "/usr/bin/bash",
    argv: ["bash", "--norc"],
    cwd: "/root",
    env: { PATH: "/usr/bin", HOME: "/root", PS1: "$ ", TERM: "xterm-256color", LANG: "C.UTF-8", ...env },
    as: { uid: 0, gid: 0, groups: [0] },
    ppid: 1,
    pgid: 0,
    sid: 0,
    tty: "pts/0",
    fds: new FdTable([[0, file], [1, file], [2, file]]),
  }); // prettier-ignore
  tty.foreground = { machine: host.machine, pgid: pid };
  const screen = async (milliseconds: number): Promise<string[]> => {
    await pass(host.kernel, host.kernel.now + milliseconds * MILLISECOND);
    await writing;
    const { active } = picture.buffer;
    return Array.from({ length: picture.rows }, (_, at) =>
      active
        .getLine(active.viewportY + at)!
        .translateToString(true)
        .trimEnd(),
    );
  };
  await screen(300);
  return {
    host,
    written() {
      const text = shown;
      shown = "";
      return text;
    },
    type(keys, milliseconds = 300) {
      tty.input(Buffer.from(keys, "utf8").toString("latin1"));
      return screen(milliseconds);
    },
    cursor: () => [picture.buffer.active.cursorY, picture.buffer.active.cursorX],
    resize(cols, rows) {
      picture.resize(cols, rows);
      tty.resize(cols, rows);
      return screen(100);
    },
  };
}
