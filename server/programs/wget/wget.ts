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
import { parseOptions, type Options } from "../options.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import { NO_FLAGS, WGET_FLAGS } from "./options.ts";
import { dotLines, progressBar } from "./progress.ts";

const VERSION = "1.21.4";

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
      await process.print(`GNU Wget ${VERSION} built on linux-gnu.\n`);
      return 0;
    }
    if (given.has("help")) {
      await process.print(
        `GNU Wget ${VERSION}, a non-interactive network retriever.\nUsage: wget [OPTION]... [URL]...\n`,
      );
      return 0;
    }
    if (given.operands.length === 0) {
      await process.error(
        "wget: missing URL\nUsage: wget [OPTION]... [URL]...\n\nTry `wget --help' for more options.\n",
      );
      return 1;
    }
    return new Wget(process, given).run();
  },
};

type Given = Options<keyof typeof WGET_FLAGS>;

/** What a transfer ends the program with: exits.h. */
const EXIT = { generic: 1, file: 3, network: 4, ssl: 5, auth: 6, protocol: 7, server: 8 } as const;

/** A try that failed. `again`: another may do better. */
class Failed extends Error {
  readonly code: number;
  readonly again: boolean;

  constructor(code: number, again = false) {
    super();
    this.code = code;
    this.again = again;
  }
}

interface Target {
  readonly secure: boolean;
  readonly host: string;
  readonly port: number;
  readonly explicitPort: boolean;
  readonly path: string;
  readonly user: string | undefined;
  readonly text: string;
}

class Wget {
  readonly #process: Process;
  readonly #given: Given;
  readonly #tries: number;
  readonly #timeout: number;
  /** Open connections to their servers, for the next request. */
  #open: { readonly key: string; readonly socket: TcpSocket; readonly stream: ResponseStream } | undefined;

  constructor(process: Process, given: Given) {
    this.#process = process;
    this.#given = given;
    const tries = given.value("tries");
    this.#tries = tries === "inf" || tries === "0" ? Infinity : Number(tries ?? 20);
    const seconds = Number(given.value("timeout") ?? given.value("readTimeout") ?? 900);
    this.#timeout = seconds > 0 ? seconds * SECOND : Infinity;
  }

  async run(): Promise<number> {
    let code = 0;
    for (const url of this.#given.operands) {
      const got = await this.#download(url);
      if (got !== 0) code = code === 0 ? got : Math.min(code, got);
    }
    return code;
  }

