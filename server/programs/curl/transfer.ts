import { gunzipSync, inflateSync } from "node:zlib";
import { fromUint8Array, SECOND, toUint8Array, type Bytes, type Time } from "../../sim/kernel/index.ts";
import { Errno, type OpenFile, type Process } from "../../sim/host/index.ts";
import { field, keepsOpen, ResponseStream, type ResponseHead } from "../http/response-stream.ts";
import { TIMED_OUT, within } from "../sockets/within.ts";
import { dial, isReset, milliseconds } from "./connect.ts";
import { CurlFailure } from "./failure.ts";
import { relayTelnet } from "./telnet.ts";
import type { CurlArguments } from "./options.ts";
import type { Destination } from "./output.ts";
import type { Link, Pool } from "./pool.ts";
import { Progress, type Amounts } from "./progress.ts";
import { buildRequest, type BuiltRequest, type RequestBody } from "./request.ts";
import type { Overrides } from "./resolve.ts";
import { secure } from "./tls.ts";
import { follow, parseUrl, urlText, type CurlUrl } from "./url.ts";
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
      );
  }

  async run(text: string): Promise<void> {
    const { facts, process, args, version, destination } = this.#options;
    this.#progress?.start();
    try {
      const url = parseUrl(text, version, args.value("proto-default"));
      if (url.scheme === "file") await this.#file(url);
      else if (url.scheme === "telnet") await this.#telnet(url);
      else await this.#follow(url);
    } finally {
      facts.times.total = process.kernel.now - this.#started;
      facts.downloaded = this.#amounts.downloaded;
      facts.uploaded = this.#amounts.uploaded;
      this.#progress?.finish();
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
      url = parseUrl(next, version);
      this.#requestStarted = this.#options.process.kernel.now;
      facts.times.redirect = this.#requestStarted - this.#started;
      const keeps = { 301: "post301", 302: "post302", 303: "post303" }[head.status];
      const becomesGet =
        keeps !== undefined && !args.has(keeps) && method !== "HEAD" && (method === "POST" || head.status === 303);
      if (becomesGet && sent) {
        sent = undefined;
        method = args.value("request") ?? "GET";
        if (args.value("request") === undefined) await verbose.info("Switch from POST to GET");
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
    const { args, version, pool, facts, verbose } = this.#options;
    const { link, reused } = await this.#link(url);
    const h2 = link.secured?.session.alpn === "h2";
    const request = buildRequest(args, version, url, method, body, sameHost);
    const pretransfer = this.#options.process.kernel.now - this.#requestStarted;
    facts.times.pretransfer = pretransfer + facts.times.redirect;
    await this.#tellProtocol(url, link, reused, request);
    await this.#send(link, request, h2);
    const head = await this.#response(link, method, h2);
    if (keepsOpen(head) && !link.stream.ended) {
      pool.put(link);
      await verbose.info(`Connection #${link.number} to host ${url.host} left intact`);
    } else await this.#close(link);
    return head;
  }

  /** A connection to the URL's host: one that is open already, or a new one. */
  async #link(url: CurlUrl): Promise<{ link: Link; reused: boolean }> {
    const { process, args, version, verbose, pool, facts, overrides } = this.#options;
    const key = `${url.scheme}://${url.host}:${url.port}`;
    const open = pool.take(key);
    if (open) {
      if (!version.isAtLeast("8.7")) {
        await verbose.info(`Found bundle for host: 0x${process.kernel.random.hex("curl/bundle", 12)} [serially]`);
        await verbose.info("Can not multiplex, even if we wanted to");
      }
      const which = version.isAtLeast("8.0") ? "" : ` #${open.number}`;
      await verbose.info(
        `Re-using existing ${version.isAtLeast("8.12") ? `${url.scheme}: ` : ""}connection${which} with host ${url.host}`,
      );
      return { link: open, reused: true };
    }
    const number = pool.next();
    const closing = (): Promise<void> => verbose.info(closingWords(version, number));
    try {
      const started = this.#requestStarted;
      const since = (): number => process.kernel.now - this.#started;
      const socket = await dial(
        {
          process,
          args,
          version,
          verbose,
          overrides,
          started,
          deadline: this.#deadline,
          resolved: () => (facts.times.namelookup = since()),
        },
        url,
      );
      process.fds.add(socket, 3);
      facts.connects++;
      facts.times.connect = since();
      const { remote, local } = socket.connection;
      [facts.remote, facts.local] = [remote, local];
      const stream = new ResponseStream(() => this.#read(() => socket.read(process, 16_384)));
      const link: Link = { key, number, socket, stream, secured: undefined };
      await verbose.info(
        `Connected to ${url.host} (${remote.address}) port ${remote.port}${version.isAtLeast("8.0") ? "" : ` (#${number})`}`,
      );
      if (url.scheme !== "https") return { link, reused: false };
      const secured = await this.#timed(() => secure({ process, args, version, verbose }, socket, url));
      facts.verifyResult = secured.verifyResult;
      facts.times.appconnect = since();
      return { link: { ...link, secured }, reused: false };
    } catch (error) {
      if (error instanceof CurlFailure) await closing();
      throw error;
    }
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

  async #send(link: Link, request: BuiltRequest, h2: boolean): Promise<void> {
    const { process, verbose, version, facts } = this.#options;
    const { method, target, fields, body } = request;
    const lines = [`${method} ${target} ${request.version}`, ...fields.map(([name, value]) => `${name}:${value === "" ? "" : ` ${value}`}`)]; // prettier-ignore
    await verbose.sent(`${method} ${target} ${h2 ? "HTTP/2" : request.version}`);
    for (const line of [...lines.slice(1), ""]) await verbose.sent(line);
    const head = `${lines.join("\r\n")}\r\n\r\n`;
    facts.requestSize += head.length;
    this.#amounts.uploadSize = body.length;
    if (body !== "") await verbose.data("}", body.length);
    if (version.isAtLeast("8.7"))
      await verbose.info(
        body === "" ? "Request completely sent off" : `upload completely sent off: ${body.length} bytes`,
      );
    try {
      await this.#timed(() => link.socket.write(process, head + body));
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EINTR") throw error;
      await this.#close(link);
      throw new CurlFailure(55, `Send failure: ${error.message}`);
    }
    this.#amounts.uploaded += body.length;
    if (link.secured?.session.version === "TLSv1.3" && !link.ticketsSeen) {
      link.ticketsSeen = true;
      for (let ticket = 0; ticket < 2; ticket++)
        await verbose.info("TLSv1.3 (IN), TLS handshake, Newsession Ticket (4):");
      if (!version.isAtLeast("8.6")) await verbose.info("old SSL session ID is stale, removing");
    }
  }

  async #response(link: Link, method: string, h2: boolean): Promise<ResponseHead> {
    const { args, facts, verbose, process } = this.#options;
    for (;;) {
      const head = await this.#head(link);
      facts.times.starttransfer ||= process.kernel.now - this.#started;
      const shown = h2 ? asHttp2(head) : head;
      facts.head = shown;
      facts.httpVersion = h2 ? "2" : head.version.slice(5);
      const length = field(head, "content-length");
      this.#amounts.downloadSize = length === undefined ? undefined : Number(length);
      await this.#showHead(shown);
      if (head.status >= 100 && head.status < 200 && head.status !== 101) continue;
      const ignored = this.#isFollowed(head);
      if (args.has("fail") && head.status >= 400 && !args.has("fail-with-body")) {
        await this.#close(link);
        throw new CurlFailure(22, `The requested URL returned error: ${head.status}`);
      }
      if (ignored && method !== "HEAD") await verbose.info("Ignoring the response-body");
      await this.#body(link, method, head, ignored);
      if (args.has("fail-with-body") && head.status >= 400)
        throw new CurlFailure(22, `The requested URL returned error: ${head.status}`);
      return head;
    }
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

  /** A response's head, to the trace, to `-D`, and to the output of `-i` and `-I`, there with bold names on a terminal. */
  async #showHead(head: ResponseHead): Promise<void> {
    const { args, verbose, destination, headDump, process, facts } = this.#options;
    const include = args.has("include") || args.has("show-headers") || args.has("head");
    const styled = destination.isTty && !args.isOff("styled-output");
    for (const line of [...head.lines, ""]) {
      // The empty line is told of behind what it writes (Curl_http_readwrite_headers).
      if (line !== "") await verbose.received(line);
      facts.headerSize += line.length + 2;
      await headDump?.write(process, `${line}\r\n`);
      if (include) await this.#include(line, styled && line !== head.lines[0]);
      if (line === "") await verbose.received("");
    }
  }

  async #include(line: Bytes, styled: boolean): Promise<void> {
    const colon = line.indexOf(":");
    const shown = styled && colon > 0 ? `\x1b[1m${line.slice(0, colon)}\x1b[0m${line.slice(colon)}` : line;
    if (!(await this.#options.destination.put(`${shown}\r\n`))) throw new CurlFailure(23);
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
        this.#amounts.downloaded += ignored ? 0 : piece.length;
        if (ignored) continue;
        await verbose.data("{", piece.length);
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

  /** Reads what a server sends, up to the end of `--max-time`. */
  async #read(read: () => Bytes | Promise<Bytes>): Promise<Bytes> {
    return this.#timed(async () => read());
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

  async #file(url: CurlUrl): Promise<void> {
    const { process, destination, facts } = this.#options;
    const bytes = process.host.files.exists(url.path, process) ? process.host.files.read(url.path, process) : undefined;
    if (bytes === undefined) throw new CurlFailure(37, `Couldn't open file ${url.path}`);
    this.#amounts.downloadSize = bytes.length;
    this.#amounts.downloaded = bytes.length;
    facts.effectiveUrl = `file://${url.path}`;
    if (!(await destination.put(bytes))) throw new CurlFailure(23);
  }

  async #telnet(url: CurlUrl): Promise<void> {
    const { process, destination } = this.#options;
    const { link } = await this.#link(url);
    await this.#timed(() => relayTelnet(process, link.socket, (bytes) => destination.put(bytes)));
    await this.#close(link);
  }
}

function closingWords(version: CurlVersion, number: number): string {
  if (version.isAtLeast("8.7")) return `closing connection #${number}`;
  return version.isAtLeast("8.1") ? "Closing connection" : `Closing connection ${number}`;
}

/** As HTTP/2 has it: small letters, no reason, nothing about the connection. */
function asHttp2(head: ResponseHead): ResponseHead {
  const fields = head.fields
    .filter(([name]) => !/^(?:connection|keep-alive|transfer-encoding)$/i.test(name))
    .map(([name, value]): [string, string] => [name.toLowerCase(), value]);
  const lines = [`HTTP/2 ${head.status} `, ...fields.map(([name, value]) => `${name}: ${value}`)];
  return { ...head, version: "HTTP/2", fields, lines };
}

function unpack(bytes: Bytes, encoding: string): Bytes {
  try {
    if (encoding === "gzip" || encoding === "x-gzip") return fromUint8Array(gunzipSync(toUint8Array(bytes)));
    if (encoding === "deflate") return fromUint8Array(inflateSync(toUint8Array(bytes)));
  } catch {
    throw new CurlFailure(61, "Error while processing content unencoding: invalid stored block lengths");
  }
  if (encoding === "identity") return bytes;
  throw new CurlFailure(61, "Unrecognized content encoding type. libcurl understands deflate, gzip content encodings.");
}
