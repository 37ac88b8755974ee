import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LineResult } from "../line.ts";
import type { Case } from "./cases.ts";
import { FILES } from "./recording.ts";

const CLI = join(import.meta.dirname, "../../../cli.ts");
const FUNCTIONS = 'kubectl(){ command "$KUBECTL" "$@"; }; k(){ kubectl "$@"; }\n';
const TIME_LIMIT = 20_000;

type Run = (line: string, stdin?: string) => Promise<LineResult>;

/** A `drydock cluster` with the wall clock, and both ways of running a case on it. */
export class LiveCluster {
  readonly #kubectl: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "parity-"));
  readonly #kubeconfig = join(this.#folder, "kubeconfig");
  #server: ChildProcess | undefined;
  #url = "";
  #homes = 0;

  /** @param kubectl the file of the real one */
  constructor(kubectl: string) {
    this.#kubectl = kubectl;
    // For programs that start kubectl themselves: xargs, timeout.
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
    const home = join(this.#folder, `home-${++this.#homes}`);
    mkdirSync(home);
    const { stdout, stderr, rc } = await this.#half(one, (line, stdin) => this.#bash(line, stdin, home));
    return { stdout: stdout.replaceAll(home, "<home>"), stderr: stderr.replaceAll(home, "<home>"), rc };
  }

  /** What ours does in another one. */
  ours(one: Case): Promise<LineResult> {
    return this.#half(one, async (line, stdin) => (await this.#post("/line", { line, stdin })) as LineResult);
  }

  async #half(one: Case, run: Run): Promise<LineResult> {
    await this.#post("/reset", {});
    for (const line of one.setup) await run(line);
    return run(one.line, one.stdin);
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
        KUBECTL: this.#kubectl,
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
      const timer = setTimeout(() => {
        process.kill(-child.pid!, "SIGKILL");
        reject(new Error(`no end after ${TIME_LIMIT} ms: ${line}`));
      }, TIME_LIMIT);
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
