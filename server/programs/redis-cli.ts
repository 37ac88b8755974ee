import { decode } from "../sim/kernel/index.ts";
import { Errno, strerror, type Process, type Program } from "../sim/host/index.ts";
import { ConnectFailed, connectTcp, type TcpSocket } from "../sim/net/index.ts";
import { getaddrinfo } from "./netdb/getaddrinfo.ts";
import { gaiWords } from "./netdb/libc.ts";

interface Options {
  readonly host: string;
  readonly port: number;
  readonly words: readonly string[];
}

/** The command line client of Redis: one command, or those on standard input, a line each. */
export const redisCli: Program = {
  name: "redis-cli",
  summary: "Redis' command line client",
  async run(process, args) {
    const options = readOptions(args);
    if ("refused" in options) {
      await process.error(`drydock: redis-cli: '${options.refused}' is not simulated\n`);
      return 64;
    }
    const socket = await connect(process, options);
    if (socket === undefined) return 1;
    const tty = process.isTty(1);
    try {
      if (options.words.length > 0) return (await say(process, socket, options.words, tty)) ? 0 : 1;
      return await converse(process, socket, options, tty && process.isTty(0));
    } finally {
      socket.drop();
    }
  },
};

function readOptions(args: readonly string[]): Options | { readonly refused: string } {
  let [host, port, at] = ["127.0.0.1", 6379, 0];
  for (; at < args.length && args[at]!.startsWith("-"); at += 2) {
    if (args[at] === "-h") host = args[at + 1] ?? host;
    else if (args[at] === "-p") port = Number(args[at + 1] ?? port);
    else return { refused: args[at]! };
  }
  return { host, port, words: args.slice(at) };
}

async function connect(process: Process, { host, port }: Options): Promise<TcpSocket | undefined> {
  const fail = async (why: string): Promise<undefined> => {
    await process.error(`Could not connect to Redis at ${host}:${port}: ${why}\n`);
    return undefined;
  };
  const found = await getaddrinfo(process, host);
  if (found.failure !== undefined) return fail(gaiWords(process.host, found.failure));
  let last = "";
  for (const to of found.addresses) {
    try {
      return await connectTcp(process, { to, port });
    } catch (error) {
      if (!(error instanceof ConnectFailed)) throw error;
      last = strerror(error.code);
    }
  }
  return fail(last);
}

/** Prompts on a terminal; else reads line by line in silence. */
async function converse(
  process: Process,
  socket: TcpSocket,
  { host, port }: Options,
  prompts: boolean,
): Promise<number> {
  for (;;) {
    if (prompts) await process.print(`${host}:${port}> `);
    const line = await process.fds.get(0).readUntil(process, "\n", 65_536);
    if (line === "") return 0;
    const words =
      decode(line)
        .match(/"[^"]*"|'[^']*'|\S+/g)
        ?.map((word) => word.replace(/^(["'])(.*)\1$/, "$2")) ?? [];
    if (words.length === 0) continue;
    if (/^(?:quit|exit)$/i.test(words[0]!)) return 0;
    if (!(await say(process, socket, words, prompts))) return 1;
  }
}

/** Sends a command and prints the answer; false if the connection is lost. */
async function say(process: Process, socket: TcpSocket, words: readonly string[], tty: boolean): Promise<boolean> {
  const bytes = (word: string): string => Buffer.from(word).toString("latin1");
  const request = words
    .map(bytes)
    .map((word) => `$${word.length}\r\n${word}\r\n`)
    .join("");
  try {
    await socket.write(process, `*${words.length}\r\n${request}`);
    let held = "";
    for (;;) {
      const reply = readReply(held, tty);
      if (reply !== undefined) {
        await process.print(reply.endsWith("\n") ? reply : `${reply}\n`);
        return true;
      }
      const more = await socket.read(process, 65_536);
      if (more === "") break;
      held += more;
    }
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
  }
  await process.error("Error: Server closed the connection\n");
  return false;
}

/** A reply as it is shown: on a terminal with its type (`(integer) 1`, `"text"`, `(nil)`). Undefined: more has to come. */
function readReply(bytes: string, tty: boolean): string | undefined {
  const end = bytes.indexOf("\r\n");
  if (end < 0) return undefined;
  const [kind, text] = [bytes[0], bytes.slice(1, end)];
  if (kind === "+") return text;
  if (kind === "-") return tty ? `(error) ${text}` : `${text}\n`;
  if (kind === ":") return tty ? `(integer) ${text}` : text;
  if (kind === "*") return tty ? "(empty array)" : "";
  const length = Number(text);
  if (length < 0) return tty ? "(nil)" : "";
  if (bytes.length < end + 4 + length) return undefined;
  const value = decode(bytes.slice(end + 2, end + 2 + length));
  return tty ? JSON.stringify(value) : value;
}
