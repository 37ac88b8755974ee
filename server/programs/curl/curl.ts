import { SECOND, type Duration } from "../../sim/kernel/index.ts";
import { attempt, Errno, open, OpenFile, type Process, type Program } from "../../sim/host/index.ts";
import { CurlFailure } from "./failure.ts";
import { globUrl } from "./glob.ts";
import { type CurlArguments, isOptionFault, parseCurlArguments } from "./options.ts";
import { Destination } from "./output.ts";
import { Pool } from "./pool.ts";
import { readBody, UnreadableFile, type RequestBody } from "./request.ts";
import { Overrides } from "./resolve.ts";
import { Stdout } from "./stdout.ts";
import { Transfer } from "./transfer.ts";
import { NotSimulated } from "./url.ts";
import { Verbose } from "./verbose.ts";
import { CurlVersion, HELP, versionText } from "./version.ts";
import { writeOut, type TransferFacts } from "./write-out.ts";

export const curl: Program = {
  name: "curl",
  summary: "transfer a URL",
  async run(process, args) {
    const version = new CurlVersion(process);
    const parsed = parseCurlArguments(args);
    if (!isOptionFault(parsed)) return new Curl(process, parsed, version).run();
    if ("notSimulated" in parsed) return notSimulated(process, `'${parsed.notSimulated}'`);
    await process.error(`curl: option ${parsed.word}: ${parsed.problem}\n${HINT}`);
    return 2;
  },
};

const HINT = "curl: try 'curl --help' or 'curl --manual' for more information\n";

async function notSimulated(process: Process, what: string): Promise<number> {
  await process.error(`drydock: curl: ${what} is not simulated\n`);
  return 64;
}

/** What to fetch, and where to put it. */
interface Job {
  readonly url: string;
  readonly parts: readonly string[];
  /** As `-o` says; undefined: standard output. */
  readonly output: string | undefined;
}

class Curl {
  readonly #process: Process;
  readonly #args: CurlArguments;
  readonly #version: CurlVersion;
  readonly #stdout: Stdout;
  readonly #pool = new Pool();
  #headDump: OpenFile | undefined;
  #firstProgress = true;

  constructor(process: Process, args: CurlArguments, version: CurlVersion) {
    this.#process = process;
    this.#args = args;
    this.#version = version;
    this.#stdout = new Stdout(process);
    this.#stdout.unbuffered = args.has("no-buffer");
    process.on("SIGPIPE", "ignore");
  }

  async run(): Promise<number> {
    const args = this.#args;
    const process = this.#process;
    if (args.has("help")) return this.#print(HELP);
    if (args.has("version")) return this.#print(versionText(this.#version));
    if (args.values("url").length === 0) {
      const why = args.given.length > 0 && this.#version.isAtLeast("8.0") ? "curl: (2) no URL specified\n" : "";
      await process.error(why + HINT);
      return 2;
    }
    try {
      const body = await readBody(process, args, this.#version, (text) => this.#warn(text));
      return await this.#all(body);
    } catch (error) {
      if (error instanceof NotSimulated) return notSimulated(process, error.message);
      if (error instanceof UnreadableFile) return this.#unreadable(error.file);
      if (!(error instanceof CurlFailure)) throw error;
      return this.#report(error);
    } finally {
      this.#headDump?.drop();
      if (!process.ended) await this.#stdout.flush();
    }
  }

  async #print(text: string): Promise<number> {
    await this.#process.print(text);
    return 0;
  }

