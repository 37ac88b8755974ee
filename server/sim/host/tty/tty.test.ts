import { expect, test } from "vitest";
import { run } from "../../kernel/index.ts";
import type { Machine } from "../machine.ts";
import { FdTable } from "../process/fd-table.ts";
import type { Process } from "../process/process.ts";
import type { Program } from "../process/program.ts";
import { fork, spawn } from "../process/spawn.ts";
import { testHosts } from "../testing.ts";
import { READLINE } from "./termios.ts";
import { Tty } from "./tty.ts";
import { TtyFile } from "./tty-file.ts";

/** A terminal with one program in its foreground; returns what it shows. */
async function terminal(
  main: Program["run"],
): Promise<{ machine: Machine; tty: Tty; shown: () => string; type: (text: string) => Promise<void> }> {
  const { host } = testHosts([{ name: "main", summary: "", run: main }]);
  let shown = "";
  const tty = new Tty("pts/0", { cols: 80, rows: 24, inputLimit: 100, display: (bytes) => void (shown += bytes) });
  host.machine.addTty(tty);
  const file = new TtyFile(tty);
  const pid = spawn(host, {
    path: "/usr/bin/main",
    argv: ["main"],
    env: {},
    cwd: "/",
    as: { uid: 0, gid: 0, groups: [] },
    ppid: 1,
    pgid: 0,
    sid: 0,
    tty: "pts/0",
    fds: new FdTable([
      [0, file],
      [1, file],
      [2, file],
    ]),
  });
  tty.foreground = { machine: host.machine, pgid: pid };
  const rest = (): Promise<unknown> => run(host.kernel, () => host.kernel.runnable === 0);
  await rest();
  return {
    machine: host.machine,
    tty,
    shown: () => shown,
    type: async (text) => {
      tty.input(text);
      await rest();
    },
  };
}

const cat: Program["run"] = async (process) => {
  for (;;) {
    const bytes = await process.read(0);
    if (bytes === "") return 0;
    await process.write(1, `<${bytes.replace("\n", "")}>\n`);
  }
};

test("canonical mode gives whole lines, edited, and echoes", async () => {
  const { shown, type } = await terminal(cat);
  await type("helo\x7flo wor");
  expect(shown()).toBe("helo\b \blo wor");
  await type("\x17there\r");
  expect(shown()).toBe("helo\b \blo wor\b \b\b \b\b \bthere\r\n<hello there>\r\n");
});

test("Ctrl-D gives what is there, and at the start of a line the end of the file", async () => {
  const { tty, shown, type } = await terminal(cat);
  await type("ab\x04");
  expect(shown()).toBe("ab<ab>\r\n");
  expect(tty.waiting !== undefined).toBe(true);
  await type("\x04");
  expect(tty.waiting === undefined).toBe(true);
});

test("Ctrl-C ends the foreground group and drops what was typed", async () => {
  const { tty, shown, type } = await terminal(cat);
  await type("abc\x03");
  expect(shown()).toBe("abc^C");
  expect(tty.waiting === undefined).toBe(true);
});

test("in raw mode bytes come as they are typed", async () => {
  const { shown, type } = await terminal(async (process) => {
    process.tty!.termios = READLINE;
    for (let count = 0; count < 3; count++) await process.print(`[${JSON.stringify(await process.read(0, 1))}]`);
    return 0;
  });
  await type("a\x7f\r");
  expect(shown()).toBe('["a"]["\x7f"]["\\n"]');
});

test("input over the limit is not taken", async () => {
  const { tty } = await terminal(async (process) => {
    await process.sleep(1e9);
    return 0;
  });
  expect(tty.input("x".repeat(150))).toBe(100);
});

test("a change of size is signalled, a hang-up ends the program", async () => {
  const { tty, shown, type } = await terminal(async (process) => {
    process.on("SIGWINCH", () => void process.print(`${process.tty!.cols}x${process.tty!.rows} `));
    for (;;) await process.read(0);
  });
  tty.resize(120, 40);
  tty.resize(120, 40);
  expect(shown()).toBe("120x40 ");
  tty.hangUp();
  await type("");
  expect(tty.waiting === undefined).toBe(true);
});

test("when the session's leader ends, the foreground group is hung up and the others have no terminal", async () => {
  const { machine } = await terminal(async (process) => {
    const sleep = (child: Process): Promise<number> => child.sleep(1e12).then(() => 0);
    fork(process, sleep);
    fork(process, sleep, { pgid: 0 });
    return 0;
  });
  const left = machine.processes().filter(({ pid, state }) => pid !== 1 && state !== "zombie");
  expect(left.map(({ ppid, sid, tty }) => ({ ppid, sid, tty }))).toEqual([{ ppid: 1, sid: 100, tty: undefined }]);
});
