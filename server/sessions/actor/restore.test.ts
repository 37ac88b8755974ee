import { expect, test, vi } from "vitest";
import { Rig } from "./testing.ts";

vi.setConfig({ testTimeout: 120_000 });

/** Types lines into a session's first terminals, each with so many milliseconds behind it. */
type Line = readonly [terminal: number, bytes: string, wait: number];

async function play(rig: Rig, session: string, lines: readonly Line[]): Promise<void> {
  for (const [terminal, bytes, wait] of lines) await rig.type(session, terminal, bytes, wait);
}

/** What a restored session prints in all is what the first one printed, and its screens are the same. */
async function expectSame(rig: Rig, first: string, second: string, terminals: readonly number[]): Promise<void> {
  for (const terminal of terminals) expect(rig.output(second, terminal)).toBe(rig.output(first, terminal));
  const [one, other] = [await rig.screens(first), await rig.screens(second)];
  expect(other).toEqual(one);
}

test("a session that is built again is the one that was: variables, jobs, programs, half a command, two terminals", async () => {
  const rig = new Rig();
  await rig.open("a");
  const one = await rig.terminal("a");
  const two = await rig.terminal("a", 120, 40);
  expect([one, two]).toEqual([1, 2]);
  await play(rig, "a", [
    [1, "x=5; cd /etc/kubernetes; ls\r", 1_500],
    [2, "kubectl get pods -A -w\r", 700],
    [1, "echo $x $PWD $RANDOM $$\r", 1_300],
    [1, "sleep 300 &\r", 900],
    [1, "yes | head -3; date\r", 1_111],
    [1, "sleep 100\r", 5_000],
    [1, "\x03", 400],
    [1, "cat > /tmp/file <<EOF\rone\r", 900],
    [2, "\x03", 100],
    [2, "kubectl -n $(kubectl get ns -o name | tail -1 | cut -d/ -f2) get svc,ep\r", 2_000],
    [2, "for i in 1 2 3; do echo $i; sleep 1; done\r", 1_200],
    [1, "tw", 10],
  ]);
  const entries = rig.journal("a").length;
  const answer = await rig.restore("a", "b");
  expect(answer).toEqual({ kind: "restored", request: expect.any(Number), session: "b" });
  await rig.pass(0);
  await expectSame(rig, "a", "b", [1, 2]);
  // Both go on in the same way.
  const more: readonly Line[] = [
    [1, "o\rEOF\r", 900],
    [1, "cat /tmp/file; echo $x; jobs; history | tail -3\r", 1_000],
    [2, "kubectl run web --image=nginx; kubectl get pods -o wide\r", 6_000],
    [2, "kubectl get pods\r", 500],
  ];
  for (const [terminal, bytes, wait] of more) {
    rig.send({ kind: "input", session: "a", terminal, bytes });
    rig.send({ kind: "input", session: "b", terminal, bytes });
    await rig.pass(wait);
  }
  expect(rig.output("a", 1)).toContain("one\r\ntwo\r\n5\r\n[1]+  Running                 sleep 300 &\r\n");
  await expectSame(rig, "a", "b", [1, 2]);
  expect(rig.journal("b", entries)).toEqual(rig.journal("a").slice(entries));
  rig.actor.close();
});

test("output that was delivered before is not sent again, the rest is", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "echo one; echo two\r");
  const all = rig.output("a", 1);
  const delivered = all.indexOf("two\r\n", all.indexOf("one\r\n"));
  await rig.restore("a", "b", { 1: delivered });
  await rig.pass(0);
  expect(rig.posted.filter((message) => message.kind === "output" && message.session === "b")).toEqual([
    { kind: "output", session: "b", terminal: 1, offset: delivered, bytes: all.slice(delivered) },
  ]);
  await rig.restore("a", "c", { 1: all.length + 100 });
  await rig.pass(0);
  expect(rig.posted.filter((message) => message.kind === "output" && message.session === "c")).toEqual([]);
  rig.actor.close();
});

test("what was seen before is lived again before anything new is typed; what had an input that is lost is not waited for", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "for i in 1 2 3; do sleep 1; echo round-$i; done\r", 4_000);
  const all = rig.output("a", 1);
  await rig.restore("a", "b", { 1: all.length });
  rig.send({ kind: "input", session: "b", terminal: 1, bytes: "x" });
  await rig.pass(100);
  const outputs = (session: string) => rig.posted.filter((it) => it.kind === "output" && it.session === session);
  expect(outputs("b")).toEqual([{ kind: "output", session: "b", terminal: 1, offset: all.length, bytes: "x" }]);
  const printed = (session: string): string =>
    outputs(session)
      .map((it) => ("bytes" in it ? it.bytes : ""))
      .join("");
  await rig.restore("a", "c", { 1: all.length + 5 });
  for (const session of ["a", "c"]) rig.send({ kind: "input", session, terminal: 1, bytes: "date +%s\r" });
  await rig.pass(500);
  const times = ["a", "c"].map((session) => Number(/\r(\d{9,})\r/.exec(printed(session))?.[1]));
  expect(Math.abs(times[0]! - times[1]!)).toBeLessThanOrEqual(3);
  rig.actor.close();
});

test("terminals that were resized, that ended and that are gone are so again", async () => {
  const rig = new Rig();
  await rig.open("a");
  for (const size of [80, 90, 100]) await rig.terminal("a", size);
  rig.send({ kind: "resize", session: "a", terminal: 1, cols: 133, rows: 50 });
  rig.send({ kind: "hang-up", session: "a", terminal: 2 });
  await rig.type("a", 3, "exit 7\r");
  await rig.type("a", 1, "tput cols; echo $COLUMNS $LINES\r");
  const before = rig.posted.length;
  await rig.restore("a", "b");
  await rig.pass(0);
  const said = rig.posted.slice(before).filter(({ kind }) => kind !== "output" && kind !== "restored");
  expect(said).toEqual([]);
  const screens = await rig.screens("b");
  expect(screens).toEqual(await rig.screens("a"));
  expect(screens.map(({ terminal, cols, rows, ended }) => ({ terminal, cols, rows, ended }))).toEqual([
    { terminal: 1, cols: 133, rows: 50, ended: null },
    { terminal: 3, cols: 100, rows: 24, ended: 7 },
  ]);
  expect(await rig.terminal("b")).toBe(4);
  rig.actor.close();
});

test("a journal that does not fit goes on by time and the session lives", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "echo hello\r");
  const [opened] = rig.posted;
  if (opened?.kind !== "opened") throw new Error("not opened");
  const odd = rig.journal("a").flatMap((entry) => [
    { ...entry, step: entry.step + 1_000_000 },
    { kind: "input" as const, at: entry.at - 5_000_000, step: 3, terminal: 9, bytes: "x" },
    { kind: "resize" as const, at: entry.at, step: 3, terminal: 1, cols: 99, rows: 9 },
  ]);
  const answer = await rig.ask({
    kind: "restore",
    session: "b",
    lab: opened.lab.id,
    seed: opened.lab.seed,
    snapshot: opened.snapshot,
    journal: odd,
    delivered: {},
  });
  expect(answer.kind).toBe("restored");
  await rig.type("b", 1, "echo alive\r");
  expect(rig.output("b", 1)).toContain("\rhello\r\n");
  expect(rig.output("b", 1)).toContain("\ralive\r\n");
  rig.actor.close();
});
