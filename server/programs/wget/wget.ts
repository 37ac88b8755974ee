import { calendar, encode, pad, SECOND, type Bytes } from "../../sim/kernel/index.ts";
import {
  attempt as tried,
  basename,
  Errno,
  open,
  type OpenFile,
  type Process,
  type Program,
} from "../../sim/host/index.ts";
import { ConnectFailed, connectTcp, isAddress, startTls, type TcpSocket } from "../../sim/net/index.ts";
import { commonName, parseCertificatesPem } from "../../sim/kube/pki/index.ts";
import { field, keepsOpen, ResponseStream, type ResponseHead } from "../http/response-stream.ts";
import { isFor, readAuthorities, trustError } from "../http/trust.ts";
import { getaddrinfo, numericAddress, type Family } from "../netdb/getaddrinfo.ts";
import { errorWords, gaiWords } from "../netdb/libc.ts";
import { versionOf } from "../gnu/versions.ts";
import { parseOptions, type Options } from "../options.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import { NO_FLAGS, WGET_FLAGS } from "./options.ts";
import { dotLines, progressBar } from "./progress.ts";
import { lengthLine, speed } from "./units.ts";
import { Location, parse, type Target } from "./url.ts";

/** GNU wget. */
export const wget: Program = {
  name: "wget",
  summary: "the non-interactive network downloader",
  async run(process, args) {
    const given = parseOptions(
      WGET_FLAGS,
      args.map((word) => NO_FLAGS[word] ?? word),
    );
    if ("notSimulated" in given) {
      await process.error(`drydock: wget: '${given.notSimulated}' is not simulated\n`);
      return 64;
    }
    if ("problem" in given) {
      await process.error(
        `wget: ${given.problem}\nUsage: wget [OPTION]... [URL]...\n\nTry \`wget --help' for more options.\n`,
      );
      return 2;
    }
    if (given.has("version")) {
      await process.print(`GNU Wget ${version(process)} built on linux-gnu.\n`);
      return 0;
    }
    if (given.has("help")) {
      await process.print(
        `GNU Wget ${version(process)}, a non-interactive network retriever.\nUsage: wget [OPTION]... [URL]...\n`,
      );
      return 0;
    }
    const wrong = wrongOptions(given);
    if (wrong) {
      await process.error(wrong.says);
      return wrong.status;
    }
    if (given.operands.length === 0 && !given.has("input")) {
      await process.error(
        "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      );
      return 1;
    }
    return new Wget(process, given).run();
  },
};

type Given = Options<keyof typeof WGET_FLAGS>;

function version(process: Process): string {
  return versionOf(process, "wget") || "1.21.4";
}

/** What main.c and init.c find out about options before anything is fetched. */
function wrongOptions(given: Given): { readonly says: string; readonly status: number } | undefined {
  for (const flag of ["timeout", "connectTimeout", "readTimeout", "dnsTimeout", "wait", "waitRetry"] as const) {
    const text = given.value(flag);
    if (text !== undefined && !/^\d*\.?\d+[smhdw]?$/.test(text))
      return { says: `wget: --${WGET_FLAGS[flag].long}: Invalid time period ‘${text}’\n`, status: 2 };
  }
  if (given.value("tries")?.startsWith("-"))
    return { says: `wget: --tries: Invalid number ‘${given.value("tries")!}’.\n`, status: 2 };
  const progress = given.value("progress");
  if (progress !== undefined && !/^(?:bar|dot)(?::|$)/.test(progress))
    return { says: `wget: --progress: Invalid progress type ‘${progress}’.\n`, status: 2 };
  const bad = given.values("header").find((line) => line !== "" && !/^[^:\s]+:/.test(line));
  if (bad !== undefined) return { says: `wget: --header: Invalid header ‘${bad}’.\n`, status: 2 };
  const command = given.values("execute").find((text) => !/^\s*robots\s*=/i.test(text));
  if (command !== undefined)
    return /^\s*\w+\s*=/.test(command) && KNOWN_COMMANDS.test(command)
      ? { says: `drydock: wget: '-e ${command}' is not simulated\n`, status: 64 }
      : { says: `wget: Invalid --execute command ‘${command}’\n`, status: 2 };
  const method = given.value("method");
  const posts = given.has("postData") || given.has("postFile");
  const bodies = given.has("bodyData") || given.has("bodyFile");
  if (posts && method !== undefined)
    return {
      says: "You cannot use --post-data or --post-file along with --method. --method expects data through --body-data and --body-file options\n",
      status: 1,
    };
  if (bodies && method === undefined)
    return {
      says: "You must specify a method through --method=HTTPMethod to use with --body-data or --body-file.\n",
      status: 1,
    };
  return undefined;
}

/** Commands of a wgetrc that there are besides (commands in init.c), by what they begin with. */
const KNOWN_COMMANDS =
  /^\s*(?:use_?proxy|https?_?proxy|ftp_?proxy|no_?proxy|timeout|tries|user|password|header|quiet|verbose|output|dir|accept|reject|check_?certificate|continue|wait|limit_?rate)/i;

/** What a transfer ends the program with: exits.h. */
const EXIT = { generic: 1, file: 3, network: 4, ssl: 5, auth: 6, protocol: 7, server: 8 } as const;

/** A try that failed. `again`: another may do better. */
class Failed extends Error {
  readonly code: number;
  readonly again: boolean;
  /** The connection is good for another try. */
  readonly keeps: boolean;

  constructor(code: number, again = false, keeps = false) {
    super();
    this.code = code;
    this.again = again;
    this.keeps = keeps;
  }
}

class Wget {
  readonly #process: Process;
  readonly #given: Given;
  readonly #tries: number;
  readonly #timeout: number;
  /** Open connections to their servers, for the next request. */
  #open: { readonly key: string; readonly socket: TcpSocket; readonly stream: ResponseStream } | undefined;

  /** Addresses that were looked up (host.c's cache). */
  readonly #known = new Map<string, readonly string[]>();
  /** The user's name goes along: the server asked for it. */
  #authorize = false;

  constructor(process: Process, given: Given) {
    this.#process = process;
    this.#given = given;
    const tries = given.value("tries");
    this.#tries = tries === "inf" || tries === "0" ? Infinity : Number(tries ?? 20);
    const seconds = Number(given.value("timeout") ?? given.value("readTimeout") ?? 900);
    this.#timeout = seconds > 0 ? seconds * SECOND : Infinity;
  }

  async run(): Promise<number> {
    // main.c opens it before anything is fetched.
    const output = this.#given.value("output");
    if (output !== undefined && output !== "-") {
      try {
        open(this.#process.host, output, { write: true, truncate: false }, this.#process).retain().drop();
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.#process.error(`${output}: ${errorWords(this.#process.host, error.code)}\n`);
        return EXIT.generic;
      }
    }
    let code = 0;
    const input = this.#given.value("input");
    const urls = [...this.#given.operands, ...(input === undefined ? [] : await this.#listed(input))];
    for (const [at, url] of urls.entries()) {
      const pause = Number(this.#given.value("wait") ?? 0);
      if (at > 0 && pause > 0) await this.#process.sleep(pause * SECOND);
      const got = await this.#download(url);
      if (got !== 0) code = code === 0 ? got : Math.min(code, got);
    }
    return code;
  }

  /** `-i`: the URLs that stand in a file, one a line (retrieve_from_file). */
  async #listed(input: string): Promise<string[]> {
    const process = this.#process;
    let text = "";
    if (input === "-") {
      for (;;) {
        const bytes = await process.read(0);
        if (bytes === "") break;
        text += bytes;
      }
    } else {
      try {
        text = process.host.files.read(input.startsWith("/") ? input : `${process.cwd}/${input}`, process);
      } catch (error) {
        if (!(error instanceof Errno)) throw error;
        await this.#log(`${input}: ${errorWords(process.host, error.code)}\n`, true);
      }
    }
    const urls = text.split("\n").map((line) => line.trim()).filter((line) => line !== ""); // prettier-ignore
    if (urls.length === 0) await this.#log(`No URLs found in ${input}.\n`, true);
    return urls;
  }

  async #download(text: string): Promise<number> {
    this.#authorize = this.#given.has("noChallenge");
    if (this.#given.has("spider")) await this.#log("Spider mode enabled. Check if remote file exists.\n");
    let target = parse(text);
    if (typeof target === "string") {
      await this.#process.error(`${text}: ${target}.\n`);
      return EXIT.generic;
    }
    if (this.#given.has("clobber") && this.#given.value("output") === undefined) {
      const name = this.#plainName(target);
      if (this.#process.host.files.exists(name.startsWith("/") ? name : `${this.#process.cwd}/${name}`)) {
        await this.#log(`File ‘${name}’ already there; not retrieving.\n\n`);
        return 0;
      }
    }
    for (let attempt = 1, redirects = 0; ;) {
      const number = attempt > 1 ? `  (try:${String(attempt).padStart(2)})` : "";
      await this.#log(`--${this.#stamp()}--${number}  ${target.text}\n`);
      try {
        const location = await this.#try(target);
        if (location === undefined) return 0;
        const next: Target | string = parse(new Location(target, location).text);
        const most = Number(this.#given.value("redirects") ?? 20);
        if (redirects++ >= most) {
          await this.#log(`${most} redirections exceeded.\n`);
          return EXIT.server;
        }
        if (typeof next === "string") return EXIT.protocol;
        target = next;
        if (this.#given.has("spider")) {
          this.#drop();
          await this.#log("Spider mode enabled. Check if remote file exists.\n");
        }
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        if (!error.keeps) this.#drop();
        if (!error.again) return error.code;
        if (attempt >= this.#tries) {
          await this.#log("Giving up.\n\n");
          return error.code;
        }
        await this.#log("Retrying.\n\n");
        await this.#process.sleep(Math.min(attempt, Number(this.#given.value("waitRetry") ?? 10)) * SECOND);
        attempt++;
      }
    }
  }

  /** One request; the place that a redirect names, if it is one. */
  async #try(target: Target): Promise<string | undefined> {
    const { socket, stream } = await this.#connection(target);
    await this.#log(`${this.#proxyFor(target) ? "Proxy" : "HTTP"} request sent, awaiting response... `);
    const method = this.#given.has("spider")
      ? "HEAD"
      : (this.#given.value("method") ?? ((await this.#body()) === undefined ? "GET" : "POST"));
    const head = await this.#head(target, socket, stream, method);
    if (!this.#given.has("serverResponse")) await this.#log(`${head.status} ${head.reason}\n`);
    else {
      await this.#log("\n");
      // Also with -q.
      await this.#process.error(head.lines.map((line) => `  ${line}\n`).join(""));
    }
    const location = head.status >= 300 && head.status < 400 ? field(head, "location") : undefined;
    if (location !== undefined) {
      await this.#drain(stream, method, head);
      await this.#log(`Location: ${location} [following]\n`);
      return location;
    }
    const challenge = field(head, "www-authenticate");
    if (head.status === 401 && challenge?.startsWith("Basic") && !this.#authorize && this.#credentials(target)) {
      await this.#drain(stream, method, head);
      await this.#log(`Authentication selected: ${challenge}\n`);
      this.#authorize = true;
      return this.#try(target);
    }
    if (head.status === 401) {
      await this.#log("\nUsername/Password Authentication Failed.\n");
      throw new Failed(EXIT.auth);
    }
    if ((this.#given.value("retryCodes") ?? "").split(",").includes(String(head.status))) {
      await this.#drain(stream, method, head);
      throw new Failed(EXIT.network, true, true);
    }
    if (head.status >= 400) {
      if (this.#given.has("spider"))
        await this.#log(head.status === 404 ? "Remote file does not exist -- broken link!!!\n\n" : "\n");
      else {
        const words = `${this.#stamp()} ERROR ${head.status}: ${head.reason || "(no description)"}.\n`;
        if (this.#given.has("contentOnError")) await this.#save(target, stream, method, head);
        await this.#log(words, true);
        await this.#log("\n");
      }
      throw new Failed(EXIT.server);
    }
    if (this.#given.has("spider")) {
      const page = /^text\/html|^application\/xhtml/.test(field(head, "content-type") ?? "");
      const words = page
        ? "Remote file exists and could contain further links,\nbut recursion is disabled -- not retrieving.\n\n"
        : "Remote file exists.\n\n";
      await this.#log(lengthLine(head) + words);
      if (this.#given.has("noVerbose"))
        await this.#log(`${this.#stamp()} URL: ${target.text} ${head.status} ${head.reason}\n`, true);
      return undefined;
    }
    await this.#save(target, stream, method, head);
    return undefined;
  }

  async #connection(target: Target): Promise<{ socket: TcpSocket; stream: ResponseStream }> {
    const proxy = this.#proxyFor(target);
    const peer = proxy ?? target;
    const key = `${peer.host}:${peer.port}`;
    const open = this.#open;
    if (open?.key === key && !open.socket.readable) {
      await this.#log(`Reusing existing connection to ${key}.\n`);
      return open;
    }
    this.#drop();
    const process = this.#process;
    const addresses = await this.#resolve(peer.host);
    const numeric = numericAddress(peer.host) !== undefined;
    const wait = Number(this.#given.value("connectTimeout") ?? this.#given.value("timeout") ?? 0) * SECOND || Infinity;
    for (const address of addresses) {
      const place = address.includes(":") ? `[${address}]` : address;
      await this.#log(`Connecting to ${numeric ? place : `${peer.host} (${peer.host})|${place}|`}:${peer.port}... `);
      let words: string;
      try {
        const socket = await within(process, wait, () => connectTcp(process, { to: address, port: peer.port }));
        if (socket !== TIMED_OUT) {
          await this.#log("connected.\n");
          process.fds.add(socket, 3);
          if (target.secure) await this.#secure(target, socket);
          const stream = new ResponseStream(() => this.#read(socket));
          this.#open = { key, socket, stream };
          return this.#open;
        }
        words = "Connection timed out";
      } catch (error) {
        if (!(error instanceof ConnectFailed)) throw error;
        words = errorWords(process.host, error.code);
      }
      await this.#log(`failed: ${words}.\n`);
      if (address === addresses.at(-1))
        throw new Failed(EXIT.network, words.endsWith("timed out") || this.#given.has("retryRefused"));
    }
    throw new Failed(EXIT.network);
  }

  async #resolve(host: string): Promise<readonly string[]> {
    const numeric = numericAddress(host);
    if (numeric !== undefined) return [numeric];
    const known = this.#given.has("noDnsCache") ? undefined : this.#known.get(host);
    if (known) return known;
    await this.#log(`Resolving ${host} (${host})... `);
    const family: Family | undefined = this.#given.has("four") ? 4 : this.#given.has("six") ? 6 : undefined;
    const found = await getaddrinfo(this.#process, host, family);
    if (found.failure === undefined) {
      const shown = found.addresses.slice(0, 3).join(", ");
      await this.#log(`${shown}${found.addresses.length > 3 ? ", ..." : ""}\n`);
      this.#known.set(host, found.addresses);
      return found.addresses;
    }
    await this.#log(`failed: ${gaiWords(this.#process.host, found.failure)}.\n`);
    await this.#log(`wget: unable to resolve host address ‘${host}’\n`, true);
    throw new Failed(EXIT.network);
  }

  /** Starts TLS; whom not to trust is told in GnuTLS-free OpenSSL words (src/openssl.c). */
  async #secure(target: Target, socket: TcpSocket): Promise<void> {
    const process = this.#process;
    const hello = { version: "TLSv1.3" as const, ...(isAddress(target.host) ? {} : { serverName: target.host }) };
    const shaken = startTls(socket.connection, hello);
    await process.sleep(Math.round(shaken.latency));
    if (shaken.outcome !== "established") {
      if (shaken.outcome === "not tls") await this.#log("OpenSSL: error:0A00010B:SSL routines::wrong version number\n");
      await this.#log("Unable to establish SSL connection.\n", true);
      throw new Failed(EXIT.ssl);
    }
    if (this.#given.has("noCheck")) return;
    const chain = shaken.session.serverChain.flatMap((pem) => {
      const parsed = parseCertificatesPem(pem);
      return "error" in parsed ? [] : parsed;
    });
    const path = this.#given.value("caCertificate") ?? "/etc/ssl/certs/ca-certificates.crt";
    const roots = readAuthorities(process.host, path.startsWith("/") ? path : `${process.cwd}/${path}`) ?? [];
    const [leaf] = chain;
    const problem = trustError(chain, roots, process.kernel.now);
    if (problem) {
      const issuer = leaf === undefined ? "" : `CN=${commonName(leaf.issuer)}`;
      const why = { 18: "Self-signed certificate encountered.", 19: "Self-signed certificate encountered.", 10: "Issued certificate has expired.", 9: "Issued certificate not yet valid." }[problem.code] ?? "Unable to locally verify the issuer's authority."; // prettier-ignore
      await this.#log(`ERROR: cannot verify ${target.host}'s certificate, issued by ‘${issuer}’:\n  ${why}\n`, true);
    }
    const wrong = leaf !== undefined && !isFor(leaf, target.host);
    if (wrong)
      await this.#log(
        `ERROR: no certificate subject alternative name matches\n\trequested host name ‘${target.host}’.\n`,
        true,
      );
    if (!problem && !wrong) return;
    await this.#log(`To connect to ${target.host} insecurely, use \`--no-check-certificate'.\n`, true);
    throw new Failed(EXIT.ssl);
  }

  /** The proxy that the environment names for this URL (url.c getproxy); a TLS connection through one is not simulated. */
  #proxyFor(target: Target): Target | undefined {
    if (this.#given.has("noProxy") || target.secure) return undefined;
    const { env } = this.#process;
    const text = env["http_proxy"];
    if (text === undefined || text === "") return undefined;
    const not = (env["no_proxy"] ?? "").split(",").map((name) => name.trim()).filter((name) => name !== ""); // prettier-ignore
    if (not.some((name) => target.host === name || target.host.endsWith(name.replace(/^\.?/, ".")))) return undefined;
    const proxy = parse(text);
    return typeof proxy === "string" ? undefined : proxy;
  }

  #credentials(target: Target): { readonly user: string; readonly password: string } | undefined {
    const user = this.#given.value("httpUser") ?? this.#given.value("user") ?? target.user?.split(":")[0];
    if (user === undefined) return undefined;
    const password = this.#given.value("httpPassword") ?? this.#given.value("password") ?? target.user?.split(":")[1];
    return { user, password: password ?? "" };
  }

  async #body(): Promise<Bytes | undefined> {
    const data = this.#given.value("postData") ?? this.#given.value("bodyData");
    if (data !== undefined) return encode(data);
    const file = this.#given.value("postFile") ?? this.#given.value("bodyFile");
    if (file === undefined) return undefined;
    try {
      return this.#process.host.files.read(file.startsWith("/") ? file : `${this.#process.cwd}/${file}`, this.#process);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.#log(`BODY data file ‘${file}’ missing: ${errorWords(this.#process.host, error.code)}\n`);
      throw new Failed(EXIT.file);
    }
  }

  async #head(target: Target, socket: TcpSocket, stream: ResponseStream, method: string): Promise<ResponseHead> {
    const custom = this.#given.values("header").map((line) => line.split(/:\s*/, 1)[0]!.toLowerCase());
    const host = `${target.host.includes(":") ? `[${target.host}]` : target.host}${target.explicitPort ? `:${target.port}` : ""}`;
    const body = method === "HEAD" ? undefined : await this.#body();
    const referer = this.#given.value("referer");
    const fields: [string, string][] = [
      ["Host", host],
      ["User-Agent", this.#given.value("userAgent") ?? `Wget/${version(this.#process)}`],
      ["Accept", "*/*"],
      ["Accept-Encoding", "identity"],
      ["Connection", "Keep-Alive"],
    ];
    if (referer !== undefined) fields.unshift(["Referer", referer]);
    const credentials = this.#authorize ? this.#credentials(target) : undefined;
    if (credentials) {
      const text = encode(`${credentials.user}:${credentials.password}`);
      fields.push(["Authorization", `Basic ${Buffer.from(text, "latin1").toString("base64")}`]);
    }
    if (body !== undefined)
      fields.push(["Content-Type", "application/x-www-form-urlencoded"], ["Content-Length", String(body.length)]);
    const lines = fields
      .filter(([name]) => !custom.includes(name.toLowerCase()))
      .map(([name, value]) => `${name}: ${value}`);
    const request = [
      `${method} ${this.#proxyFor(target) ? target.text : target.path} HTTP/1.1`,
      ...lines,
      ...this.#given.values("header"),
    ]
      .map((line) => `${encode(line)}\r\n`)
      .join("");
    try {
      await socket.write(this.#process, `${request}\r\n${body ?? ""}`);
      for (;;) {
        const head = await stream.head();
        if (head === "empty") {
          await this.#log("No data received.\n");
          throw new Failed(EXIT.network, true);
        }
        if (head === "not http") {
          await this.#log("200 No headers, assuming HTTP/0.9\n");
          throw new Failed(EXIT.protocol);
        }
        if (head.status !== 100) return head;
      }
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EINTR") throw error;
      await this.#log(`Read error (${error.message}) in headers.\n`);
      throw new Failed(EXIT.network, true);
    }
  }

  async #read(socket: TcpSocket): Promise<Bytes> {
    const bytes = await within(this.#process, this.#timeout, async () => socket.read(this.#process, 16_384));
    if (bytes !== TIMED_OUT) return bytes;
    await this.#log("Read error (Connection timed out) in headers.\n");
    throw new Failed(EXIT.network, true);
  }

  async #drain(stream: ResponseStream, method: string, head: ResponseHead): Promise<void> {
    for await (const _ of stream.body(method, head)) void _;
    if (!keepsOpen(head)) this.#drop();
  }

  async #save(target: Target, stream: ResponseStream, method: string, head: ResponseHead): Promise<void> {
    const process = this.#process;
    await this.#log(lengthLine(head));
    const name = this.#name(target);
    const prefix = this.#given.value("prefix");
    if (prefix !== undefined && this.#given.value("output") === undefined)
      tried(() => process.host.files.mkdir(prefix, { parents: true }, process));
    let output: OpenFile;
    try {
      output = name === "-" ? process.fds.get(1) : open(process.host, name, { write: true, truncate: true }, process);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.#log(
        `${name}: ${errorWords(process.host, error.code)}\n\nCannot write to ‘${name}’ (${errorWords(process.host, error.code)}).\n`,
        true,
      );
      throw new Failed(EXIT.file);
    }
    output.retain();
    await this.#log(`Saving to: ‘${name === "-" ? "STDOUT" : name}’\n\n`);
    const started = process.kernel.now;
    const length = field(head, "content-length");
    const total = length === undefined ? undefined : Number(length);
    const tty = this.#given.value("progress")?.startsWith("dot") ? undefined : process.fds.find(2)?.tty;
    const label = this.#given.value("output") ?? basename(name);
    const bar = (amount: number, time: number | undefined): string =>
      progressBar(label, amount, total, time, tty!.cols);
    if (tty && !this.#given.has("noVerbose")) await this.#log(bar(0, undefined));
    let done = 0;
    if (this.#given.has("saveHeaders"))
      await output.write(process, head.lines.map((line) => `${encode(line)}\r\n`).join("") + "\r\n");
    const body = stream.body(method, head);
    let missing = false;
    for (;;) {
      const step = await body.next();
      if (step.done) {
        missing = step.value.missing !== undefined;
        break;
      }
      await output.write(process, step.value);
      done += step.value.length;
    }
    output.drop();
    const span = process.kernel.now - started;
    if (!this.#given.has("noVerbose")) await this.#log(tty ? `${bar(done, span)}\n` : dotLines(done, total, span));
    const amount = total === undefined ? `[${done}]` : `[${done}/${total}]`;
    const rate = speed(done, span);
    const what = name === "-" ? `written to stdout ${amount}` : `‘${name}’ saved ${amount}`;
    if (missing) {
      await this.#log(`${this.#stamp()} (${rate}) - Connection closed at byte ${done}. `);
      throw new Failed(EXIT.network, true);
    }
    if (this.#given.has("noVerbose"))
      await this.#log(`${this.#stamp()} URL:${target.text} ${amount} -> "${name}" [1]\n`, true);
    else await this.#log(`\n${this.#stamp()} (${rate}) - ${what}\n\n`);
    if (!keepsOpen(head)) this.#drop();
  }

  /** `-O`, or the last part of the URL with a number if there is such a file already. */
  #name(target: Target): string {
    const given = this.#given.value("output");
    if (given !== undefined) return given;
    const name = this.#plainName(target);
    const at = (text: string): string => (text.startsWith("/") ? text : `${this.#process.cwd}/${text}`);
    if (!this.#process.host.files.exists(at(name))) return name;
    for (let number = 1; ; number++)
      if (!this.#process.host.files.exists(at(`${name}.${number}`))) return `${name}.${number}`;
  }

  #plainName(target: Target): string {
    const plain = target.path.replace(/^.*\//, "") || "index.html";
    const prefix = this.#given.value("prefix");
    return prefix === undefined || prefix === "." ? plain : `${prefix.replace(/\/$/, "")}/${plain}`;
  }

  #drop(): void {
    const { fds } = this.#process;
    for (const [fd, file] of fds.entries()) if (file === this.#open?.socket) fds.close(fd);
    this.#open = undefined;
  }

  /** A message; errors (`always`) are told by `-nv` as well. */
  async #log(text: string, always = false): Promise<void> {
    if (this.#given.has("quiet") || (this.#given.has("noVerbose") && !always)) return;
    await this.#process.error(text);
  }

  #stamp(): string {
    const { year, month, day, hour, minute, second } = calendar(this.#process.now);
    return `${year}-${pad(month, 2)}-${pad(day, 2)} ${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  }
}
