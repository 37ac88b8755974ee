import { expect, test } from "vitest";
import xterm from "@xterm/headless";
import { Screen } from "./screen.ts";

/** What a person sees: every row of screen and scrollback, the cursor, colours, and which screen it is. */
async function seen(bytes: readonly string[], cols = 40, rows = 8): Promise<unknown> {
  const terminal = new xterm.Terminal({ cols, rows, scrollback: 5_000, allowProposedApi: true });
  for (const piece of bytes)
    await new Promise<void>((resolve) => terminal.write(Buffer.from(piece, "latin1"), resolve));
  const { active, normal } = terminal.buffer;
  const lines = (buffer: typeof active): string[] =>
    Array.from({ length: buffer.length }, (_, at) => {
      const line = buffer.getLine(at)!;
      return Array.from({ length: cols }, (__, col) => {
        const cell = line.getCell(col)!;
        const look = [cell.getFgColorMode(), cell.getFgColor(), cell.isBold(), cell.isInverse()].join(",");
        return `${cell.getChars() || " "}${look === "0,-1,0,0" || look === "0,0,0,0" ? "" : `(${look})`}`;
      })
        .join("")
        .trimEnd();
    });
  const { applicationCursorKeysMode, bracketedPasteMode, originMode } = terminal.modes;
  const result = {
    type: active.type,
    lines: lines(active),
    behind: active.type === "alternate" ? lines(normal).join("\n").trimEnd() : "",
    cursor: [active.cursorX, active.cursorY],
    modes: { applicationCursorKeysMode, bracketedPasteMode, originMode },
  };
  terminal.dispose();
  return result;
}

async function shown(pieces: readonly string[]): Promise<unknown> {
  const screen = new Screen(40, 8);
  for (const piece of pieces) screen.write(piece);
  return seen([await screen.render()]);
}

const LATIN1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const cases: Record<string, string[]> = {
  "a prompt": ["root@host:~# \x1b[?2004h", "ls"],
  "colours and a cursor in the middle": ["\x1b[1;31mred\x1b[0m plain \x1b[7minv\x1b[m\r\n\x1b[38;5;99mviolet\x1b[3D"],
  "a colour that goes on": ["\x1b[32mgreen "],
  "more lines than the screen": Array.from({ length: 60 }, (_, at) => `line ${at}\r\n`),
  "the alternate screen of an editor": [
    "behind\r\n",
    "\x1b[?1049h\x1b[2J\x1b[3;5Hvi\x1b[8;1H-- INSERT --\x1b[?1h\x1b[4;2H",
  ],
  "back from the alternate screen": ["before\r\n\x1b[?1049hvi\x1b[?1049lafter"],
  "wrapped lines": ["x".repeat(95), "\r\n", "y".repeat(40)],
  "wide characters": [LATIN1("日本語 ä €\r\n")],
};

for (const [name, pieces] of Object.entries(cases))
  test(`a screen shows again: ${name}`, async () => {
    expect(await shown(pieces)).toEqual(await seen(pieces));
  });

test("characters and sequences that come in parts are whole, wherever the screen was asked for between them", async () => {
  const whole = LATIN1("a€b日\x1b[1;31mred\x1b[0m\x1b]0;title\x07z\x1b(Bq😀");
  for (let cut = 0; cut <= whole.length; cut++) {
    const screen = new Screen(40, 8);
    screen.write(whole.slice(0, cut));
    const first = await screen.render();
    expect(await seen([first, whole.slice(cut)])).toEqual(await seen([whole]));
    screen.write(whole.slice(cut));
    expect(await seen([await screen.render()])).toEqual(await seen([whole]));
  }
});

test("a hidden cursor and scrolling rows stay", async () => {
  const screen = new Screen(40, 8);
  screen.write("\x1b[?25l\x1b[2;5r\x1b[5;3Hhere");
  const bytes = await screen.render();
  expect(bytes.endsWith("\x1b[2;5r\x1b[5;7H\x1b[?25l")).toBe(true);
  const more = "\r\nnext\r\nnext";
  expect(await seen([bytes, more])).toEqual(await seen(["\x1b[2;5r\x1b[5;3Hhere", more]));
});

test("the title stays, whatever was drawn since", async () => {
  const screen = new Screen(40, 8);
  screen.write(LATIN1("\x1b]0;root@höst: ~\x07# vi\r\n\x1b[?1049h\x1b[2J~"));
  expect(await screen.render()).toContain(LATIN1("\x1b]0;root@höst: ~\x07"));
  screen.write("more");
  expect(await screen.render()).toContain(LATIN1("\x1b]0;root@höst: ~\x07"));
});

test("a screen that was resized is drawn for its present size", async () => {
  const screen = new Screen(80, 24);
  screen.write(`${"x".repeat(70)}\r\nend`);
  await screen.render();
  screen.resize(40, 8);
  screen.write("!");
  expect(await seen([await screen.render()])).toEqual(await seen([`${"x".repeat(70)}\r\nend!`]));
});

test("a flood leaves its last lines, quickly and in little room", async () => {
  const screen = new Screen(40, 8);
  screen.write("\x1b[33mstart\r\n");
  const start = performance.now();
  for (let count = 0; count < 3_000; count++) screen.write(`line ${count}\r\n`.repeat(1_000));
  const bytes = await screen.render();
  expect(performance.now() - start).toBeLessThan(3_000);
  expect(bytes.length).toBeLessThan(200_000);
  const last = Array.from({ length: 5_007 }, (_, at) => `line ${Math.floor((3_000_000 - 5_007 + at) / 1_000)}\r\n`);
  expect(await seen([bytes])).toEqual(await seen([`\x1b[33mstart\r\n${last.join("")}`]));
});

test("much output with colours is folded before anybody asks", async () => {
  const screen = new Screen(40, 8);
  const pieces = Array.from({ length: 9_000 }, (_, at) => `\x1b[3${at % 8}m${`colour ${at} `.repeat(20)}\x1b[0m\r\n`);
  for (const piece of pieces) screen.write(piece);
  expect(await seen([await screen.render()])).toEqual(await seen([pieces.join("")]));
});
