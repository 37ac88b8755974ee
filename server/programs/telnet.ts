import { decode } from "../sim/kernel/index.ts";
import type { Process, Program } from "../sim/host/index.ts";
import { ConnectFailed, connectTcp, type TcpSocket } from "../sim/net/index.ts";
import { getaddrinfo } from "./netdb/getaddrinfo.ts";
import { errorWords, gaiWords } from "./netdb/libc.ts";
import { serviceByName } from "./netdb/services.ts";
import { relay } from "./sockets/relay.ts";

const ESCAPE = "\x1d";

/** A telnet client for ports that talk in lines: it negotiates nothing, and `^]` in a line leads to its prompt. */
export const telnet: Program = {
  name: "telnet",
  summary: "user interface to the TELNET protocol",
  async run(process, args) {
    const [host, port = "telnet"] = args.filter((word) => !word.startsWith("-"));
    const option = args.find((word) => word.startsWith("-") && !/^-[468Ecd]+$/.test(word));
    if (option !== undefined || host === undefined) {
      await process.error(
        `drydock: telnet: ${option === undefined ? "a conversation without a host" : `'${option}'`} is not simulated\n`,
      );
      return 64;
    }
    const number = /^\d+$/.test(port) ? Number(port) : serviceByName(process.host, port, "tcp")?.port;
    if (number === undefined) {
      await process.error(`Server lookup failure:  ${host}:${port}, Servname not supported for ai_socktype\n`);
      return 1;
    }
    const found = await getaddrinfo(process, host);
    if (found.failure !== undefined) {
      await process.error(`Server lookup failure:  ${host}:${port}, ${gaiWords(process.host, found.failure)}\n`);
      return 1;
    }
    return connect(process, host, found.addresses, number);
  },
};

async function connect(process: Process, host: string, addresses: readonly string[], port: number): Promise<number> {
  for (const [at, address] of addresses.entries()) {
    await process.print(`Trying ${address}...\n`);
    try {
      const socket = await connectTcp(process, { to: address, port });
      process.fds.add(socket, 3);
      await process.print(`Connected to ${host}.\nEscape character is '^]'.\n`);
      return await converse(process, socket);
    } catch (error) {
      if (!(error instanceof ConnectFailed)) throw error;
      const words = errorWords(process.host, error.code);
      const last = at === addresses.length - 1;
      await process.error(
        last
          ? `telnet: Unable to connect to remote host: ${words}\n`
          : `telnet: connect to address ${address}: ${words}\n`,
      );
    }
  }
  return 1;
}

async function converse(process: Process, socket: TcpSocket): Promise<number> {
  const tty = process.fds.find(0)?.tty;
  const before = tty?.termios;
  // So that nobody has to press Enter behind it.
  if (tty) tty.termios = { ...tty.termios, eol: ESCAPE };
  let end: Awaited<ReturnType<typeof talk>>;
  try {
    end = await talk(process, socket);
  } finally {
    if (tty && before) tty.termios = before;
  }
  if (end === "interrupted") return prompt(process, socket);
  if (end === "ended" || end === "reset") await process.error("Connection closed by foreign host.\n");
  return 0;
}

function talk(process: Process, socket: TcpSocket): ReturnType<typeof relay> {
  let escaped = false;
  return relay(process, socket, {
    put: async (bytes) => {
      await process.write(1, bytes);
      return true;
    },
    send: (bytes) => {
      if (bytes.includes(ESCAPE)) escaped = true;
      return bytes.replaceAll(ESCAPE, "").replaceAll(/\r?\n/g, "\r\n");
    },
    endsWithInput: true,
    interrupted: () => escaped,
  });
}

async function prompt(process: Process, socket: TcpSocket): Promise<number> {
  for (;;) {
    await process.print("\ntelnet> ");
    const line = await process.read(0);
    const word = decode(line).trim();
    if (line === "" || /^q(?:u(?:i(?:t)?)?)?$/.test(word)) {
      await process.print("Connection closed.\n");
      return 0;
    }
    if (/^cl(?:o(?:s(?:e)?)?)?$/.test(word)) {
      await process.print("Connection closed.\n");
      return 0;
    }
    if (word === "") return converse(process, socket);
    await process.print("?Invalid command\n");
  }
}
