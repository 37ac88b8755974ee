import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { createApp, readConfig } from "./app.ts";
import { ServeProcess } from "./commands/serve/testing.ts";
import { SocketClient } from "./http/testing.ts";
import { ApiError, AttemptReport, AttemptView, Catalogue, MAX_UNDRAWN } from "./sessions/protocol/index.ts";

const SLOW = 60_000;
/** Until a worker has booted its preset on a busy machine. */
const BOOT = 40_000;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "drydock-app-"));
  closing.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A server in this process, whose log is kept. */
async function app(data: string, environment: Record<string, string> = {}) {
  const log: string[] = [];
  const settings = { DRYDOCK_PORT: "0", DRYDOCK_WORKERS: "1", DRYDOCK_LOG: "debug", DRYDOCK_DATA: data };
  const config = readConfig({ ...settings, ...environment });
  const made = await createApp({ config, logTo: { write: (line: string) => void log.push(line) } });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= made.close());
  closing.push(close);
  return { address: made.address, close, log };
}

async function call(address: string, method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${address}api/${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
  });
  return response.status === 204 ? undefined : response.json();
}

async function start(address: string, lab = "lost-endpoints"): Promise<AttemptView> {
  return AttemptView.parse(await call(address, "POST", "attempts", { kind: "lab", of: lab, seed: 2 }));
}

/** A browser at the first terminal of an attempt. */
class Learner {
  readonly client: SocketClient;

  constructor(address: string, id: string) {
    this.client = new SocketClient(`${address.replace("http", "ws")}api/attempts/${id}/socket`);
  }

  static async at(address: string, id: string): Promise<Learner> {
    const learner = new Learner(address, id);
    closing.push(() => learner.client.socket.terminate());
    await learner.client.opened();
    learner.client.tell({ type: "attach", part: 0 });
    await learner.client.heard(() => learner.seen.endsWith("# "), BOOT);
    return learner;
  }

  /** The screen as it was drawn last and what was printed since, without colours and the like. */
  get seen(): string {
    const drawn = this.client.messages.findLast(({ type }) => type === "screens");
    if (drawn?.type !== "screens") return "";
    const screen = Buffer.from(drawn.terminals[0]?.screen ?? "", "base64").toString("latin1");
    const all = screen + (this.client.printed.get("0/1") ?? "");
    return plain(all);
  }

  /** Types a line; what is printed until the next prompt. */
  async line(text: string): Promise<string> {
    this.client.printed.delete("0/1");
    this.client.type(0, 1, `${text}\r`);
    return this.client.heard(() => {
      const printed = plain(this.client.printed.get("0/1") ?? "");
      return printed.endsWith("# ") && printed;
    });
  }
}

/** Without colours, titles and modes. */
function plain(bytes: string): string {
  return bytes.replaceAll(/\x1b(\[[\d;?]*[a-zA-Z]|\][^\x07]*\x07|[=>])/g, "");
}

const PODS = /kube-system +coredns-\S+ +1\/1 +Running/;

