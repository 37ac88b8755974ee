import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLI = join(import.meta.dirname, "../../server/cli.ts");

/** A real `drydock serve` in a process of its own, on a data folder of its own, that can be killed and started again. */
export class TestServer {
  readonly #data = mkdtempSync(join(tmpdir(), "drydock-e2e-"));
  readonly #env: Readonly<Record<string, string>>;
  #process: ChildProcess | undefined;
  #port = 0;
  #said = "";

  constructor(env: Readonly<Record<string, string>> = {}) {
    this.#env = env;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** What it printed: its log and its errors. */
  get said(): string {
    return this.#said;
  }

  /** Makes an account, as who runs the server does before it starts. */
  addAccount(name: string, role: "learner" | "instructor" | "admin", password: string): void {
    const args = [CLI, "accounts", "add", name, "--role", role, "--data", this.#data];
    const { status, stderr } = spawnSync(process.execPath, args, { input: `${password}\n`, encoding: "utf8" });
    if (status !== 0) throw new Error(`no account was made: ${stderr}`);
  }

  /** Starts it, or starts it again behind the same address. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, [CLI, "serve", "--port", String(this.#port), "--data", this.#data], {
      env: { ...process.env, ...this.#env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    this.#port = await new Promise<number>((resolve, reject) => {
      const hear = (text: Buffer): void => {
        this.#said += text.toString();
        const ready = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(
          this.#said.slice(this.#said.lastIndexOf("Drydock is ready")),
        );
        if (ready) resolve(Number(ready[1]));
      };
      child.stdout.on("data", hear);
      child.stderr.on("data", hear);
      child.once("exit", (code) => reject(new Error(`the server ended with ${String(code)}:\n${this.#said}`)));
    });
    this.#said = "";
  }

  /** Ends it without a chance to tidy up. */
  kill(): Promise<void> {
    return this.#end("SIGKILL");
  }

  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    rmSync(this.#data, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await gone;
  }
}
