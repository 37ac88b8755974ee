import { mkdtempSync, cpSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, test, vi } from "vitest";
import type { FromWorker, ToWorker } from "../protocol/index.ts";
import { Library } from "./library.ts";
import { LAB, Rig } from "./testing.ts";

vi.setConfig({ testTimeout: 120_000 });

const PROMPT = "\x1b[?2004h\x1b]0;root@controlplane: ~\x07root@controlplane:~# ";

test("a lab is opened with its text, a terminal has its prompt, what is typed is echoed and journalled", async () => {
  const rig = new Rig();
  const { lab, snapshot, ...opened } = await rig.open("a");
  expect(opened).toEqual({ kind: "opened", request: 1, session: "a" });
  expect(snapshot).toBeInstanceOf(Uint8Array);
  const ns = /namespace `(\w+)`/.exec(lab.tasks[0]!.prompt)![1]!;
  expect(["shop", "store", "market"]).toContain(ns);
  expect(lab.docs!.map(({ title }) => title)).toEqual(["Services", "Endpoints"]);
  expect({ ...lab, docs: [], explain: "", tasks: lab.tasks.map((task) => ({ ...task, prompt: "" })) }).toEqual({
    id: LAB,
    title: "Lost endpoints",
    level: "easy",
    minutes: 6,
    seed: 7,
    host: "controlplane",
    user: "root",
    docs: [],
    explain: "",
    topics: ["services", "endpoints"],
    version: lab.version,
    tasks: [
      {
        id: "repair",
        points: 6,
        prompt: "",
        questions: [],
        hints: [
          { text: "Compare what the Service selects with the labels that the Pods carry.", costs: 0 },
          { text: "`kubectl get endpointslices` shows ports as well as addresses.", costs: 1 },
        ],
      },
    ],
  });
  expect(lab.explain).toContain(`kubectl -n ${ns} patch svc cart`);
  const before = rig.posted.length;
  expect(await rig.terminal("a")).toBe(1);
  await rig.type("a", 1, "l", 10);
  await rig.type("a", 1, "s /opt\r");
  const [journal, answer, ...said] = rig.posted.slice(before);
  const at = expect.any(Number);
  expect(journal).toEqual({
    kind: "journal",
    session: "a",
    from: 0,
    entries: [{ at, step: at, kind: "open", terminal: 1, cols: 80, rows: 24 }],
  });
  expect(answer).toEqual({
    kind: "terminal",
    request: 2,
    session: "a",
    terminal: 1,
    host: "controlplane",
    user: "root",
  });
  const entry = (from: number, bytes: string): FromWorker => ({
    kind: "journal",
    session: "a",
    from,
    entries: [{ at, step: at, kind: "input", terminal: 1, bytes }],
  });
  const output = (offset: number, bytes: string): FromWorker => ({
    kind: "output",
    session: "a",
    terminal: 1,
    offset,
    bytes,
  });
  expect(said).toEqual([
    output(0, PROMPT),
    entry(1, "l"),
    output(54, "l"),
    entry(2, "s /opt\r"),
    output(55, "s /opt\r\r\n\x1b[?2004l\r\x1b[0m\x1b[01;34mcni\x1b[0m\r\n"),
    output(94, PROMPT),
  ]);
  rig.actor.close();
});

test("two terminals of a session are two terminals of one machine", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.terminal("a");
  await rig.type("a", 1, "tty > /tmp/one\r");
  await rig.type("a", 2, "cat /tmp/one; tty\r");
  expect(rig.output("a", 2)).toBe(`${PROMPT}cat /tmp/one; tty\r\r\n\x1b[?2004l\r/dev/pts/0\r\n/dev/pts/1\r\n${PROMPT}`);
  rig.actor.close();
});

test("a solution is graded in a fork; the session does not feel it", async () => {
  const rig = new Rig();
  const { lab } = await rig.open("a");
  const ns = /namespace `(\w+)`/.exec(lab.tasks[0]!.prompt)![1]!;
  const port = /targetPort":(\d+)/.exec(lab.explain)![1]!;
  await rig.terminal("a");
  await rig.type("a", 1, "sleep 5; echo done\r", 1_000);
  const untouched = await rig.ask({ kind: "grade", session: "a", answers: {}, hints: 1 });
  expect(untouched).toMatchObject({ kind: "graded", report: { lab: LAB, seed: 7, score: 1, of: 6, hints: 1 } });
  await rig.pass(6_000);
  expect(rig.output("a", 1).endsWith(`sleep 5; echo done\r\r\n\x1b[?2004l\rdone\r\n${PROMPT}`)).toBe(true);
  const patch = JSON.stringify({
    spec: { selector: { app: "cart" }, ports: [{ port: 80, targetPort: Number(port) }] },
  });
  await rig.type("a", 1, `kubectl -n ${ns} patch svc cart --type merge -p '${patch}'\r`, 4_000);
  const solved = await rig.ask({ kind: "grade", session: "a", answers: { "repair/none": "x" }, hints: 0 });
  expect(solved).toMatchObject({ kind: "graded", report: { score: 6, of: 6, settled: true } });
  rig.actor.close();
});

test("a shell that ends leaves its screen until the terminal is hung up; its number is not used again", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "exit 3\r");
  expect(rig.posted.at(-1)).toEqual({ kind: "ended", session: "a", terminal: 1, status: 3 });
  await rig.type("a", 1, "nobody reads this\r");
  expect(rig.posted.at(-1)).toEqual({ kind: "ended", session: "a", terminal: 1, status: 3 });
  expect(await rig.screens("a")).toEqual([
    {
      terminal: 1,
      host: "controlplane",
      user: "root",
      cols: 80,
      rows: 24,
      bytes: "\x1b]0;root@controlplane: ~\x07root@controlplane:~# exit 3\r\nlogout\x1b[1B\x1b[6D",
      offset: rig.output("a", 1).length,
      ended: 3,
    },
  ]);
  rig.send({ kind: "hang-up", session: "a", terminal: 1 });
  await rig.rest();
  expect(rig.posted.at(-1)).toEqual({ kind: "gone", session: "a", terminal: 1 });
  expect(await rig.screens("a")).toEqual([]);
  expect(await rig.terminal("a")).toBe(2);
  rig.actor.close();
});

