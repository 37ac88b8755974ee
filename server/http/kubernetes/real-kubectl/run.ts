import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { kubeconfig } from "../kubeconfig.ts";
import { normal } from "./shape.ts";

const FILES = join(import.meta.dirname, "files");
/** Where the one of this project's machines is. */
const USUAL = "/usr/lib/google-cloud-sdk/bin/kubectl.1.33";
const LINE_LIMIT = 150_000;

export interface LineResult {
  readonly line: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly rc: number | null;
}

/** The commands of the script. */
export function scriptLines(): string[] {
  return readFileSync(join(import.meta.dirname, "script.txt"), "utf8")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"));
}

/** A kubectl of this machine: DRYDOCK_KUBECTL, or kubectl.1.33 or kubectl on the PATH. */
export function findKubectl(): string | undefined {
  const named = process.env["DRYDOCK_KUBECTL"];
  if (named) return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return [...folders.map((folder) => join(folder, "kubectl.1.33")), USUAL, ...folders.map((folder) => join(folder, "kubectl"))].find((path) => existsSync(path)); // prettier-ignore
}

/** Runs lines one after another against a server, in a fresh home, in files/. */
export class Runner {
  readonly #home = mkdtempSync(join(tmpdir(), "drydock-kubectl-"));

  constructor(kubectl: string, server: string) {
    mkdirSync(join(this.#home, ".kube"));
    mkdirSync(join(this.#home, "bin"));
    symlinkSync(kubectl, join(this.#home, "bin/kubectl"));
    writeFileSync(join(this.#home, ".kube/config"), kubeconfig(server));
  }

  async run(line: string): Promise<LineResult> {
    const home = this.#home;
    const env = { HOME: home, PATH: `${join(home, "bin")}:/usr/bin:/bin`, TZ: "UTC", LANG: "C.UTF-8" };
    const child = spawn("bash", ["-c", `k() { kubectl "$@"; }\n${line}`], { cwd: FILES, env, detached: true });
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
