import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSessions, threadPort, wallClock, type WorkerPort } from "../sessions/pool/index.ts";
import type { Screen } from "../sessions/protocol/index.ts";
import { FakeViewer, QuietLogger } from "../sessions/pool/testing.ts";
import { openStore, type Store } from "../store/index.ts";
import { createAttempts, createSessionLog, type Attempts } from "./index.ts";

/** Milliseconds until a test says what it waits for. */
const PATIENCE = 20_000;
const EXAM = "networking-mock-a";
const WORKER = new URL("../sessions/actor/worker.ts", import.meta.url);
/** Booted once for all workers. */
const presets = mkdtempSync(join(tmpdir(), "drydock-base-"));
const workers: WorkerPort[] = [];
const logger = new QuietLogger();
let store: Store;
let attempts: Attempts;

async function server(idleAfter = 3_600_000): Promise<Attempts> {
  const log = createSessionLog({ store, clock: wallClock, logger });
  const spawn = (): WorkerPort => {
    const port = threadPort(WORKER, { workerData: { presets } });
    workers.push(port);
    return port;
  };
  const sessions = createSessions({ workers: 1, spawn, log, clock: wallClock, logger });
  return createAttempts({ store, sessions, log, clock: wallClock, random: randomBytes, logger, idleAfter });
}

class Watcher extends FakeViewer {
  shown = "";
  /** The part on whose host each terminal was when it came into view. */
  led: readonly (number | undefined)[] = [];
  #wake: () => void = () => {};
  #fail: (error: Error) => void = () => {};

  override screens(screens: readonly Screen[]): void {
    this.led = screens.map(({ leadsTo }) => leadsTo);
    this.shown = screens.map((screen) => screen.bytes).join("");
    this.#wake();
  }

  override output(terminal: number, bytes: string): void {
    super.output(terminal, bytes);
    this.shown += bytes;
    this.#wake();
  }

