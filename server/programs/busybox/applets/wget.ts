import { encode, SECOND, type Bytes } from "../../../sim/kernel/index.ts";
import { Errno, open, type OpenFile } from "../../../sim/host/index.ts";
import { ConnectFailed, connectTcp, isAddress, shakeHands, type TcpSocket } from "../../../sim/net/index.ts";
import { field, ResponseStream, type ResponseHead } from "../../http/response-stream.ts";
import { TIMED_OUT, within } from "../../sockets/within.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { ProgressBar } from "../progress.ts";
import { dotted, hostAddress } from "../resolve.ts";

export const wget: Applet = {
  options: "cqSO:o:P:Y:U:T:t:n:",
  longs: {
    continue: "c", quiet: "q", "server-response": "S", "output-document": "O:", "output-file": "o:", "directory-prefix": "P:",
    proxy: "Y:", "user-agent": "U:", timeout: "T:", tries: "t:", header: "header:", "post-data": "post-data:",
    "post-file": "post-file:", spider: "spider", "no-check-certificate": "insecure", "passive-ftp": "ignored",
    "no-cache": "ignored", "no-verbose": "ignored", "no-clobber": "ignored", "no-host-directories": "ignored", "no-parent": "ignored",
  }, // prettier-ignore
  usage: (version) => (version.isAtLeast("1.34") ? USAGE : OLD_USAGE),
  async run(call) {
    if (call.operands.length === 0) return call.usage();
    if (call.has("c")) return call.notSimulated("-c");
    for (const url of call.operands) {
      const code = await new Download(call).run(url);
      if (code !== 0) return code;
    }
    return 0;
  },
};

const COMMON = `	-c		Continue retrieval of aborted transfer
	-q		Quiet
	-P DIR		Save to DIR (default .)
	-S    		Show server response
	-T SEC		Network read timeout is SEC seconds
	-O FILE		Save to FILE ('-' for stdout)
`;

const USAGE = `[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]
	[--post-data STR | --post-file FILE] [-Y on/off]
	[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...

Retrieve files via HTTP or FTP

	--spider	Only check URL existence: $? is 0 if exists
	--header STR	Add STR (of form 'header: value') to headers
	--post-data STR	Send STR using POST method
	--post-file FILE	Send FILE using POST method
	--no-check-certificate	Don't validate the server's certificate
${COMMON}	-o LOGFILE	Log messages to FILE
	-U STR		Use STR for User-Agent header
	-Y on/off	Use proxy`;

const OLD_USAGE = `[-c|--continue] [--spider] [-q|--quiet] [-O|--output-document FILE]
	[--header 'header: value'] [-Y|--proxy on/off] [-P DIR]
	[-S|--server-response] [-U|--user-agent AGENT] [-T SEC] URL...

Retrieve files via HTTP or FTP

	--spider	Only check URL existence: $? is 0 if exists
${COMMON}	-U STR		Use STR for User-Agent header
	-Y on/off	Use proxy`;

interface Target {
  readonly secure: boolean;
  /** As it stands in the URL, with its port. */
  readonly host: string;
  readonly port: number;
  /** Without the first slash. */
  readonly path: string;
  readonly user: string | undefined;
}

/** The program dies with these words. */
class Dead extends Error {}

const MOST_REDIRECTS = 16;

class Download {
  readonly #call: AppletCall;
  readonly #timeout: number;

  constructor(call: AppletCall) {
    this.#call = call;
    const seconds = Number(call.value("T") ?? 900);
    this.#timeout = seconds > 0 ? seconds * SECOND : Infinity;
  }

  async run(url: string): Promise<number> {
    const call = this.#call;
    try {
      await this.#fetch(parseUrl(url));
      return 0;
    } catch (error) {
      if (error instanceof Dead) return call.die(error.message);
      if (error instanceof Errno && error.code === "ECONNRESET")
        return call.die(`read error: ${call.words(error.code)}`);
      throw error;
    }
  }

