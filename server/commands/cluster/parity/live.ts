import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LineResult } from "../line.ts";
import { readsOnly, type Case } from "./cases.ts";
import { FILES } from "./recording.ts";

const CLI = join(import.meta.dirname, "../../../cli.ts");
const FUNCTIONS = 'kubectl(){ command "$KUBECTL" "$@"; }; k(){ kubectl "$@"; }\n';
const TIME_LIMIT = 60_000;
/** The exit code of what did not end. */
export const TIMED_OUT = 137;
/** So long, in milliseconds, a world that a setup has set in motion is as good as new to a line that only reads. */
const STILL_FRESH = 2000;

/** A `drydock cluster` with the wall clock, and both ways of running a case on it. */
export class LiveCluster {
  readonly #folder = mkdtempSync(join(tmpdir(), "parity-"));
  readonly #kubeconfig = join(this.#folder, "kubeconfig");
  #server: ChildProcess | undefined;
  #url = "";
  #homes = 0;
  #begun = "";
  /** The world that a line has left as its setup made it. */
  #unchanged: { readonly setup: string; readonly since: number; readonly home: string } | undefined;

  /** @param kubectl the file of the real one */
  constructor(kubectl: string) {
    // By that name it calls itself in messages, and other programs start it: xargs, timeout.
    symlinkSync(kubectl, join(this.#folder, "kubectl"));
  }

  async start(): Promise<void> {
    const server = spawn(process.execPath, [CLI, "cluster", "--port", "0", "--kubeconfig", this.#kubeconfig], {
      cwd: FILES,
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#server = server;
    this.#url = await new Promise<string>((resolve, reject) => {
      server.on("exit", (code) => reject(new Error(`the cluster ended with ${code}`)));
      server.stdout.on("data", (line: Buffer) => {
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString());
        if (found) resolve(found[0]);
      });
    });
  }

  stop(): void {
    this.#server?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** What the real kubectl does in a new world, from the bash of this machine. */
  async real(one: Case): Promise<LineResult> {
    const home = await this.#prepared(one);
    const { stdout, stderr, rc } = await this.#bash(one.line, one.stdin, home);
    return { stdout: stdout.replaceAll(home, "<home>"), stderr: stderr.replaceAll(home, "<home>"), rc };
  }

  /** What ours does in another one. */
  async ours(one: Case): Promise<LineResult> {
    this.#unchanged = undefined;
    const run = async (line: string, stdin?: string): Promise<LineResult> =>
      (await this.#post("/line", { line, stdin })) as LineResult;
    await this.#post("/reset", {});
    for (const line of one.setup) await run(line);
    return run(one.line, one.stdin);
  }

  /** A new world for lines that follow one another in it. */
  async begin(side: "real" | "ours", setup: readonly string[]): Promise<void> {
    this.#unchanged = undefined;
    await this.#post("/reset", {});
    const home = this.#newHome();
    this.#begun = home;
    for (const line of setup)
      await (side === "real" ? this.#bash(line, undefined, home) : this.#post("/line", { line }));
  }

  /** The next line in the world that was begun. */
  async next(side: "real" | "ours", { line, stdin }: Case): Promise<LineResult> {
    if (side === "ours") return (await this.#post("/line", { line, stdin })) as LineResult;
    const { stdout, stderr, rc } = await this.#bash(line, stdin, this.#begun);
    return { stdout: stdout.replaceAll(this.#begun, "<home>"), stderr: stderr.replaceAll(this.#begun, "<home>"), rc };
  }

  #newHome(): string {
    const home = join(this.#folder, `home-${++this.#homes}`);
    mkdirSync(home);
    return home;
  }

  /** Makes the world that a case begins in, unless it is there; the home of its user. */
  async #prepared({ line, setup: lines }: Case): Promise<string> {
    const setup = lines.join("\n");
    const before = this.#unchanged;
    this.#unchanged = undefined;
    const usable = before?.setup === setup && (setup === "" || performance.now() - before.since < STILL_FRESH);
    const home = usable ? before.home : this.#newHome();
    if (!usable) {
      await this.#post("/reset", {});
      for (const before of lines) await this.#bash(before, undefined, home);
    }
    const since = usable ? before.since : performance.now();
    if (readsOnly(line)) this.#unchanged = { setup, since, home };
    return home;
  }

  async #post(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  #bash(line: string, stdin: string | undefined, home: string): Promise<LineResult> {
    return new Promise((resolve, reject) => {
      const env = {
        PATH: `${this.#folder}:${process.env["PATH"]}`,
        HOME: home,
        TZ: "UTC",
        LANG: "C",
        KUBECONFIG: this.#kubeconfig,
        KUBECTL: join(this.#folder, "kubectl"),
        KUBE_EDITOR: "true",
        TERM: "dumb",
        NO_COLOR: "1",
      };
      const child = spawn("bash", ["-c", FUNCTIONS + line], { cwd: FILES, env, detached: true });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      child.stdout.on("data", (data: Buffer) => stdout.push(data));
      child.stderr.on("data", (data: Buffer) => stderr.push(data));
      child.stdin.on("error", () => {});
      child.stdin.end(stdin ?? "");
      const timer = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), TIME_LIMIT);
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(timer);
        resolve({
          stdout: Buffer.concat(stdout).toString(),
          stderr: Buffer.concat(stderr).toString(),
          rc: code ?? 137,
        });
      });
    });
  }
}
