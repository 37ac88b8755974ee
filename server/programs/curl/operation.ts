import { encode, SECOND, type Bytes, type Duration } from "../../sim/kernel/index.ts";
import { Errno, open, OpenFile, type Process } from "../../sim/host/index.ts";
import { CookieJar } from "./cookies.ts";
import { CurlFailure } from "./failure.ts";
import { globUrl } from "./glob.ts";
import type { CurlArguments } from "./options.ts";
import { Destination } from "./output.ts";
import type { Pool } from "./pool.ts";
import { readBody, readFileOrInput, readHeaders, readUpload, type RequestBody } from "./request.ts";
import { Overrides } from "./resolve.ts";
import type { Stdout } from "./stdout.ts";
import { Trace } from "./trace.ts";
import { Transfer } from "./transfer.ts";
import { escapeUrl, NotSimulated } from "./url.ts";
import { Verbose } from "./verbose.ts";
import type { CurlVersion } from "./version.ts";
import { writeOut, type TransferFacts } from "./write-out.ts";

/** What to fetch, and where to put it. */
interface Job {
  readonly url: string;
  readonly parts: readonly string[];
  /** As `-o` says; undefined: standard output. */
  readonly output: string | undefined;
  /** `-T`: the file that is sent. */
  readonly upload: string | undefined;
}

export interface OperationContext {
  readonly process: Process;
  readonly args: CurlArguments;
  readonly version: CurlVersion;
  readonly stdout: Stdout;
  readonly pool: Pool;
  warn(text: string): Promise<void>;
}

/** One set of options with its URLs (struct OperationConfig): all transfers in turn, each with its retries. */
export class Operation {
  readonly #context: OperationContext;
  readonly #process: Process;
  readonly #args: CurlArguments;
  readonly #version: CurlVersion;
  readonly #stdout: Stdout;
  readonly #overrides: Overrides;
  #headDump: OpenFile | undefined;
  #trace: Trace | undefined;
  #custom: readonly string[] = [];
  #jar: CookieJar | undefined;

  constructor(context: OperationContext) {
    this.#context = context;
    this.#process = context.process;
    this.#args = context.args;
    this.#version = context.version;
    this.#stdout = context.stdout;
    this.#overrides = new Overrides(context.args);
  }

