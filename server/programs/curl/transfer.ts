import { SECOND, type Bytes, type Time } from "../../sim/kernel/index.ts";
import { Errno, type OpenFile, type Process } from "../../sim/host/index.ts";
import { field, keepsOpen, type ResponseHead } from "../http/response-stream.ts";
import { waitFor } from "../sockets/relay.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import type { CookieJar } from "./cookies.ts";
import { isReset, milliseconds } from "./connect.ts";
import { requireAllowed } from "./allowed-scheme.ts";
import { unpack } from "./content-encoding.ts";
import { copyFile } from "./file-url.ts";
import { showHead } from "./head-output.ts";
import { asHttp2 } from "./http2-head.ts";
import { CurlFailure } from "./failure.ts";
import { closingWords, openLink } from "./link.ts";
import { relayTelnet } from "./telnet.ts";
import type { CurlArguments } from "./options.ts";
import type { Destination } from "./output.ts";
import type { Link, Pool } from "./pool.ts";
import { Progress, type Amounts } from "./progress.ts";
import { buildRequest, type BuiltRequest, type RequestBody } from "./request.ts";
import type { Overrides } from "./resolve.ts";
import { follow, NotSimulated, parseUrl, urlText, type CurlUrl } from "./url.ts";
import { tellTickets } from "./tickets.ts";
import type { Verbose } from "./verbose.ts";
import type { CurlVersion } from "./version.ts";
import type { TransferFacts } from "./write-out.ts";

export interface TransferOptions {
  readonly process: Process;
  readonly args: CurlArguments;
  readonly version: CurlVersion;
  readonly verbose: Verbose;
  readonly overrides: Overrides;
  readonly pool: Pool;
  readonly body: RequestBody | undefined;
  readonly destination: Destination;
  /** `-D`: where heads go besides. */
  readonly headDump: OpenFile | undefined;
  readonly showsProgress: boolean;
  readonly firstProgress: boolean;
  readonly facts: TransferFacts;
  /** Texts of `-H`. */
  readonly custom: readonly string[];
  /** Where a download goes on (`-C`). */
  readonly resumeFrom: number;
  readonly jar: CookieJar | undefined;
}

/** One transfer of a URL with all its redirects. Throws CurlFailure. */
export class Transfer {
  readonly #options: TransferOptions;
  readonly #started: Time;
  readonly #deadline: Time;
  readonly #amounts: Amounts = { downloaded: 0, downloadSize: undefined, uploaded: 0, uploadSize: 0 };
  readonly #progress: Progress | undefined;
  /** When the present request of the chain of redirects began. */
  #requestStarted: Time;