  async #download(text: string): Promise<number> {
    if (this.#given.has("spider")) await this.#log("Spider mode enabled. Check if remote file exists.\n");
    let target = parse(text);
    if (typeof target === "string") {
      await this.#process.error(`${text}: ${target}.\n`);
      return EXIT.generic;
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
      } catch (error) {
        if (!(error instanceof Failed)) throw error;
        this.#drop();
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
    await this.#log("HTTP request sent, awaiting response... ");
    const method = this.#given.has("spider")
      ? "HEAD"
      : this.#body() === undefined
        ? (this.#given.value("method") ?? "GET")
        : "POST";
    const head = await this.#head(target, socket, stream, method);
    if (!this.#given.has("serverResponse")) await this.#log(`${head.status} ${head.reason}\n`);
    else await this.#log(`\n${head.lines.map((line) => `  ${line}\n`).join("")}`);
    const location = head.status >= 300 && head.status < 400 ? field(head, "location") : undefined;
    if (location !== undefined) {
      await this.#drain(stream, method, head);
      await this.#log(`Location: ${location} [following]\n`);
      return location;
    }
    if (head.status === 401) {
      await this.#log("\nUsername/Password Authentication Failed.\n");
      throw new Failed(EXIT.auth);
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
      return undefined;
    }
    await this.#save(target, stream, method, head);
    return undefined;
  }

  async #connection(target: Target): Promise<{ socket: TcpSocket; stream: ResponseStream }> {
    const key = `${target.host}:${target.port}`;
    const open = this.#open;
    if (open?.key === key && !open.socket.readable) {
      await this.#log(`Reusing existing connection to ${key}.\n`);
      return open;
    }
    this.#drop();
    const process = this.#process;
    const addresses = await this.#resolve(target.host);
    const numeric = numericAddress(target.host) !== undefined;
    const wait = Number(this.#given.value("connectTimeout") ?? this.#given.value("timeout") ?? 0) * SECOND || Infinity;
    for (const address of addresses) {
      const place = address.includes(":") ? `[${address}]` : address;
      await this.#log(
        `Connecting to ${numeric ? place : `${target.host} (${target.host})|${place}|`}:${target.port}... `,
      );
      let words: string;
      try {
        const socket = await within(process, wait, () => connectTcp(process, { to: address, port: target.port }));
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
    await this.#log(`Resolving ${host} (${host})... `);
    const family: Family | undefined = this.#given.has("four") ? 4 : this.#given.has("six") ? 6 : undefined;
    const found = await getaddrinfo(this.#process, host, family);
    if (found.failure === undefined) {
      const shown = found.addresses.slice(0, 3).join(", ");
      await this.#log(`${shown}${found.addresses.length > 3 ? ", ..." : ""}\n`);
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

  #body(): Bytes | undefined {
    const data = this.#given.value("postData") ?? this.#given.value("bodyData");
    if (data !== undefined) return encode(data);
    const file = this.#given.value("postFile") ?? this.#given.value("bodyFile");
    if (file === undefined) return undefined;
    return this.#process.host.files.read(file.startsWith("/") ? file : `${this.#process.cwd}/${file}`, this.#process);
  }

  async #head(target: Target, socket: TcpSocket, stream: ResponseStream, method: string): Promise<ResponseHead> {
    const custom = this.#given.values("header").map((line) => line.split(/:\s*/, 1)[0]!.toLowerCase());
    const host = `${target.host.includes(":") ? `[${target.host}]` : target.host}${target.explicitPort ? `:${target.port}` : ""}`;
    const body = method === "HEAD" ? undefined : this.#body();
    const fields: [string, string][] = [
      ["Host", host],
      ["User-Agent", this.#given.value("userAgent") ?? `Wget/${VERSION}`],
      ["Accept", "*/*"],
      ["Accept-Encoding", "identity"],
      ["Connection", "Keep-Alive"],
    ];
    const user = this.#given.value("user") ?? target.user?.split(":")[0];
    const password = this.#given.value("password") ?? target.user?.split(":")[1] ?? "";
    if (user !== undefined)
      fields.push([
        "Authorization",
        `Basic ${Buffer.from(encode(`${user}:${password}`), "latin1").toString("base64")}`,
      ]);
    if (body !== undefined)
      fields.push(["Content-Type", "application/x-www-form-urlencoded"], ["Content-Length", String(body.length)]);
    const lines = fields
      .filter(([name]) => !custom.includes(name.toLowerCase()))
      .map(([name, value]) => `${name}: ${value}`);
    const request = [`${method} ${target.path} HTTP/1.1`, ...lines, ...this.#given.values("header")]
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
    const tty = process.fds.find(2)?.tty;
    const label = this.#given.value("output") ?? basename(name);
    const bar = (amount: number, time: number | undefined): string =>
      progressBar(label, amount, total, time, tty!.cols);
    if (tty && !this.#given.has("noVerbose")) await this.#log(bar(0, undefined));
    let done = 0;
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
    const plain = target.path.replace(/^.*\//, "") || "index.html";
    const prefix = this.#given.value("prefix");
    const name = prefix === undefined || prefix === "." ? plain : `${prefix.replace(/\/$/, "")}/${plain}`;
    const at = (text: string): string => (text.startsWith("/") ? text : `${this.#process.cwd}/${text}`);
    if (!this.#process.host.files.exists(at(name))) return name;
    for (let number = 1; ; number++)
      if (!this.#process.host.files.exists(at(`${name}.${number}`))) return `${name}.${number}`;
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

/** Where a redirect leads, seen from where it came. */
class Location {
  readonly text: string;

  constructor(from: Target, location: string) {
    const origin = /^[a-z]+:\/\/[^/]*/i.exec(from.text)![0];
    if (/^[a-z]+:\/\//i.test(location)) this.text = location;
    else if (location.startsWith("/")) this.text = origin + location;
    else this.text = `${origin}${from.path.replace(/[^/]*$/, "")}${location}`;
  }
}

/** A URL; without a scheme it is http. What is wrong with it, in url.c's words. */
function parse(text: string): Target | string {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") return `Unsupported scheme ‘${scheme}’`;
  const rest = scheme === undefined ? text : text.slice(scheme.length + 3);
  const [, authority, path] = /^([^/?#]*)([^#]*)/s.exec(rest)!;
  const at = authority!.lastIndexOf("@");
  const place = authority!.slice(at + 1);
  const match = place.startsWith("[") ? /^\[([^\]]*)\](?::(.*))?$/.exec(place) : /^([^:]*)(?::(.*))?$/.exec(place);
  if (!match || match[1] === "") return "Invalid host name";
  if (match[2] !== undefined && match[2] !== "" && !/^\d{1,5}$/.test(match[2])) return "Bad port number";
  const secure = scheme === "https";
  const usual = secure ? 443 : 80;
  const port = match[2] ? Number(match[2]) : usual;
  if (port > 65_535) return "Bad port number";
  const target = path!.startsWith("/") ? path! : `/${path!}`;
  const shown = `${secure ? "https" : "http"}://${place}${target}`;
  return {
    secure,
    host: match[1]!,
    port,
    explicitPort: port !== usual,
    path: target,
    user: at < 0 ? undefined : authority!.slice(0, at),
    text: shown,
  };
}

function lengthLine(head: ResponseHead): string {
  const length = field(head, "content-length");
  const type = field(head, "content-type")?.split(";")[0]!.trim();
  const kind = type === undefined ? "" : ` [${type}]`;
  if (length === undefined) return `Length: unspecified${kind}\n`;
  const human = Number(length) < 1024 ? "" : ` (${humanSize(Number(length))})`;
  return `Length: ${length}${human}${kind}\n`;
}

function humanSize(bytes: number): string {
  const units = ["K", "M", "G", "T"];
  let value = bytes / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)}${units[unit]!}`;
}

function speed(bytes: number, span: number): string {
  const perSecond = (bytes * SECOND) / Math.max(span, 1);
  const units = ["B/s", "KB/s", "MB/s", "GB/s"];
  let value = perSecond;
  let unit = 0;
  while (value >= 1024 && unit < 3) {
    value /= 1024;
    unit++;
  }
  return `${value >= 99.95 ? Math.round(value) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2)} ${units[unit]!}`;
}