  async #fetch(first: Target): Promise<void> {
    const { process } = this.#call;
    let target = first;
    let server = first;
    let address = await this.#resolve(server);
    for (let redirects = MOST_REDIRECTS; ;) {
      const socket = await this.#connect(address, server);
      process.fds.add(socket, 3);
      const stream = new ResponseStream(() => this.#read(socket));
      const { body, method } = await this.#request(target);
      await socket.write(process, body);
      const head = await this.#head(stream);
      const location = head.status >= 300 ? field(head, "location") : undefined;
      if (location === undefined) {
        if (this.#call.has("spider"))
          await this.#log(this.#call.version.isAtLeast("1.30") ? "remote file exists\n" : "");
        else await this.#retrieve(stream, head, method, target);
        this.#close(socket);
        return;
      }
      this.#close(socket);
      if (--redirects === 0) throw new Dead("too many redirections");
      if (location.startsWith("/")) target = { ...target, path: location.slice(1) };
      else {
        target = server = parseUrl(location);
        address = await this.#resolve(server);
      }
    }
  }

  #close(socket: TcpSocket): void {
    const { fds } = this.#call.process;
    for (const [fd, file] of fds.entries()) if (file === socket) fds.close(fd);
  }

  async #log(text: string): Promise<void> {
    if (this.#call.has("q") || text === "") return;
    const log = this.#call.value("o");
    if (log === undefined) return this.#call.process.error(text);
    const file = open(this.#call.process.host, log, { write: true, append: true }, this.#call.process).retain();
    await file.write(this.#call.process, text);
    file.drop();
  }

  async #resolve({ host, port }: Target): Promise<string> {
    const { process } = this.#call;
    const name = host.replace(/:\d+$/, "");
    const found = await hostAddress(process, name);
    if ("problem" in found) throw new Dead(found.problem);
    await this.#log(`Connecting to ${host} (${dotted(found.address, port)})\n`);
    return found.address;
  }

  async #connect(address: string, { port, secure, host }: Target): Promise<TcpSocket> {
    const call = this.#call;
    const { process } = call;
    try {
      const socket = await within(process, this.#timeout, () => connectTcp(process, { to: address, port }));
      if (socket === TIMED_OUT) throw new Dead("download timed out");
      if (!secure) return socket;
      if (!call.has("insecure") && call.version.isAtLeast("1.30"))
        await process.error("wget: note: TLS certificate validation not implemented\n");
      const name = host.replace(/:\d+$/, "");
      const hello = { version: "TLSv1.2" as const, ...(isAddress(name) ? {} : { serverName: name }) };
      const shaken = await shakeHands(process, socket.connection, hello, this.#timeout);
      if (shaken.outcome === "no answer") throw new Dead("download timed out");
      if (shaken.outcome === "established") return socket;
      // ssl_client is a process of its own: it says why and ends, wget finds nothing to read.
      await process.error(
        `${call.version.isAtLeast("1.30") ? "ssl_client" : "wget"}: ${shaken.outcome === "alert" ? "TLS error from peer (alert code 40): handshake failure" : "bad TLS record"}\n`,
      );
      throw new Dead(
        call.version.isAtLeast("1.30") ? "error getting response: Connection reset by peer" : "error getting response",
      );
    } catch (error) {
      if (!(error instanceof ConnectFailed)) throw error;
      const where = address;
      throw new Dead(`can't connect to remote host (${where}): ${call.words(error.code)}`);
    }
  }

  async #read(socket: TcpSocket): Promise<Bytes> {
    const bytes = await within(this.#call.process, this.#timeout, async () => socket.read(this.#call.process, 16_384));
    if (bytes === TIMED_OUT) throw new Dead("download timed out");
    return bytes;
  }

  async #request(target: Target): Promise<{ body: Bytes; method: string }> {
    const call = this.#call;
    const file = call.value("post-file");
    let data = call.value("post-data") === undefined ? undefined : encode(call.value("post-data")!);
    if (file !== undefined) data = file === "-" ? "" : call.process.host.files.read(file.startsWith("/") ? file : `${call.process.cwd}/${file}`, call.process); // prettier-ignore
    const method = data === undefined ? "GET" : "POST";
    const extra = call.values("header");
    const has = (name: string): boolean => extra.some((line) => line.toLowerCase().startsWith(`${name}:`));
    let head = `${method} /${encode(target.path)} HTTP/1.1\r\n`;
    if (!has("host")) head += `Host: ${encode(target.host)}\r\n`;
    if (!has("user-agent")) head += `User-Agent: ${encode(call.value("U") ?? "Wget")}\r\n`;
    head += "Connection: close\r\n";
    if (target.user !== undefined && !has("authorization"))
      head += `Authorization: Basic ${Buffer.from(encode(target.user), "latin1").toString("base64")}\r\n`;
    for (const line of extra) head += `${encode(line)}\r\n`;
    if (data === undefined) return { body: `${head}\r\n`, method };
    if (!has("content-type")) head += "Content-Type: application/x-www-form-urlencoded\r\n";
    return { body: `${head}Content-Length: ${data.length}\r\n\r\n${data}`, method };
  }

  async #head(stream: ResponseStream): Promise<ResponseHead> {
    for (;;) {
      const head = await stream.head();
      if (typeof head === "string") {
        if (head === "empty") throw new Dead("error getting response");
        throw new Dead(`server returned error: ${stream.rest.split(/\r?\n/)[0]!}`);
      }
      await this.#showHead(head);
      if (head.status === 100) continue;
      const { status } = head;
      const good = (status >= 200 && status <= 204) || [300, 301, 302, 303, 307, 308].includes(status);
      if (!good) throw new Dead(`server returned error: ${head.lines[0]!}`);
      return head;
    }
  }

