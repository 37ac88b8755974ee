import { decode } from "../../../sim/kernel/index.ts";
import { ConnectFailed, connectTcp, type TcpSocket } from "../../../sim/net/index.ts";
import { Interrupted } from "../../../sim/host/index.ts";
import { serviceByName } from "../../netdb/services.ts";
import { relay } from "../../sockets/relay.ts";
import type { Applet, AppletCall } from "../applet.ts";
import { hostAddress } from "../resolve.ts";

const MENU = `
Console escape. Commands are:

 l	go to line mode
 c	go to character mode
 z	suspend telnet
 e	exit telnet
`;

/** networking/telnet.c */
export const telnet: Applet = {
  options: "al:",
  usage: () => `[-a] [-l USER] HOST [PORT]

Connect to telnet server

	-a	Automatic login with $USER variable
	-l USER	Automatic login as USER`,
  async run(call) {
    const [host, port = "23"] = call.operands;
    if (host === undefined || call.operands.length > 2) return call.usage();
    const { process } = call;
    const number = /^\d+$/.test(port) ? Number(port) : serviceByName(process.host, port)?.port;
    if (number === undefined) return call.die(`bad port '${port}'`);
    const found = await hostAddress(process, host);
    if ("problem" in found) return call.die(found.problem);
    try {
      const socket = await connectTcp(process, { to: found.address, port: number });
      process.fds.add(socket, 3);
      await process.print(`Connected to ${host}\n`);
      return await converse(call, socket);
    } catch (error) {
      if (!(error instanceof ConnectFailed)) throw error;
      return call.die(`can't connect to remote host (${found.address}): ${call.words(error.code)}`);
    }
  },
};

async function converse(call: AppletCall, socket: TcpSocket): Promise<number> {
  const { process } = call;
  let escaped = false;
  process.on("SIGINT", () => {
    escaped = true;
    process.interrupt();
  });
  for (;;) {
    try {
      const end = await relay(process, socket, {
        put: async (bytes) => {
          await process.write(1, bytes);
          return true;
        },
        send: (bytes) => {
          escaped ||= bytes.includes("\x1d");
          return bytes.replaceAll(/\r?\n/g, "\r\n");
        },
        interrupted: () => escaped,
        endsWithInput: true,
      });
      if (end !== "interrupted") {
        if (end === "ended") await process.error("Connection closed by foreign host\n");
        return 1;
      }
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
    }
    escaped = false;
    await process.error(MENU);
    const key = decode(await process.read(0)).trim();
    if (key === "e" || key === "") return 0;
    await process.error("continuing...\n");
  }
}