describe("the whole server", () => {
  it(
    "starts a lab, runs what is typed, keeps it over a restart, and grades it",
    async () => {
      const data = folder();
      const first = await app(data);
      expect(Catalogue.parse(await call(first.address, "GET", "catalogue")).labs.map(({ id }) => id)).toContain(
        "lost-endpoints",
      );
      const { id } = await start(first.address);
      const before = await Learner.at(first.address, id);
      expect(await before.line("kubectl get pods -A")).toMatch(PODS);
      await before.line("secret=s3cret-word; touch /tmp/mark");
      await call(first.address, "PUT", `attempts/${id}/notes`, { notes: "s3cret-note" });
      expect(first.log.join("")).toContain("answered");
      expect(first.log.join("")).not.toContain("s3cret");
      await first.close();
      expect((await before.client.heard(() => before.client.closed)).code).toBe(1012);

      const second = await app(data);
      const after = await Learner.at(second.address, id);
      expect(after.seen).toMatch(PODS);
      expect(await after.line("echo $secret; ls /tmp/mark")).toContain("s3cret-word\r\n/tmp/mark\r\n");
      const view = AttemptView.parse(await call(second.address, "GET", `attempts/${id}`));
      expect([view.notes, view.state, view.parts[0]!.touched]).toEqual(["s3cret-note", "open", true]);

      const report = AttemptReport.parse(await call(second.address, "POST", `attempts/${id}/submit`));
      expect([report.final, report.percent, report.parts.length]).toEqual([true, 33.3, 1]);
      expect((await after.client.heard(() => after.client.closed)).code).toBe(4409);
      expect(ApiError.parse(await call(second.address, "POST", `attempts/${id}/submit`)).code).toBe(
        "already-submitted",
      );
      expect(await call(second.address, "GET", `attempts/${id}/report`)).toEqual(report);
    },
    2 * SLOW,
  );

  it(
    "goes on after it was killed, with all that was typed a second before",
    async () => {
      const data = folder();
      const args = ["--port", "0", "--data", data];
      const killed = new ServeProcess(args);
      closing.push(() => killed.end("SIGKILL"));
      const address = await killed.ready();
      const { id } = await start(address);
      const learner = await Learner.at(address, id);
      await learner.line("word=kept; touch /tmp/kept");
      expect(await learner.line("kubectl get pods -A")).toMatch(PODS);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await killed.end("SIGKILL");

      const again = new ServeProcess(args);
      closing.push(() => again.end("SIGKILL"));
      const after = await Learner.at(await again.ready(), id);
      expect(after.seen).toMatch(PODS);
      expect(await after.line("echo $word; ls /tmp/kept")).toContain("kept\r\n/tmp/kept\r\n");
      expect((await again.end("SIGTERM")).code).toBe(0);
    },
    2 * SLOW,
  );

  it(
    "stops output that nobody draws, and Ctrl-C ends it",
    async () => {
      const { address } = await app(folder());
      const { id } = await start(address);
      const { client } = await Learner.at(address, id);
      const printed = (): string => client.printed.get("0/1") ?? "";
      client.type(0, 1, "yes\r");
      await client.heard(() => printed().length > MAX_UNDRAWN / 2);
      await expect.poll(() => grows(printed), { timeout: 20_000 }).toBe(false);
      expect(printed().length).toBeLessThan(4 * MAX_UNDRAWN);
      client.type(0, 1, "\x03");
      await client.heard(() => {
        client.tell({ type: "drawn", part: 0, terminal: 1, bytes: printed().length });
        return plain(printed()).endsWith("^C\r\nroot@controlplane:~# ");
      }, SLOW);
    },
    2 * SLOW,
  );

  it(
    "takes labs from a folder of one's own",
    async () => {
      const labs = folder();
      cpSync(join(import.meta.dirname, "../labs/services/lost-endpoints"), join(labs, "own/my-lab"), {
        recursive: true,
      });
      const file = join(labs, "own/my-lab/lab.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace("id: lost-endpoints", "id: my-lab"));
      const { address } = await app(folder(), { DRYDOCK_LABS: labs });
      const catalogue = Catalogue.parse(await call(address, "GET", "catalogue"));
      expect([catalogue.labs.map((lab) => lab.id), catalogue.exams, catalogue.problems]).toEqual([["my-lab"], [], []]);
      expect((await start(address, "my-lab")).of).toBe("my-lab");
      const refused = await call(address, "POST", "attempts", { kind: "lab", of: "lost-endpoints" });
      expect(ApiError.parse(refused).code).toBe("unknown-lab");
    },
    2 * SLOW,
  );
});

/** Whether there is more after a moment. */
async function grows(text: () => string): Promise<boolean> {
  const before = text().length;
  await new Promise((resolve) => setTimeout(resolve, 300));
  return text().length > before;
}
