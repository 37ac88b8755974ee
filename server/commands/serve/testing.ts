import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

export const CLI = join(import.meta.dirname, "../../cli.ts");

/** A `drydock serve` in a process of its own, as people start it. */
export class ServeProcess {
  readonly child: ChildProcess;
  stdout = "";
  stderr = "";

  constructor(args: readonly string[], environment: Record<string, string> = {}) {
    this.child = spawn(process.execPath, [CLI, "serve", ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, DRYDOCK_WORKERS: "1", DRYDOCK_LOG: "info", ...environment },
    });
    this.child.stdout!.setEncoding("utf8").on("data", (text: string) => void (this.stdout += text));
    this.child.stderr!.setEncoding("utf8").on("data", (text: string) => void (this.stderr += text));
  }

  /** Its address, once it is ready. Rejects if it ends before. */
  async ready(): Promise<string> {
    for (;;) {
      const address = /^Drydock is ready: (\S+)\n/m.exec(this.stdout)?.[1];
      if (address !== undefined) return address;
      if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.stderr}`);
      await Promise.race([once(this.child.stdout!, "data"), once(this.child, "close")]);
    }
  }

  /** Its exit code, or the signal that ended it, and after how many milliseconds it came. */
  async end(signal?: NodeJS.Signals): Promise<{ readonly code: number | string | null; readonly ms: number }> {
    const before = performance.now();
    const { child } = this;
    if (signal !== undefined) child.kill(signal);
    if (child.exitCode === null && child.signalCode === null) await once(child, "close");
    return { code: child.exitCode ?? child.signalCode, ms: performance.now() - before };
  }
}