  /** What was shown until it looks like that; forgotten then. */
  async until(pattern: RegExp): Promise<string> {
    const late = setTimeout(
      () => this.#fail(new Error(`no ${String(pattern)} in ${JSON.stringify(this.shown)}; ${logger.lines.join("; ")}`)),
      PATIENCE,
    );
    const failed = new Promise<never>((_, reject) => (this.#fail = reject));
    while (!pattern.test(plain(this.shown)))
      await Promise.race([failed, new Promise<void>((resolve) => (this.#wake = resolve))]);
    clearTimeout(late);
    const shown = plain(this.shown);
    this.shown = "";
    return shown;
  }
}

/** Without colours, titles and returns. */
function plain(bytes: string): string {
  // oxlint-disable-next-line no-control-regex
  return bytes.replace(/\x1b\][^\x07]*\x07|\x1b\[[?0-9;]*[a-zA-Z]|\r/g, "");
}

beforeAll(async () => {
  store = await openStore(":memory:");
  attempts = await server();
});

afterAll(async () => {
  await attempts.stop();
  await store.close();
  rmSync(presets, { recursive: true });
});

test(
  "an exam's terminals begin on its base; ssh leads to each task's host, through a lost worker and a restart",
  { timeout: 180_000 },
  async () => {
    const exam = await attempts.start({ kind: "exam", of: EXAM, seed: 5 });
    const { id } = exam;
    const base = exam.base!.part;
    expect(exam.base).toEqual({ part: 3, host: "base", user: "candidate" });
    expect(exam.parts.map(({ ssh }) => ssh)).toEqual(exam.parts.map(() => expect.stringMatching(/^cka\d{4}$/)));
    const [first, second] = exam.parts.map(({ ssh }) => ssh!);
    const watch = async (): Promise<Watcher> => {
      const viewer = new Watcher();
      viewer.view = await attempts.view(id, base, viewer);
      return viewer;
    };
    let page = await watch();
    const type = (text: string): void => attempts.input(id, base, 1, text);
    await page.until(/candidate@base:~\$ $/);
    type("kubectl get nodes; echo $?\r");
    expect(await page.until(/\n127\n.*\$ $/s)).toMatch(/kubectl: command not found/);
    type("ssh nowhere; echo $?\r");
    expect(await page.until(/\n255\n.*\$ $/s)).toContain("ssh: Could not resolve hostname nowhere");

    type(`ssh ${first}\r`);
    await page.until(/root@controlplane:~# $/);
    expect(page.heard).toContain("leads 1 0");
    type("echo $LINES $COLUMNS; kubectl get nodes -o name; name=kept\r");
    expect(await page.until(/node01\n.*# $/s)).toContain("24 80\nnode/controlplane");
    attempts.resize(id, base, 1, 100, 30);
    type("sleep 100\r");
    await page.until(/sleep 100\n/);
    type("\x03");
    await page.until(/\^C.*# $/s);
    type("echo $LINES $COLUMNS\r");
    expect(await page.until(/COLUMNS\n.*# $/s)).toContain("30 100");

    // The only worker ends, with the base and all clusters in it.
    workers[0]!.terminate();
    await page.until(/# /);
    type("echo $name $((6 * 7))\r");
    await page.until(/\nkept 42\n.*# $/s);

    // A command without a terminal loses its connection with the server; a terminal's is taken up again.
    const other = await attempts.openTerminal(id, base, 80, 24);
    const typeThere = (text: string): void => attempts.input(id, base, other, text);
    typeThere(`ssh ${second} 'echo there; sleep 100'; echo status $?\r`);
    await page.until(/\nthere\n/);
    await attempts.stop();
    attempts = await server();
    page = await watch();
    expect(await page.until(/status 255\n.*\$ $/s)).toContain(`Connection to ${second} closed by remote host.\n`);
    attempts.closeTerminal(id, base, other);
    expect(page.led).toEqual([0, undefined]);
    type("echo again $name\r");
    await page.until(/\nagain kept\n.*# $/s);
    type("exit 7\r");
    expect(await page.until(/base.*\$ $/s)).toContain(`Connection to ${first} closed.`);
    expect(page.heard.filter((line) => line.startsWith("leads"))).toEqual(["leads 1 undefined"]);
    type("echo status $?\r");
    await page.until(/\nstatus 7\n.*\$ $/s);

    type(
      `printf 'b\\na\\n' | ssh ${second} 'sort; hostname; echo no >&2; exit 3' 2>/dev/null | tr a-z A-Z; echo \${PIPESTATUS[1]}\r`,
    );
    expect(await page.until(/\n3\n.*\$ $/s)).toContain("A\nB\nCONTROLPLANE\n3");
    type(`ssh -q ${second} <<< 'name=read; echo $0 $name; exit 6'; echo status $?\r`);
    expect(await page.until(/\nstatus \d\n.*\$ $/s)).toContain("\n-bash read\nstatus 6\n");

    // Every byte there is, more than goes at once, and back.
    type(
      'for b in {0..255}; do printf "\\\\x$(printf %x $b)"; done > all; for i in {1..9}; do cat all all all all all all all all > all2; mv all2 all.$i; done; cat all.? > many; for i in {1..9}; do cat many; done > file\r',
    );
    await page.until(/\$ $/);
    type(
      `scp -q file ${second}:/tmp/; scp -q ${second}:/tmp/file back; ssh ${second} 'wc -c; pgrep sleep || hostname' < back; cmp file back && echo same\r`,
    );
    expect(await page.until(/\n(same|file back differ.*)\n.*\$ $/s)).toContain("\n165888\ncontrolplane\nsame\n");
    type(`scp file ${second}:/none/; echo status $?; scp ${second}:/none .\r`);
    expect(await page.until(/none: .*\$ $/s)).toContain(
      'scp: dest open "/none/": Failure\nscp: failed to upload file file to /none/\nstatus 1\nscp: /none: No such file or directory\n',
    );

    type(`ssh ${second}\r`);
    await page.until(/# $/);
    type("echo there; kept=1\r");
    await page.until(/\nthere\n.*# $/s);

    // Nobody is there for a while: both ends leave the memory, and come back.
    await attempts.stop();
    attempts = await server(300);
    page = await watch();
    await page.until(/# $/);
    page.view!.end();
    await expect
      .poll(async () => (await attempts.health()).workers, { timeout: 10_000 })
      .toMatchObject([{ sessions: 0 }, { sessions: 0 }]);
    page = await watch();
    type("echo kept $kept\r");
    await page.until(/\nkept 1\n.*# $/s);
    type("\r");
    await page.until(/# $/);
    type("~.");
    await page.until(/closed\..*\$ $/s);
    type("echo status $?\r");
    await page.until(/\nstatus 255\n.*\$ $/s);

    const report = await attempts.submit(id);
    expect(report.parts.map(({ part }) => part)).toEqual([0, 1, 2]);
    const [one, two, three] = report.parts.map(({ work }) => work![0]!);
    expect([one!.tried, two!.tried, three!.tried]).toEqual([true, true, false]);
    expect(one!.lines).toBeGreaterThan(4);
    expect(one!.took).toBeGreaterThan(0);
    expect(two!.took).toBeGreaterThan(0);
    expect(three!.took).toBe(0);
    expect(logger.lines.filter((line) => line.startsWith("error"))).toEqual([]);
    // They are closed when their worlds are kept.
    await expect
      .poll(async () => (await attempts.health()).workers, { timeout: 10_000 })
      .toMatchObject([{ sessions: 0 }, { sessions: 0 }]);
  },
);
