import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeconfig } from "../kubeconfig.ts";
import { normal } from "./shape.ts";
import type { Suite } from "./suite.ts";

const LINE_LIMIT = 150_000;

export interface LineResult {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number | null;
}

/** Runs a suite's lines one after another against a server, in a fresh home, in files/. */
export class Runner {
  readonly #home = mkdtempSync(join(tmpdir(), "drydock-client-"));
  readonly #files: string;

  constructor({ folder, programs }: Suite, server: string) {
    this.#files = join(folder, "files");
    mkdirSync(join(this.#home, ".kube"));
    mkdirSync(join(this.#home, "bin"));
    for (const [name, path] of Object.entries(programs() ?? {})) symlinkSync(path, join(this.#home, "bin", name));
    writeFileSync(join(this.#home, ".kube/config"), kubeconfig(server));
  }

  async run(line: string): Promise<LineResult> {
    const home = this.#home;
    const env = { HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin`, TZ: "UTC", LANG: "C.UTF-8" };
    const child = spawn("bash", ["-c", `k() { kubectl "$@"; }\n${line}`], { cwd: this.#files, env, detached: true });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.stdin.end();
    const late = setTimeout(() => process.kill(-child.pid!, "SIGKILL"), LINE_LIMIT);
    const rc = await new Promise<number | null>((resolve) => child.once("close", resolve));
    clearTimeout(late);
    const shown = (chunks: Buffer[]): string => normal(Buffer.concat(chunks).toString(), home);
    return { line, stdout: shown(out), stderr: shown(err), rc };
  }

  close(): void {
    rmSync(this.#home, { recursive: true, force: true });
  }
}

/** Words of kubectl and its libraries that mean that our server does not speak the protocol. */
const PROTOCOL = /unable to decode|invalid character .* looking for|unexpected EOF|websocket: (bad|close)|malformed HTTP|the body of the request was in an unknown format|http: server gave|Unhandled Error.*stream|server responded with the status code 5\d\d|runtime error|is not simulated|could not find the requested resource|apiserver to panic/; // prettier-ignore

/** Lines that are wrong on purpose, in the same words. */
const ON_PURPOSE = /^k get --raw \/nope$|broken\.json/;

export function protocolErrors(results: readonly LineResult[]): LineResult[] {
  return results.filter(
    ({ line, stdout, stderr }) => !ON_PURPOSE.test(line) && (PROTOCOL.test(stdout) || PROTOCOL.test(stderr)),
  );
}

/** The recording as text: a line with `$`, what it printed, and its exit code. */
export function recordingText(results: readonly LineResult[]): string {
  return results
    .map(({ line, stdout, stderr, rc }) => {
      const marked = (text: string, mark: string): string => text.replace(/\n$/, "").replace(/^/gm, mark);
      return `$ ${line}\n${stdout === "" ? "" : `${marked(stdout, "  ")}\n`}${stderr === "" ? "" : `${marked(stderr, "! ")}\n`}= ${rc}\n`;
    })
    .join("\n");
}
