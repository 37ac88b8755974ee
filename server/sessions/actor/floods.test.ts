import { expect, test, vi } from "vitest";
import { Actor } from "./actor.ts";
import { LAB, Rig } from "./testing.ts";
import { turn } from "./turn.ts";

vi.setConfig({ testTimeout: 120_000 });

const MB = 1_000_000;

test("a session that is paused holds its programs and its time until it is resumed", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "yes\r", 20);
  rig.send({ kind: "pause", session: "a" });
  await rig.pass(0);
  const held = rig.output("a", 1).length;
  await rig.pass(200);
  expect(rig.output("a", 1).length).toBe(held);
  rig.send({ kind: "resume", session: "a" });
  await rig.pass(20);
  expect(rig.output("a", 1).length).toBeGreaterThan(held);
  await rig.type("a", 1, "\x03", 100);
  expect(rig.output("a", 1)).toMatch(/\^C\r\n\x1b\[\?2004h\x1b\]0;root@controlplane: ~\x07root@controlplane:~# $/);
  rig.actor.close();
});

test("Ctrl-C reaches a paused session, and its replay is the same", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "yes\r", 30);
  rig.send({ kind: "pause", session: "a" });
  await rig.pass(200);
  await rig.type("a", 1, "\x03", 500);
  expect(rig.output("a", 1).endsWith("root@controlplane:~# ")).toBe(true);
  await rig.restore("a", "b");
  await rig.pass(0);
  expect(rig.output("b", 1)).toBe(rig.output("a", 1));
  rig.actor.close();
});

test("a paste of 5 MB is taken in pieces, journalled as it is taken, and Ctrl-C forgets the rest", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "sleep 100\r", 1_000);
  const paste = "some text\r".repeat((5 * MB) / 10);
  await rig.type("a", 1, paste, 100);
  const typed = (from: number): string =>
    rig
      .journal("a")
      .slice(from)
      .flatMap((entry) => (entry.kind === "input" ? [entry.bytes] : []))
      .join("");
  // What the terminal holds for a program that does not read.
  const taken = typed(2);
  expect(paste.startsWith(taken)).toBe(true);
  expect(1_048_576 - taken.length).toBeLessThan(65_536);
  const entries = rig.journal("a").length;
  await rig.type("a", 1, "\x03", 1_000);
  await rig.type("a", 1, "echo alive\r", 1_000);
  expect(typed(entries)).toBe("\x03echo alive\r");
  expect(rig.output("a", 1)).toContain("\ralive\r\n");
  rig.actor.close();
});

test("a paste into a program arrives whole", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "cat > /tmp/file\r", 1_000);
  await rig.type("a", 1, "some text\r".repeat((2 * MB) / 10), 1_000);
  await rig.type("a", 1, "\x04", 1_000);
  await rig.type("a", 1, "clear; wc /tmp/file\r", 1_000);
  expect(rig.output("a", 1).slice(-2_000)).toContain(" 200000  400000 2000000 /tmp/file\r\n");
  rig.actor.close();
});

test("a bracketed paste of 5 MB at the prompt is refused in words and the session lives", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, `\x1b[200~${"some text\r".repeat((5 * MB) / 10)}\x1b[201~`, 1_000);
  await rig.type("a", 1, "\r", 1_000);
  await rig.type("a", 1, "echo alive\r", 1_000);
  expect(rig.output("a", 1)).toContain("drydock: bash: a command of more than 262144 bytes is not read\r\n");
  expect(rig.output("a", 1)).toContain("\ralive\r\n");
  rig.actor.close();
});

test("while one session floods, another one echoes within milliseconds of work", async () => {
  let printed = "";
  let heard = (bytes: string): void => {
    printed += bytes;
  };
  const actor = new Actor({
    post: (message) => {
      if (message.kind === "output" && message.session === "quiet") heard(message.bytes);
    },
  });
  await actor.warmUp();
  for (const [at, session] of ["flood", "quiet"].entries()) {
    actor.receive({ kind: "open", request: at, session, lab: LAB, seed: at + 1, urgent: true });
    actor.receive({ kind: "terminal", request: 10 + at, session, cols: 80, rows: 24 });
  }
  while (!actor.resting || !printed.endsWith("# ")) await turn();
  const echo = async (): Promise<number> => {
    const start = process.threadCpuUsage();
    const shown = new Promise<string>((resolve) => (heard = resolve));
    actor.receive({ kind: "input", session: "quiet", terminal: 1, bytes: "x" });
    expect(await shown).toMatch(/^x/);
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1000;
  };
  const rounds = async (): Promise<number[]> => {
    const times: number[] = [];
    for (let count = 0; count < 100; count++) {
      times.push(await echo());
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return times.toSorted((a, b) => a - b);
  };
  await rounds();
  expect((await rounds())[50]).toBeLessThan(1);
  actor.receive({ kind: "input", session: "flood", terminal: 1, bytes: "yes\r" });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect((await rounds())[90]).toBeLessThan(20);
  actor.close();
});

test("Ctrl-C ends subshells that start each other without end", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  /** The world never comes to rest: only the event loop turns, and time passes. */
  const until = async (done: () => boolean): Promise<void> => {
    for (let turns = 0; turns < 20_000 && !done(); turns++) {
      await rig.wall.pass(5, () => Promise.resolve());
      await turn();
    }
    expect(done()).toBe(true);
  };
  rig.send({ kind: "input", session: "a", terminal: 1, bytes: "f(){ echo $(f)$(f); }; f\r" });
  await until(() => rig.output("a", 1).includes("maximum function nesting level exceeded"));
  rig.send({ kind: "input", session: "a", terminal: 1, bytes: "\x03" });
  await until(() => /\^C\r\n[^\n]*# $/.test(rig.output("a", 1)));
  rig.actor.close();
});