  /** `-S`: indented by two. An error's headers are not reached. */
  async #showHead(head: ResponseHead): Promise<void> {
    if (!this.#call.has("S")) return;
    const failed = head.status >= 400;
    for (const line of failed ? head.lines.slice(0, 1) : [...head.lines, ""])
      await this.#call.process.error(`  ${line}\n`);
  }

  async #retrieve(stream: ResponseStream, head: ResponseHead, method: string, target: Target): Promise<void> {
    const call = this.#call;
    const { process, version } = call;
    const name = this.#outputName(target);
    const output = name === "-" ? process.fds.get(1) : this.#open(name);
    output.retain();
    if (version.isAtLeast("1.30")) await this.#log(name === "-" ? "writing to stdout\n" : `saving to '${name}'\n`);
    const shows = !call.has("q") && call.value("o") === undefined;
    const bar = new ProgressBar(process, name.replace(/.*\//, ""), version);
    const length = field(head, "content-length");
    let done = 0;
    const body = stream.body(method, head);
    for (;;) {
      const step = await body.next();
      if (step.done) {
        if (shows) await bar.end(done, done);
        output.drop();
        if (step.value.malformed) throw new Dead("bad chunk length ''");
        if (step.value.missing !== undefined) throw new Dead("connection closed prematurely");
        break;
      }
      await output.write(process, step.value);
      done += step.value.length;
      if (shows) await bar.update(done, length === undefined ? 0 : Number(length));
    }
    if (version.isAtLeast("1.30")) await this.#log(name === "-" ? "written to stdout\n" : `'${name}' saved\n`);
  }

  #outputName({ path }: Target): string {
    const given = this.#call.value("O");
    if (given !== undefined) return given;
    const last = path.replace(/.*\//, "") || "index.html";
    const directory = this.#call.value("P");
    return directory === undefined ? last : `${directory.replace(/\/$/, "")}/${last}`;
  }

  /** A name that was made up must not be there yet; that of `-O` is written over. */
  #open(name: string): OpenFile {
    const { process } = this.#call;
    try {
      const exclusive = this.#call.value("O") === undefined ? { exclusive: true } : { truncate: true };
      return open(process.host, name, { write: true, ...exclusive }, process);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      throw new Dead(`can't open '${name}': ${this.#call.words(error.code)}`);
    }
  }
}

/** parse_url of networking/wget.c: no scheme is http, the path is all behind the first slash. */
function parseUrl(url: string): Target {
  const scheme = /^([a-z]+):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") throw new Dead(`not an http or ftp url: ${url}`);
  const rest = scheme === undefined ? url : url.slice(scheme.length + 3);
  const [, authority, path] = /^([^/?#]*)\/?(.*)$/s.exec(rest)!;
  const at = authority!.lastIndexOf("@");
  const host = authority!.slice(at + 1);
  const port = /:(\d+)$/.exec(host.replace(/^\[.*\]/, ""))?.[1];
  const secure = scheme === "https";
  return {
    secure,
    host,
    port: port === undefined ? (secure ? 443 : 80) : Number(port),
    path: path!.replace(/#.*$/s, ""),
    user: at < 0 ? undefined : authority!.slice(0, at),
  };
}
