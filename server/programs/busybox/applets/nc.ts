import { SECOND } from "../../../sim/kernel/index.ts";
import { Errno, exec, FdTable, spawnChild, type Process } from "../../../sim/host/index.ts";
import { ConnectFailed, connectTcp, ListeningSocket, UdpSocket, type TcpSocket } from "../../../sim/net/index.ts";
import { findCommand } from "../../gnu/execute.ts";
import { getnameinfo } from "../../netdb/getnameinfo.ts";
import { serviceByName } from "../../netdb/services.ts";
import { relay } from "../../sockets/relay.ts";
import { TIMED_OUT, within } from "../../sockets/within.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { dotted, hostAddress } from "../resolve.ts";

/** networking/nc_bloaty.c */
export const nc: Applet = {
  options: "np:s:uvw:i:lkzo:b",
  split: behindE,
  usage: (version) => `[OPTIONS] HOST PORT  - connect
nc [OPTIONS] -l -p PORT [HOST] [PORT]  - listen

	-e PROG	Run PROG after connect (must be last)
	-l	Listen mode, for inbound connects
	-lk	With -e, provides persistent server
	-p PORT	Local port
	-s ADDR	Local address
	-w SEC	Timeout for connects and final net reads
	-i SEC	Delay interval for lines sent
	-n	Don't do DNS resolution
	-u	UDP mode
${version.isAtLeast("1.34") ? "	-b	Allow broadcasts\n" : ""}	-v	Verbose
	-o FILE	Hex dump traffic
	-z	Zero-I/O mode (scanning)`,
  run,
};

/** Everything behind `-e` is the command. */
function behindE(args: readonly string[]): { options: readonly string[]; rest: readonly string[] } {
  const at = args.findIndex((word) => /^-[a-z]*e$/.test(word));
  if (at < 0) return { options: args, rest: [] };
  const letters = args[at]!.slice(0, -1);
  return { options: [...args.slice(0, at), ...(letters === "-" ? [] : [letters])], rest: args.slice(at + 1) };
}

async function run(call: AppletCall, rest: readonly string[]): Promise<number> {
  const command = rest.length > 0 ? rest : undefined;
  for (const option of ["o", "i", "b"]) if (call.has(option)) return call.notSimulated(`-${option}`);
  if (call.has("l")) return listen(call, command);
  const [host, port] = call.operands;
  if (host === undefined || port === undefined) return call.usage();
  const number = /^\d+$/.test(port) ? Number(port) : serviceByName(call.process.host, port)?.port;
  if (number === undefined || number > 65_535) return call.die(`bad port '${port}'`);
  const found = await hostAddress(call.process, host);
  if ("problem" in found) return call.die(found.problem);
  const shown = `${host} (${dotted(found.address, number)})`;
  return call.has("u")
    ? udp(call, found.address, number, shown, command)
    : tcp(call, found.address, number, shown, command);
}

function source(call: AppletCall): { from?: { address?: string; port?: number } } {
  const [port, address] = [call.value("p"), call.value("s")];
  if (port === undefined && address === undefined) return {};
  return {
    from: { ...(address === undefined ? {} : { address }), ...(port === undefined ? {} : { port: Number(port) }) },
  };
}

async function tcp(
  call: AppletCall,
  to: string,
  port: number,
  shown: string,
  command: readonly string[] | undefined,
): Promise<number> {
  const { process } = call;
  const wait = Number(call.value("w") ?? 0) * SECOND || Infinity;
  let socket: TcpSocket;
  try {
    const opened = await within(process, wait, () => connectTcp(process, { to, port, ...source(call) }));
    if (opened === TIMED_OUT) return call.die(`${shown}: ${call.words("ETIMEDOUT")}`);
    socket = opened;
  } catch (error) {
    if (!(error instanceof ConnectFailed)) throw error;
    // A port that is closed is no news for a scan.
    if (error.code === "ECONNREFUSED" && call.has("z") && call.count("v") < 2) return 1;
    return call.die(`${shown}: ${call.words(error.code)}`);
  }
  process.fds.add(socket, 3);
  if (call.has("v")) await process.error(`${shown} open\n`);
  if (call.has("z")) return 0;
  return command ? become(process, socket, command) : converse(call, socket);
}

async function udp(
  call: AppletCall,
  to: string,
  port: number,
  shown: string,
  command: readonly string[] | undefined,
): Promise<number> {
  const { process } = call;
  const socket = UdpSocket.connected(process, { to, port, ...source(call) });
  process.fds.add(socket, 3);
  if (call.has("z")) {
    // udptest: a port that is closed tells so by ICMP.
    try {
      socket.send("\n");
      await process.sleep(SECOND);
      socket.send("\n");
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EINTR") throw error;
      return 1;
    }
  }
  if (call.has("v")) await process.error(`${shown} open\n`);
  if (call.has("z")) return 0;
  return command ? become(process, socket, command) : converse(call, socket);
}

async function listen(call: AppletCall, command: readonly string[] | undefined): Promise<number> {
  const { process } = call;
  const port = Number(call.value("p") ?? call.operands.at(-1) ?? 0);
  const address = call.value("s") ?? "0.0.0.0";
  if (call.has("u")) return call.notSimulated("-lu");
  let listening: ListeningSocket;
  try {
    listening = new ListeningSocket(process, { address, port, backlog: 1, reuseAddress: true });
  } catch (error) {
    if (error instanceof Errno) return call.die(`bind: ${call.words(error.code)}`);
    throw error;
  }
  const fd = process.fds.add(listening, 3);
  if (call.has("v")) await process.error(`listening on ${dotted(address, listening.row.port)} ...\n`);
  const keeps = call.has("k") || call.count("l") > 1;
  for (;;) {
    const socket = await listening.accept(process);
    const taken = process.fds.add(socket, 3);
    if (!keeps) process.fds.close(fd);
    if (call.has("v")) {
      const { remote, local } = socket.connection;
      const name = call.has("n") ? undefined : await getnameinfo(process, remote.address);
      await process.error(
        `connect to ${dotted(local.address, local.port)} from ${name ?? remote.address} (${dotted(remote.address, remote.port)})\n`,
      );
    }
    if (!command) return converse(call, socket);
    if (!keeps) return become(process, socket, command);
    await serve(process, socket, command);
    process.fds.close(taken);
  }
}

/** Runs the command with the connection as its input and output, and goes on. */
async function serve(process: Process, socket: TcpSocket, command: readonly string[]): Promise<void> {
  const found = findCommand(process, command);
  if (found instanceof Errno) return process.error(`nc: can't execute '${command[0]!}': ${found.message}\n`);
  const fds = new FdTable([
    [0, socket],
    [1, socket],
    [2, socket],
  ]);
  spawnChild(process, { ...found, fds });
}

/** Becomes the command, which then has the connection as its input and output. */
async function become(process: Process, socket: TcpSocket | UdpSocket, command: readonly string[]): Promise<number> {
  const found = findCommand(process, command);
  if (found instanceof Errno) {
    await process.error(`nc: can't execute '${command[0]!}': ${found.message}\n`);
    return 127;
  }
  for (const fd of [0, 1, 2]) process.fds.set(fd, socket);
  return exec(process, found.path, found.argv, process.env);
}

async function converse(call: AppletCall, socket: TcpSocket | UdpSocket): Promise<number> {
  const { process } = call;
  const wait = call.value("w");
  const end = await relay(process, socket, {
    put: async (bytes) => {
      await process.write(1, bytes);
      return true;
    },
    ...(wait === undefined ? {} : { idle: Number(wait) * SECOND }),
  });
  return end === "reset" ? 1 : 0;
}