  async #unreadable(file: string): Promise<number> {
    if (this.#args.value("upload-file") === file) {
      await this.#process.error(`curl: cannot open '${file}'\n${HINT}`);
      return 26;
    }
    await this.#process.error(
      `curl: Failed to open ${file}\ncurl: option -d: error encountered when reading a file\n${HINT}`,
    );
    return 26;
  }

  async #all(body: RequestBody | undefined): Promise<number> {
    const jobs = this.#jobs();
    const dump = this.#args.value("dump-header");
    if (dump !== undefined && dump !== "-") {
      try {
        this.#headDump = open(this.#process.host, dump, { write: true, truncate: true }, this.#process).retain();
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.#warn(`Failed to open ${dump}`);
        throw new CurlFailure(23, "Failed writing received data to disk/application");
      }
    }
    let code = 0;
    for (const [number, job] of jobs.entries()) {
      code = await this.#withRetries(job, number, body);
      if (code !== 0 && this.#args.has("fail-early")) break;
    }
    return code;
  }

  /** URLs with their outputs, in the order in which both were given. */
  #jobs(): Job[] {
    const args = this.#args;
    const outputs = args.given.filter(
      ({ name }) => name === "output" || name === "remote-name" || name === "no-remote-name",
    );
    const directory = args.value("output-dir");
    return args.values("url").flatMap((text, at) => {
      const given = outputs[at] ?? (args.has("remote-name-all") ? { name: "remote-name", value: "" } : undefined);
      const globbed = args.has("globoff") ? [{ url: text, parts: [] }] : globUrl(text);
      return globbed.map(({ url, parts }): Job => {
        const named =
          given?.name === "output" ? given.value : given?.name === "remote-name" ? remoteName(url) : undefined;
        const filled = named?.replace(/#(\d+)/g, (whole, digit: string) => parts[Number(digit) - 1] ?? whole);
        const output =
          filled === undefined || filled === "-"
            ? undefined
            : directory === undefined
              ? filled
              : `${directory}/${filled}`;
        return { url, parts, output };
      });
    });
  }

  async #withRetries(job: Job, number: number, body: RequestBody | undefined): Promise<number> {
    const args = this.#args;
    const most = args.number("retry", 0);
    const started = this.#process.kernel.now;
    let wait = args.number("retry-delay", 0) * SECOND || SECOND;
    for (let left = most; ; left--) {
      const { code, facts, failure } = await this.#once(job, number, body);
      const reason = this.#retryReason(code, facts);
      const late =
        args.number("retry-max-time", 0) > 0 &&
        this.#process.kernel.now - started + wait > args.number("retry-max-time", 0) * SECOND;
      const again = left > 0 && reason !== undefined && !late;
      if (failure && (again ? !args.has("silent") || args.has("show-error") : true)) await this.#report(failure);
      if (!again) {
        await this.#writeOut(facts);
        return code;
      }
      await this.#warn(this.#retryWords(reason, wait, left));
      await this.#process.sleep(wait);
      if (args.value("retry-delay") === undefined) wait = Math.min(wait * 2, 600 * SECOND);
    }
  }

  #retryWords(reason: string, wait: Duration, left: number): string {
    if (this.#version.isAtLeast("8.9"))
      return `Problem: ${reason}. Will retry in ${(wait / SECOND).toFixed(3)} second${wait === SECOND ? "" : "s"}. ${left} retr${left === 1 ? "y" : "ies"} left.`;
    return `Problem : ${reason}. Will retry in ${Math.floor(wait / SECOND)} seconds. ${left} retries left.`;
  }

  /** Why a transfer is worth another try (post_per_transfer in src/tool_operate.c). */
  #retryReason(code: number, { head }: TransferFacts): string | undefined {
    const args = this.#args;
    // A name that cannot be resolved may well be there in a moment.
    if (code === 28 || code === 6) return "timeout";
    if (code === 7 && args.has("retry-connrefused")) return "connection refused";
    if (head && [408, 429, 500, 502, 503, 504].includes(head.status) && (code === 0 || code === 22))
      return "HTTP error";
    return code !== 0 && args.has("retry-all-errors") ? "(retrying all errors)" : undefined;
  }

  async #once(
    job: Job,
    number: number,
    body: RequestBody | undefined,
  ): Promise<{ code: number; facts: TransferFacts; failure?: CurlFailure }> {
    // prettier-ignore
    const args = this.#args;
    const process = this.#process;
    const destination = new Destination(process, this.#stdout, job.output, args.has("create-dirs"), (text) =>
      this.#warn(text),
    );
    const verbose = new Verbose(process, args.has("verbose"), destination.isTty);
    const overrides = new Overrides(args);
    const facts = newFacts(job, number, args);
    const implied = args.value("request");
    if (implied !== undefined && args.has("verbose") && !args.has("silent")) await this.#noteRequest(implied, body);
    const showsProgress = !args.has("silent") && !args.isOff("progress-meter") && !destination.isTty;
    const firstProgress = this.#firstProgress;
    if (showsProgress) this.#firstProgress = false;
    const headDump = args.value("dump-header") === "-" ? new StdoutDump(this.#stdout) : this.#headDump;
    const version = this.#version;
    try {
      await overrides.tell(verbose);
      const options = { process, args, version, verbose, overrides, pool: this.#pool, body, destination, headDump, showsProgress, firstProgress, facts }; // prettier-ignore
      await new Transfer(options).run(job.url);
      return { code: 0, facts };
    } catch (error) {
      if (!(error instanceof CurlFailure)) throw error;
      facts.exitCode = error.code;
      facts.errorMessage = error.message.split("\n")[0]!;
      return { code: error.code, facts, failure: error };
    }
  }

  async #noteRequest(request: string, body: RequestBody | undefined): Promise<void> {
    const method = this.#args.has("head") ? "HEAD" : body && !this.#args.has("get") ? body.method : "GET";
    if (request === method)
      await this.#process.error(`Note: Unnecessary use of -X or --request, ${method} is already inferred.\n`);
  }

  async #writeOut(facts: TransferFacts): Promise<void> {
    const format = this.#args.value("write-out");
    if (format === undefined) return;
    const content = format.startsWith("@") ? attempt(() => this.#process.host.files.read(format.slice(1), this.#process)) : undefined; // prettier-ignore
    const text = content === undefined ? format : content instanceof Errno ? "" : content.replaceAll(/[\r\n]/g, "");
    for (const { fd, bytes } of writeOut(text, facts, `libcurl/${this.#version.text}`)) {
      if (fd === 1) await this.#stdout.put(bytes);
      else await this.#process.write(2, bytes);
    }
  }

  async #report(failure: CurlFailure): Promise<number> {
    if (!this.#args.has("silent") || this.#args.has("show-error"))
      await this.#process.error(`curl: (${failure.code}) ${failure.message}\n`);
    return failure.code;
  }

  /** A warning, in lines of the terminal's width (src/tool_msgs.c). */
  async #warn(text: string): Promise<void> {
    if (this.#args.has("silent")) return;
    const columns = this.#version.isAtLeast("8.4") ? (this.#process.fds.find(2)?.tty?.cols ?? 79) : 79;
    const width = columns - "Warning: ".length;
    // The text of older versions ended with a newline, which counted.
    const end = this.#version.isAtLeast("8.0") ? 0 : 1;
    let rest = text;
    let out = "";
    while (rest.length + end > width) {
      const blank = rest.lastIndexOf(" ", width - 1);
      const cut = blank <= 0 ? width : blank + 1;
      out += `Warning: ${rest.slice(0, cut)}\n`;
      rest = rest.slice(cut);
    }
    await this.#process.error(`${out}Warning: ${rest}\n`);
  }
}

