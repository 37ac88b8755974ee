import { decode, encode, type Bytes } from "../../sim/kernel/index.ts";
import { attempt, Errno, errnoNumber, resolve, strerror, type Process } from "../../sim/host/index.ts";
import { ListeningSocket, type TcpSocket } from "../../sim/net/index.ts";
import { getaddrinfo } from "../netdb/getaddrinfo.ts";
import { strftime } from "../gnu/strftime.ts";
import { parseOptions, type Flags } from "../options.ts";
import { respond } from "./http-response.ts";

const FLAGS = {
  help: { short: "h", long: "help" },
  cgi: { long: "cgi", simulated: false },
  bind: { short: "b", long: "bind", arg: "ADDRESS" },
  directory: { short: "d", long: "directory", arg: "DIRECTORY" },
  protocol: { short: "p", long: "protocol", arg: "VERSION" },
} as const satisfies Flags;

const USAGE = "usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\n";

const HELP = `${USAGE}
positional arguments:
  port                  bind to this port (default: 8000)

options:
  -h, --help            show this help message and exit
  --cgi                 run as CGI server
  -b ADDRESS, --bind ADDRESS
                        bind to this address (default: all interfaces)
  -d DIRECTORY, --directory DIRECTORY
                        serve this directory (default: current directory)
  -p VERSION, --protocol VERSION
                        conform to this HTTP version (default: HTTP/1.0)
`;

const BACKLOG = 5;

/** What a line of a request may be long. */
const LONGEST = 65_536;

/** `python3 -m http.server` (Lib/http/server.py): serves a directory until it is stopped. */
export async function httpServer(process: Process, args: readonly string[], version: string): Promise<number> {
  const given = parseOptions(FLAGS, args);
  if ("notSimulated" in given) {
    await process.error(`drydock: python3: 'http.server ${given.notSimulated}' is not simulated\n`);
    return 64;
  }
  const wrong = async (words: string): Promise<number> => {
    await process.error(`${USAGE}server.py: error: ${words}\n`);
    return 2;
  };
  if ("problem" in given) return wrong(`unrecognized arguments: ${args.join(" ")}`);
  if (given.has("help")) {
    await process.print(HELP);
    return 0;
  }
  const [text = "8000", ...more] = given.operands;
  if (!/^[+-]?\d+$/.test(text)) return wrong(`argument port: invalid int value: '${text}'`);
  if (more.length > 0) return wrong(`unrecognized arguments: ${more.join(" ")}`);
  const protocol = given.value("protocol") ?? "HTTP/1.0";
  if (protocol !== "HTTP/1.0") {
    await process.error(`drydock: python3: 'http.server -p ${protocol}' is not simulated\n`);
    return 64;
  }
  const port = Number(text);
  if (port > 65_535 || port < 0) return raised(process, "OverflowError: bind(): port must be 0-65535.");
  const bind = given.value("bind");
  const found = bind === undefined ? undefined : await getaddrinfo(process, bind);
  if (found?.failure !== undefined) return raised(process, "socket.gaierror: [Errno -2] Name or service not known");
  const address = found?.addresses[0] ?? "0.0.0.0";
  const listening = attempt(
    () => new ListeningSocket(process, { address, port, backlog: BACKLOG, reuseAddress: true }),
  );
  if (listening instanceof Errno)
    return raised(
      process,
      `${listening.code === "EACCES" ? "PermissionError" : "OSError"}: [Errno ${errnoNumber(listening.code)}] ${strerror(listening.code)}`,
    );
  process.fds.add(listening, 3);
  const root = resolve(process.cwd, given.value("directory") ?? process.cwd);
  return new Server(process, listening, root, version).run(address);
}

/** An exception that nobody caught. The lines of the traceback would name files that are not there. */
async function raised(process: Process, words: string): Promise<number> {
  await process.error(`Traceback (most recent call last):\n${words}\n`);
  return 1;
}

class Server {
  readonly #process: Process;
  readonly #listening: ListeningSocket;
  readonly #root: string;
  readonly #version: string;
  #interrupted = false;

  constructor(process: Process, listening: ListeningSocket, root: string, version: string) {
    this.#process = process;
    this.#listening = listening;
    this.#root = root;
    this.#version = version;
  }

  async run(address: string): Promise<number> {
    const process = this.#process;
    const { port } = this.#listening.row;
    const host = address.includes(":") ? `[${address}]` : address;
    const started = `Serving HTTP on ${address} port ${port} (http://${host}:${port}/) ...\n`;
    // Standard output is written at once only to a terminal.
    let held = started;
    if (process.isTty(1)) {
      await process.print(started);
      held = "";
    }
    process.on("SIGINT", () => {
      this.#interrupted = true;
      process.interrupt();
    });
    try {
      for (;;) {
        const socket = await this.#listening.accept(process);
        // A thread for each connection.
        process.kernel.start(() => this.#serve(socket));
      }
    } catch (error) {
      if (!this.#interrupted) throw error;
    }
    process.on("SIGINT", undefined);
    await process.print(`${held}\nKeyboard interrupt received, exiting.\n`);
    return 0;
  }

  async #serve(socket: TcpSocket): Promise<void> {
    const process = this.#process;
    const fd = process.fds.add(socket, 4);
    const client = socket.connection.remote.address;
    try {
      const head = await this.#request(socket);
      if (head !== undefined) {
        const answer = respond(process.host, this.#root, decode(head), process.kernel.now, this.#version, process);
        for (const line of answer.log) await this.#log(client, line);
        await socket.write(process, answer.head);
        if (answer.body !== "") await socket.write(process, answer.body);
      }
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
    } finally {
      process.fds.close(fd);
    }
  }

  /** The head of a request; undefined if the client says nothing. */
  async #request(socket: TcpSocket): Promise<Bytes | undefined> {
    let bytes = "";
    for (;;) {
      const end = bytes.search(/\r?\n\r?\n/);
      if (end >= 0) return bytes.slice(0, end);
      const line = /^([^\n]*)\n/.exec(bytes)?.[1];
      // What is no request is answered at its first line.
      if (line !== undefined && line.trim().split(/\s+/).length < 2) return line;
      if (bytes.length > LONGEST) return bytes;
      const piece = await socket.read(this.#process, LONGEST);
      if (piece === "") return bytes === "" ? undefined : bytes;
      bytes += piece;
    }
  }

  async #log(client: string, text: string): Promise<void> {
    const stamp = strftime("%d/%b/%Y %H:%M:%S", this.#process.kernel.now);
    await this.#process.error(decode(encode(`${client} - - [${stamp}] ${text}\n`)));
  }
}
