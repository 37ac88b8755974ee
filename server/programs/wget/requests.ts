import { encode, type Bytes } from "../../sim/kernel/index.ts";
import { Errno } from "../../sim/host/index.ts";
import type { ResponseHead } from "../http/response-stream.ts";
import { errorWords } from "../netdb/libc.ts";
import type { Connection, Connections } from "./connections.ts";
import { EXIT, Failed, version, type Run } from "./run.ts";
import type { Target } from "./url.ts";

/** Requests as they are written, and the heads of what comes back. */
export class Requests {
  readonly #run: Run;
  readonly #connections: Connections;

  constructor(run: Run, connections: Connections) {
    this.#run = run;
    this.#connections = connections;
  }

  /** HEAD for a spider, POST where there is a body, or as `--method` says. */
  async method(): Promise<string> {
    if (this.#run.given.has("spider")) return "HEAD";
    return this.#run.given.value("method") ?? ((await this.#body()) === undefined ? "GET" : "POST");
  }

  credentials(target: Target): { readonly user: string; readonly password: string } | undefined {
    const user = this.#run.given.value("httpUser") ?? this.#run.given.value("user") ?? target.user?.split(":")[0];
    if (user === undefined) return undefined;
    const password =
      this.#run.given.value("httpPassword") ?? this.#run.given.value("password") ?? target.user?.split(":")[1];
    return { user, password: password ?? "" };
  }

  async #body(): Promise<Bytes | undefined> {
    const data = this.#run.given.value("postData") ?? this.#run.given.value("bodyData");
    if (data !== undefined) return encode(data);
    const file = this.#run.given.value("postFile") ?? this.#run.given.value("bodyFile");
    if (file === undefined) return undefined;
    try {
      return this.#run.process.host.files.read(this.#run.path(file), this.#run.process);
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      await this.#run.log(`BODY data file ‘${file}’ missing: ${errorWords(this.#run.process.host, error.code)}\n`);
      throw new Failed(EXIT.file);
    }
  }

  async send(
    target: Target,
    { socket, stream }: Connection,
    method: string,
    authorize: boolean,
  ): Promise<ResponseHead> {
    const custom = this.#run.given.values("header").map((line) => line.split(/:\s*/, 1)[0]!.toLowerCase());
    const host = `${target.host.includes(":") ? `[${target.host}]` : target.host}${target.explicitPort ? `:${target.port}` : ""}`;
    const body = method === "HEAD" ? undefined : await this.#body();
    const referer = this.#run.given.value("referer");
    const fields: [string, string][] = [
      ["Host", host],
      ["User-Agent", this.#run.given.value("userAgent") ?? `Wget/${version(this.#run.process)}`],
      ["Accept", "*/*"],
      ["Accept-Encoding", "identity"],
      ["Connection", "Keep-Alive"],
    ];
    if (referer !== undefined) fields.unshift(["Referer", referer]);
    const credentials = authorize ? this.credentials(target) : undefined;
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
      `${method} ${this.#connections.proxyFor(target) ? target.text : target.path} HTTP/1.1`,
      ...lines,
      ...this.#run.given.values("header"),
    ]
      .map((line) => `${encode(line)}\r\n`)
      .join("");
    try {
      await socket.write(this.#run.process, `${request}\r\n${body ?? ""}`);
      for (;;) {
        const head = await stream.head();
        if (head === "empty") {
          await this.#run.log("No data received.\n");
          throw new Failed(EXIT.network, true);
        }
        if (head === "not http") {
          await this.#run.log("200 No headers, assuming HTTP/0.9\n");
          throw new Failed(EXIT.protocol);
        }
        if (head.status !== 100) return head;
      }
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EINTR") throw error;
      await this.#run.log(`Read error (${error.message}) in headers.\n`);
      throw new Failed(EXIT.network, true);
    }
  }
}