test("what cannot be done is told, and nothing else happens", async () => {
  const rig = new Rig();
  const no = (code: string, message: string, about: object): unknown => ({ kind: "error", code, message, ...about });
  expect(await rig.ask({ kind: "open", session: "x", lab: "nothing", seed: 1, urgent: true })).toEqual(
    no("unknown-lab", "There is no lab 'nothing'.", { request: 1, session: "x" }),
  );
  expect(await rig.ask({ kind: "screens", session: "x" })).toEqual(
    no("unknown-session", "There is no session 'x'.", { request: 2, session: "x" }),
  );
  await rig.open("a");
  for (let count = 1; count <= 12; count++) await rig.ask({ kind: "terminal", session: "a", cols: 80, rows: 24 });
  expect(await rig.ask({ kind: "terminal", session: "a", cols: 80, rows: 24 })).toEqual(
    no("too-many-terminals", "A session has at most 12 terminals: close one first.", { request: 16, session: "a" }),
  );
  await rig.pass(2_000);
  rig.send({ kind: "input", session: "a", terminal: 1, bytes: "x".repeat(8 * 1024 * 1024 + 1) });
  expect(rig.posted.at(-1)).toEqual(
    no("input-too-large", "This input was not typed: at most 8 MB may wait for a terminal to read them.", {
      session: "a",
    }),
  );
  rig.actor.receive({ kind: "input", session: "a", terminal: 0, bytes: "x" });
  expect(rig.posted.at(-1)).toMatchObject({ kind: "error", code: "internal" });
  rig.send({ kind: "input", session: "a", terminal: 77, bytes: "x" });
  await rig.type("a", 12, "echo alive\r");
  expect(rig.output("a", 12)).toBe(`${PROMPT}echo alive\r\r\n\x1b[?2004l\ralive\r\n${PROMPT}`);
  rig.actor.close();
});

test("a closed session leaves no timers, and its name can be used again", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.type("a", 1, "while :; do date; sleep 1; done\r");
  expect(rig.wall.timers).toBe(1);
  rig.send({ kind: "close", session: "a" });
  expect(rig.wall.timers).toBe(0);
  const said = rig.posted.length;
  await rig.pass(10_000);
  expect(rig.posted.slice(said)).toEqual([]);
  await rig.open("a");
  rig.actor.close();
  expect(rig.wall.timers).toBe(0);
});

test("an idle session has no timer for minutes", async () => {
  const rig = new Rig();
  await rig.open("a");
  await rig.terminal("a");
  await rig.pass(300_000);
  // kube-proxy writes all rules anew once an hour.
  expect(rig.wall.due(600_000)).toBe(0);
  await rig.type("a", 1, "echo there\r", 0);
  expect(rig.output("a", 1)).toContain("\rthere\r\n");
  rig.actor.close();
});

test("the catalogue tells what is wrong with a broken lab, and shows the others", async () => {
  const root = mkdtempSync(join(tmpdir(), "labs-"));
  cpSync(join(import.meta.dirname, "../../../labs/services/lost-endpoints"), join(root, LAB), { recursive: true });
  mkdirSync(join(root, "broken"));
  writeFileSync(join(root, "broken/lab.yaml"), "version: 2\n");
  const { labs, problems } = new Library({ labs: root }).catalogue();
  expect(labs).toEqual([
    {
      id: LAB,
      title: "Lost endpoints",
      summary: "A Service answers nobody, although its Pods run.",
      topics: ["services", "endpoints"],
      level: "easy",
      minutes: 6,
      points: 6,
      tasks: 1,
    },
  ]);
  expect(problems.length).toBeGreaterThan(0);
  expect(problems.every((problem) => /broken\/lab\.yaml:\d+:\d+: /.test(problem))).toBe(true);
});

test("a worker thread says that it is warm, opens a lab and echoes", async () => {
  const worker = new Worker(new URL("./worker.ts", import.meta.url));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  const send = (message: ToWorker): void => worker.postMessage(message);
  const heard: FromWorker[] = [];
  let hear: () => void = () => {};
  worker.on("message", (message: FromWorker) => {
    heard.push(message);
    hear();
  });
  const message = async <K extends FromWorker["kind"]>(kind: K): Promise<Extract<FromWorker, { kind: K }>> => {
    for (;;) {
      const at = heard.findIndex((one) => one.kind === kind);
      if (at >= 0) return heard.splice(at, 1)[0] as Extract<FromWorker, { kind: K }>;
      await new Promise<void>((resolve) => (hear = resolve));
    }
  };
  await message("warm");
  send({ kind: "open", request: 1, session: "a", lab: LAB, seed: 3, urgent: true });
  expect((await message("opened")).lab.title).toBe("Lost endpoints");
  send({ kind: "terminal", request: 2, session: "a", cols: 80, rows: 24 });
  expect((await message("terminal")).terminal).toBe(1);
  expect((await message("output")).bytes).toBe(PROMPT);
  send({ kind: "input", session: "a", terminal: 1, bytes: "x" });
  expect((await message("output")).bytes).toBe("x");
  send({ kind: "ping", request: 3 });
  expect(await message("pong")).toEqual({ kind: "pong", request: 3, sessions: 1, heap: expect.any(Number) });
  await worker.terminate();
});