/** `-D -`: heads go to standard output, in its buffer. */
class StdoutDump extends OpenFile {
  readonly name = "stdout";
  readonly #stdout: Stdout;

  constructor(stdout: Stdout) {
    super();
    this.#stdout = stdout;
  }

  override async write(_process: Process, bytes: string): Promise<void> {
    await this.#stdout.put(bytes);
  }
}

/** The last part of a URL's path, for `-O`. */
function remoteName(url: string): string {
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[?#].*$/s, "");
  const slash = path.indexOf("/");
  const name = slash < 0 ? "" : path.slice(path.lastIndexOf("/") + 1);
  if (name === "") throw new CurlFailure(23, "Remote file name has no length");
  return name;
}

function newFacts(job: Job, urlNumber: number, args: CurlArguments): TransferFacts {
  return {
    head: undefined,
    exitCode: 0,
    errorMessage: "",
    method: args.value("request") ?? "GET",
    scheme: "",
    url: job.url,
    effectiveUrl: job.url,
    referer: args.value("referer") ?? "",
    httpVersion: "0",
    redirects: 0,
    redirectUrl: "",
    connects: 0,
    remote: undefined,
    local: undefined,
    headerSize: 0,
    requestSize: 0,
    downloaded: 0,
    uploaded: 0,
    verifyResult: 0,
    outputName: job.output ?? "",
    urlNumber,
    times: { namelookup: 0, connect: 0, appconnect: 0, pretransfer: 0, starttransfer: 0, redirect: 0, total: 0 },
  };
}