  async run(): Promise<number> {
    const args = this.#args;
    try {
      const refused = this.#overrides.malformed;
      if (await this.#contradicts()) return 2;
      const body = await readBody(this.#process, args, this.#version, (text) => this.#warn(text));
      this.#custom = await readHeaders(this.#process, args);
      this.#jar = await CookieJar.open(this.#process, args);
      const jobs = this.#jobs();
      if (refused !== undefined) throw new CurlFailure(49, `Couldn't parse CURLOPT_RESOLVE entry '${refused}'`);
      await this.#openDump();
      this.#trace = Trace.open(this.#process, args, this.#stdout);
      let code = 0;
      for (const [number, job] of jobs.entries()) {
        const sent = job.upload === undefined ? body : await readUpload(this.#process, job.upload);
        code = await this.#withRetries(job, number, sent);
        if (code !== 0 && args.has("fail-early")) break;
      }
      return code;
    } finally {
      await this.#jar?.save(this.#process, this.#stdout);
      this.#headDump?.drop();
      this.#trace?.close();
    }
  }

  async report(failure: CurlFailure): Promise<number> {
    if (!this.#args.has("silent")) await this.#process.error(failure.before);
    if (!this.#args.has("silent") || this.#args.has("show-error"))
      await this.#process.error(`curl: (${failure.code}) ${failure.message}\n`);
    return failure.code;
  }

  #warn(text: string): Promise<void> {
    return this.#context.warn(text);
  }

  /** Two options that imply different requests (SetHTTPrequest in src/tool_helpers.c). */
  async #contradicts(): Promise<boolean> {
    const args = this.#args;
    const [form, head, data, upload] = [["form", "form-string"], ["head"], [...DATA], ["upload-file"]].map((names) => args.given.some(({ name }) => names.includes(name))); // prettier-ignore
    const own = form ? REQUESTS.form : head ? REQUESTS.head : undefined;
    const posts = data && !args.has("get");
    const added = posts && own ? REQUESTS.data : upload && (own ?? posts) ? REQUESTS.upload : undefined;
    if (added === undefined) return false;
    const first = own ?? REQUESTS.data;
    await this.#warn(`You can only select one HTTP request method! You asked for both ${added} and ${first}.`);
    return true;
  }

  async #openDump(): Promise<void> {
    const dump = this.#args.value("dump-header");
    if (dump === undefined || dump === "-") return;
    try {
      this.#headDump = open(this.#process.host, dump, { write: true, truncate: true }, this.#process).retain();
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.#warn(`Failed to open ${dump}`);
      throw new CurlFailure(23, "Failed writing received data to disk/application");
    }
  }

  /** URLs with their outputs and uploads, in the order in which each was given. */
  #jobs(): Job[] {
    const args = this.#args;
    const outputs = args.given.filter(
      ({ name }) => name === "output" || name === "remote-name" || name === "no-remote-name",
    );
    const uploads = args.values("upload-file");
    const directory = args.value("output-dir");
    return args.values("url").flatMap((text, at) => {
      const given = outputs[at] ?? (args.has("remote-name-all") ? { name: "remote-name", value: "" } : undefined);
      const upload = uploads[at];
      const globbed = args.has("globoff") ? [{ url: text, parts: [] }] : globUrl(text);
      const sent = upload === undefined || args.has("globoff") ? [upload] : globUrl(upload).map(({ url }) => url);
      return sent.flatMap((file) =>
        globbed.map(({ url: target, parts }): Job => {
          const url = file === undefined ? target : uploadUrl(target, file);
          const named =
            given?.name === "output" ? given.value : given?.name === "remote-name" ? this.#remoteName(url) : undefined;
          const filled = named?.replace(/#(\d+)/g, (whole, digit: string) => parts[Number(digit) - 1] ?? whole);
          const output =
            filled === undefined || filled === "-"
              ? undefined
              : directory === undefined
                ? filled
                : `${directory}/${filled}`;
          return { url, parts, output, upload: file };
        }),
      );
    });
  }

  /** The last part of a URL's path, for `-O`. */
  #remoteName(url: string): string {
    const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "").replace(/[?#].*$/s, "");
    const slash = path.indexOf("/");
    const name = slash < 0 ? "" : path.slice(path.lastIndexOf("/") + 1);
    if (name !== "") return name;
    if (this.#version.isAtLeast("8.0")) throw new CurlFailure(23, "Remote file name has no length");
    throw new NoRemoteName();
  }

  async #withRetries(job: Job, number: number, body: RequestBody | undefined): Promise<number> {
    const args = this.#args;
    const most = args.number("retry", 0);
    const started = this.#process.kernel.now;
    let wait = args.number("retry-delay", 0) * SECOND || SECOND;
    for (let left = most; ; left--) {
      const { code, facts, failure, written } = await this.#once(job, number, body, left < most);
      const reason = this.#retryReason(code, facts);
      const late =
        args.number("retry-max-time", 0) > 0 &&
        this.#process.kernel.now - started >= args.number("retry-max-time", 0) * SECOND;
      const again = left > 0 && reason !== undefined && !late;
      if (failure && (again ? !args.has("silent") || args.has("show-error") : true)) await this.report(failure);
      if (!again) {
        await this.#writeOut(facts);
        return code;
      }
      await this.#warn(this.#retryWords(reason, wait, left));
      await this.#process.sleep(wait);
      if (written > 0 && job.output !== undefined) await this.#discard(job.output, written);
      if (args.value("retry-delay") === undefined) wait = Math.min(wait * 2, 600 * SECOND);
    }
  }

  #retryWords(reason: string, wait: Duration, left: number): string {
    if (this.#version.isAtLeast("8.9"))
      return `Problem: ${reason}. Will retry in ${(wait / SECOND).toFixed(3)} second${wait === SECOND ? "" : "s"}. ${left} retr${left === 1 ? "y" : "ies"} left.`;
    const named = reason.startsWith("(") ? reason : `: ${reason}`;
    return `Problem ${named}. Will retry in ${Math.floor(wait / SECOND)} seconds. ${left} retries left.`;
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

  /** What a failed try has written is thrown away; older versions tried that with devices, too. */
  async #discard(name: string, bytes: number): Promise<void> {
    const { host } = this.#process;
    const isFile = host.files.stat(name, this.#process).type === "file";
    if (!isFile && this.#version.isAtLeast("8.3")) return;
    if (!this.#args.has("silent")) await this.#process.error(`Throwing away ${bytes} bytes\n`);
    if (!isFile) throw new CurlFailure(23, "Failed to truncate file");
    host.files.write(name, "", {}, this.#process);
  }

  async #once(
    job: Job,
    number: number,
    body: RequestBody | undefined,
    again: boolean,
  ): Promise<{ code: number; facts: TransferFacts; written: number; failure?: CurlFailure }> {
    const args = this.#args;
    const process = this.#process;
    const destination = new Destination(process, this.#stdout, job.output, args.has("create-dirs"), (text) =>
      this.#warn(text),
    );
    const printsToTty = destination.isTty && expectsOutput(job);
    const verbose = new Verbose(process, args, printsToTty, this.#trace);
    const overrides = this.#overrides;
    const facts = newFacts(job, number, args);
    const implied = args.value("request");
    if (implied !== undefined && !args.has("silent")) await this.#noteRequest(implied, body);
    const showsProgress = !args.has("silent") && !args.isOff("progress-meter") && !printsToTty;
    const headDump = args.value("dump-header") === "-" ? new StdoutDump(this.#stdout) : this.#headDump;
    const version = this.#version;
    try {
      await overrides.tell(verbose);
      const { pool } = this.#context;
      const resumeFrom = this.#resumeFrom(job);
      if (resumeFrom > 0) destination.append = true;
      const options = { process, args, version, verbose, overrides, pool, body, destination, headDump, showsProgress, firstProgress: !again, facts, custom: this.#custom, resumeFrom, jar: this.#jar }; // prettier-ignore
      await new Transfer(options).run(job.url);
      return { code: 0, facts, written: destination.written };
    } catch (error) {
      if (!(error instanceof CurlFailure)) throw error;
      facts.exitCode = error.code;
      facts.errorMessage = error.message.split("\n")[0]!;
      return { code: error.code, facts, written: destination.written, failure: error };
    }
  }

  /** `-C OFFSET`, `-C -`: behind what the file has already. */
  #resumeFrom({ output }: Job): number {
    const offset = this.#args.value("continue-at");
    if (offset === undefined || offset !== "-") return Number(offset ?? 0) || 0;
    const { files } = this.#process.host;
    return output !== undefined && files.exists(output, this.#process) ? files.stat(output, this.#process).size : 0;
  }

  /** customrequest_helper in src/tool_helpers.c */
  async #noteRequest(request: string, body: RequestBody | undefined): Promise<void> {
    const method = this.#args.has("head") ? "HEAD" : body && !this.#args.has("get") ? body.method : "GET";
    if (request.toUpperCase() === method) {
      if (this.#args.has("verbose"))
        await this.#process.error(`Note: Unnecessary use of -X or --request, ${method} is already inferred.\n`);
    } else if (request.toUpperCase() === "HEAD")
      await this.#warn(
        "Setting custom HTTP method to HEAD with -X/--request may not work the way you want. Consider using -I/--head instead.",
      );
  }

  async #writeOut(facts: TransferFacts): Promise<void> {
    const format = this.#args.value("write-out");
    if (format === undefined) return;
    await this.#stdout.flush();
    if (facts.chain.length > 0 && format.includes("%{certs}")) throw new NotSimulated("'%{certs}'");
    const content = format.startsWith("@") ? ((await readFileOrInput(this.#process, format.slice(1))) ?? "") : undefined; // prettier-ignore
    const text = content === undefined ? format : content.replaceAll(/[\r\n]/g, "");
    for (const { fd, bytes } of writeOut(text, facts, `libcurl/${this.#version.text}`)) {
      if (fd === 1) await this.#stdout.put(bytes);
      else await this.#process.write(2, bytes);
    }
  }
}

const DATA = ["data", "data-ascii", "data-binary", "data-raw", "data-urlencode", "json"] as const;

const REQUESTS = {
  form: "multipart formpost (-F, --form)",
  head: "HEAD (-I, --head)",
  data: "POST (-d, --data)",
  upload: "PUT (-T, --upload-file)",
} as const;

/** Older versions say it in two lines. */
class NoRemoteName extends CurlFailure {
  constructor() {
    super(23, "Failed writing received data to disk/application");
  }

  override readonly before = "curl: Remote file name has no length!\n";
}

/** `-D -`: heads go to standard output, in its buffer. */
class StdoutDump extends OpenFile {
  readonly name = "stdout";
  readonly #stdout: Stdout;

  constructor(stdout: Stdout) {
    super();
    this.#stdout = stdout;
  }

  override async write(_process: Process, bytes: Bytes): Promise<void> {
    await this.#stdout.put(bytes);
  }
}

/** What is uploaded to a folder gets the file's name there (add_file_name_to_url in src/tool_operhlp.c). */
function uploadUrl(url: string, file: string): string {
  if (file === "-" || file === "." || url.includes("?")) return url;
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\//i, "");
  if (path.includes("/") && !path.endsWith("/")) return url;
  return `${url}${path.includes("/") ? "" : "/"}${escapeUrl(encode(file.replace(/.*\//s, "")))}`;
}

/** An upload prints something only if its URL says that it is HTTP (output_expected in src/tool_operate.c). */
function expectsOutput({ url, upload }: Job): boolean {
  return upload === undefined || /^https?:\/\//i.test(url);
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
    chain: [],
    times: { namelookup: 0, connect: 0, appconnect: 0, pretransfer: 0, starttransfer: 0, redirect: 0, total: 0 },
  };
}