  constructor(options: TransferOptions) {
    this.#options = options;
    const { process, args } = options;
    this.#started = this.#requestStarted = process.kernel.now;
    this.#deadline = args.value("max-time")
      ? this.#started + args.number("max-time", 0) * SECOND || Infinity
      : Infinity;
    if (options.showsProgress)
      this.#progress = new Progress(
        process,
        args.has("progress-bar"),
        this.#started,
        this.#amounts,
        options.firstProgress,
        options.resumeFrom,
      );
  }

  async run(text: string): Promise<void> {
    const { facts, process, args, version, destination } = this.#options;
    for (const name of ["speed-limit", "speed-time"])
      if (args.value(name) !== undefined) throw new NotSimulated(`'--${name}'`);
    this.#progress?.start();
    try {
      const parsed = parseUrl(text, version, args.value("proto-default"), args.has("path-as-is"));
      const added = args.values("url-query").map((part) => (part.startsWith("+") ? part.slice(1) : part));
      const url = added.length > 0 ? { ...parsed, query: [parsed.query, ...added].filter(Boolean).join("&") } : parsed;
      requireAllowed(url.scheme, args.value("proto"), version);
      if (url.scheme === "file") {
        const headOnly = args.has("head");
        const size = await copyFile(process, url.path, destination, headOnly);
        facts.resolved = true;
        facts.effectiveUrl = `file://${url.path}`;
        this.#amounts.downloadSize = size;
        this.#amounts.downloaded = headOnly ? 0 : size;
      } else if (url.scheme === "telnet") await this.#telnet(url);
      else await this.#follow(url);
    } finally {
      facts.times.total = process.kernel.now - this.#started;
      facts.downloaded = this.#amounts.downloaded;
      facts.uploaded = this.#amounts.uploaded;
      if (facts.connects > 0 || facts.resolved) this.#progress?.finish();
      else this.#progress?.stop();
      await destination.finish(facts.head !== undefined);
    }
  }

  async #follow(first: CurlUrl): Promise<void> {
    const { args, facts, version, verbose } = this.#options;
    const { body } = this.#options;
    let method = args.value("request") ?? (args.has("head") ? "HEAD" : body && !args.has("get") ? body.method : "GET");
    let sent = args.has("get") ? undefined : body;
    let url =
      args.has("get") && body ? { ...first, query: [first.query, body.bytes].filter((part) => part).join("&") } : first;
    const most = args.number("max-redirs", 50);
    for (;;) {
      facts.effectiveUrl = urlText(url);
      facts.scheme = version.isAtLeast("8.1") ? url.scheme : url.scheme.toUpperCase();
      facts.method = method;
      const sameHost = url.host === first.host && url.port === first.port && url.scheme === first.scheme;
      const head = await this.#exchange(url, method, sent, sameHost);
      const location = head.status >= 300 && head.status < 400 ? field(head, "location") : undefined;
      if (location === undefined) return;
      const next = follow(url, location);
      if (!args.has("location") && !args.has("location-trusted")) {
        facts.redirectUrl = next;
        return;
      }
      if (most >= 0 && facts.redirects >= most) {
        facts.redirectUrl = next;
        throw new CurlFailure(47, `Maximum (${most}) redirects followed`);
      }
      facts.redirects++;
      await verbose.info(`Issue another request to this URL: '${next}'`);
      url = parseUrl(next, version, undefined, args.has("path-as-is"));
      requireAllowed(url.scheme, args.value("proto-redir") ?? "=http,https,ftp,ftps", version);
      this.#requestStarted = this.#options.process.kernel.now;
      facts.times.redirect = this.#requestStarted - this.#started;
      const keeps = { 301: "post301", 302: "post302", 303: "post303" }[head.status];
      const becomesGet =
        keeps !== undefined && !args.has(keeps) && method !== "HEAD" && (method === "POST" || head.status === 303);
      if (becomesGet && sent) {
        sent = undefined;
        method = args.value("request") ?? "GET";
        await verbose.info("Switch from POST to GET");
      }
    }
  }

  /** One request and its response. */
  async #exchange(
    url: CurlUrl,
    method: string,
    body: RequestBody | undefined,
    sameHost: boolean,
  ): Promise<ResponseHead> {
    const { args, version, pool, facts, verbose, custom, resumeFrom } = this.#options;
    Object.assign(this.#amounts, { downloaded: 0, downloadSize: undefined, uploaded: 0, uploadSize: 0 });
    this.#progress?.resume();
    const { link, reused } = await this.#link(url);
    const h2 = link.secured?.session.alpn === "h2";
    const request = buildRequest(args, version, url, method, body, sameHost, {
      custom,
      resumeFrom,
      proxied: link.proxied,
      cookies: this.#options.jar?.fieldFor(url, this.#options.process.kernel.now),
    });
    const pretransfer = this.#options.process.kernel.now - this.#requestStarted;
    facts.times.pretransfer = pretransfer + facts.times.redirect;
    await this.#tellProtocol(url, link, reused, request);
    const scheme = args.value("oauth2-bearer") === undefined ? "Basic" : "Bearer";
    if (args.value("oauth2-bearer") !== undefined || ((args.value("user") ?? url.user) !== undefined && sameHost))
      await verbose.info(
        `Server auth using ${scheme} with user '${(args.value("user") ?? url.user ?? "").split(":")[0]!}'`,
      );
    const early = await this.#send(link, request, h2);
    const head = await this.#response(url, link, args.has("head") ? "HEAD" : "GET", h2, early);
    this.#progress?.finish();
    if (keepsOpen(head) && !link.stream.ended) {
      pool.put(link);
      await verbose.info(`Connection #${link.number} to host ${link.shownHost} left intact`);
    } else await this.#close(link);
    if (args.has("fail-with-body") && head.status >= 400)
      throw new CurlFailure(22, `The requested URL returned error: ${head.status}`);
    return head;
  }

  /** A connection to the URL's host: one that is open already, or a new one. */
  #link(url: CurlUrl): Promise<{ link: Link; reused: boolean }> {
    return openLink(
      {
        ...this.#options,
        started: this.#started,
        requestStarted: this.#requestStarted,
        deadline: this.#deadline,
        timed: (work) => this.#timed(work),
      },
      url,
    );
  }

  async #tellProtocol(url: CurlUrl, link: Link, reused: boolean, request: BuiltRequest): Promise<void> {
    const { version, verbose } = this.#options;
    if (link.secured?.session.alpn === "h2") {
      if (!reused) await verbose.info("using HTTP/2");
      const stream = 1;
      const own: [string, string][] = [[":method", request.method], [":scheme", url.scheme], [":authority", request.fields[0]![1]], [":path", request.target]]; // prettier-ignore
      await verbose.info(`[HTTP/2] [${stream}] OPENED stream for ${urlText(url)}`);
      for (const [name, value] of [...own, ...request.fields.slice(1)])
        await verbose.info(`[HTTP/2] [${stream}] [${name.toLowerCase()}: ${value}]`);
      return;
    }
    if (reused || (!link.secured && !version.isAtLeast("8.10"))) return;
    await verbose.info(`using HTTP/1.${version.isAtLeast("8.0") ? "x" : "1"}`);
  }

  /** Sends a request. A response that comes instead of leave to send the body is returned. */
  async #send(link: Link, request: BuiltRequest, h2: boolean): Promise<ResponseHead | undefined> {
    const { verbose, version, facts } = this.#options;
    const { method, target, fields, body } = request;
    const lines = fields.map(([name, value]) => `${name}:${value === "" ? "" : ` ${value}`}\r\n`).join("");
    const head = `${method} ${target} ${request.version}\r\n${lines}\r\n`;
    await verbose.sent(head, h2 ? `${method} ${target} HTTP/2\r\n${lines}\r\n` : head);
    facts.requestSize += head.length;
    this.#amounts.uploadSize = fields.some(([name]) => name === "Transfer-Encoding") ? undefined : body.length;
    let early: ResponseHead | undefined;
    if (request.asks) {
      await this.#write(link, head);
      await this.#tellTickets(link);
      early = await this.#leave(link);
      if (early) return early;
    }
    if (body !== "") await verbose.data("}", request.apart ? body.slice(0, UPLOAD_BUFFER) : body);
    if (request.apart && !version.isAtLeast("8.7") && body !== "")
      await verbose.info(
        /\r\n0\r\n\r\n$|^0\r\n\r\n$/.test(body) && fields.some(([name]) => name === "Transfer-Encoding")
          ? "Signaling end of chunked upload via terminating chunk."
          : "We are completely uploaded and fine",
      );
    if (version.isAtLeast("8.7"))
      await verbose.info(
        body === "" ? "Request completely sent off" : `upload completely sent off: ${body.length} bytes`,
      );
    await this.#write(link, request.asks ? body : head + body);
    this.#amounts.uploaded += body.length;
    await this.#tellTickets(link);
    return undefined;
  }

  async #write(link: Link, bytes: Bytes): Promise<void> {
    const { process } = this.#options;
    if (bytes === "") return;
    try {
      await this.#timed(async () => link.socket.write(process, bytes));
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EINTR") throw error;
      await this.#close(link);
      throw new CurlFailure(55, `Send failure: ${error.message}`);
    }
  }

  async #tellTickets(link: Link): Promise<void> {
    const { verbose, version } = this.#options;
    if (link.secured?.session.version !== "TLSv1.3" || link.ticketsSeen) return;
    link.ticketsSeen = true;
    await tellTickets(verbose, version);
  }

  /** Waits a second for `100 Continue`; a final response means that the body is not wanted. */
  async #leave(link: Link): Promise<ResponseHead | undefined> {
    const { process, verbose } = this.#options;
    if (!link.stream.waits && !link.socket.readable && !(await waitFor(process, [link.socket], SECOND))) {
      await verbose.info("Done waiting for 100-continue");
      return undefined;
    }
    const head = await this.#head(link);
    if (head.status >= 200) return head;
    await showHead(this.#options, head, true);
    return undefined;
  }

  async #response(
    url: CurlUrl,
    link: Link,
    method: string,
    h2: boolean,
    early: ResponseHead | undefined,
  ): Promise<ResponseHead> {
    const { args, facts, verbose, version, process, jar } = this.#options;
    for (let got = early; ; got = undefined) {
      const head = got ?? (await this.#head(link));
      facts.times.starttransfer ||= process.kernel.now - this.#started;
      const shown = h2 ? asHttp2(head) : head;
      facts.head = shown;
      facts.httpVersion = h2 ? "2" : head.version.slice(5);
      const length = field(head, "content-length");
      this.#amounts.downloadSize = length === undefined ? undefined : Number(length);
      const fails = args.has("fail") && head.status >= 400 && !args.has("fail-with-body");
      await showHead(this.#options, shown, fails || (head.status < 200 && head.status !== 101));
      if (head.status >= 100 && head.status < 200 && head.status !== 101) continue;
      const ignored = this.#isFollowed(head);
      if (fails) {
        await verbose.info(`The requested URL returned error: ${head.status}`);
        await this.#close(link);
        throw new CurlFailure(22, `The requested URL returned error: ${head.status}`);
      }
      jar?.take(url, head, process.kernel.now);
      await this.#checkSize(link);
      if (ignored && this.#amounts.uploaded > 0 && !version.isAtLeast("8.7"))
        await verbose.info("Please rewind output before next send");
      if (ignored && method !== "HEAD") await verbose.info("Ignoring the response-body");
      if (await this.#isComplete(head)) return head;
      await this.#body(link, method, head, ignored);
      return head;
    }
  }

  /** `--max-filesize` */
  async #checkSize(link: Link): Promise<void> {
    const { args } = this.#options;
    const most = args.number("max-filesize", 0);
    if (most <= 0 || (this.#amounts.downloadSize ?? 0) <= most) return;
    await this.#close(link);
    throw new CurlFailure(63);
  }

  /** `-C` at the end of a file that is complete: a server that sends all of it is not read. */
  async #isComplete(head: ResponseHead): Promise<boolean> {
    const { resumeFrom, verbose } = this.#options;
    if (resumeFrom === 0 || head.status === 206 || head.status >= 300) return false;
    if (this.#amounts.downloadSize !== resumeFrom)
      throw new CurlFailure(33, "HTTP server doesn't seem to support byte ranges. Cannot resume.");
    await verbose.info("The entire document is already downloaded");
    return true;
  }

  #isFollowed(head: ResponseHead): boolean {
    const { args } = this.#options;
    const follows = args.has("location") || args.has("location-trusted");
    return follows && head.status >= 300 && head.status < 400 && field(head, "location") !== undefined;
  }

  async #head(link: Link): Promise<ResponseHead> {
    const { verbose } = this.#options;
    let head;
    try {
      head = await link.stream.head();
    } catch (error) {
      if (isReset(error)) {
        await verbose.info("Recv failure: Connection reset by peer");
        await this.#close(link);
        throw new CurlFailure(56, "Recv failure: Connection reset by peer");
      }
      if (error instanceof CurlFailure) await this.#close(link);
      throw error;
    }
    if (typeof head !== "string") return head;
    if (head === "empty") {
      await verbose.info("Empty reply from server");
      await this.#close(link);
      throw new CurlFailure(52);
    }
    await verbose.info("Received HTTP/0.9 when not allowed");
    await this.#close(link);
    throw new CurlFailure(1, "Received HTTP/0.9 when not allowed");
  }

  async #body(link: Link, method: string, head: ResponseHead, ignored: boolean): Promise<void> {
    const { args, verbose, version } = this.#options;
    const encoding = args.has("compressed") ? field(head, "content-encoding")?.toLowerCase() : undefined;
    let packed = "";
    const body = link.stream.body(method, head);
    try {
      for (;;) {
        const step = await body.next();
        if (step.done) {
          const { missing, malformed } = step.value;
          if (malformed) throw new CurlFailure(56, "Illegal or missing hexadecimal sequence in chunked-encoding");
          if (missing === undefined) break;
          const words =
            missing > 0
              ? `transfer closed with ${missing} bytes remaining to read`
              : "transfer closed with outstanding read data remaining";
          await verbose.info(words);
          throw new CurlFailure(
            18,
            version.isAtLeast("8.8") && missing > 0 ? `end of response with ${missing} bytes missing` : words,
          );
        }
        const piece = step.value;
        this.#amounts.downloaded += piece.length;
        await verbose.data("{", piece);
        if (ignored) continue;
        await this.#slow();
        if (encoding !== undefined) packed += piece;
        else await this.#put(piece);
      }
      if (encoding !== undefined) await this.#put(unpack(packed, encoding));
    } catch (error) {
      const failure = isReset(error) ? new CurlFailure(56, "Recv failure: Connection reset by peer") : error;
      if (failure instanceof CurlFailure) {
        if (isReset(error)) await verbose.info(failure.message);
        await this.#close(link);
      }
      throw failure;
    }
  }

  /** `--limit-rate`: waits until what has come may have come. */
  async #slow(): Promise<void> {
    const { args, process } = this.#options;
    const [, digits, unit = ""] = /^(\d+)([bkmgtp]?)$/i.exec(args.value("limit-rate") ?? "") ?? [];
    const rate = Number(digits ?? 0) * 1024 ** "bkmgtp".indexOf(unit.toLowerCase() || "b");
    if (rate === 0) return;
    // The first second's worth comes at once (Curl_pgrsLimitWaitTime).
    const due = this.#requestStarted + ((this.#amounts.downloaded - rate) / rate) * SECOND;
    if (due > process.kernel.now) await this.#timed(() => process.sleep(due - process.kernel.now));
  }

  async #put(bytes: Bytes): Promise<void> {
    const { destination, verbose, version } = this.#options;
    if (await destination.put(bytes)) return;
    await verbose.info(
      version.isAtLeast("8.9")
        ? `client returned ERROR on write, ${bytes.length} bytes`
        : "Failure writing output to destination",
    );
    throw new CurlFailure(23);
  }

  async #timed<T>(work: () => Promise<T>): Promise<T> {
    const { process, verbose } = this.#options;
    const result = await within(process, this.#deadline - process.kernel.now, work);
    if (result !== TIMED_OUT) return result;
    const { downloaded, downloadSize } = this.#amounts;
    const of = downloadSize === undefined ? `${downloaded}` : `${downloaded} out of ${downloadSize}`;
    const words = `Operation timed out after ${milliseconds(process, this.#started)} milliseconds with ${of} bytes received`;
    await verbose.info(words);
    throw new CurlFailure(28, words);
  }

  async #close(link: Link): Promise<void> {
    const { process, verbose, version } = this.#options;
    await verbose.info(closingWords(version, link.number));
    for (const [fd, file] of process.fds.entries()) if (file === link.socket) process.fds.close(fd);
  }

  async #telnet(url: CurlUrl): Promise<void> {
    const { process, destination } = this.#options;
    const { link } = await this.#link(url);
    await this.#timed(() => relayTelnet(process, link.socket, (bytes) => destination.put(bytes)));
    await this.#close(link);
  }
}

/** What of a body is handed over at once (CURL_MAX_WRITE_SIZE). */
const UPLOAD_BUFFER = 65_536;
