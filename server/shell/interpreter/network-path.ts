import { Errno, type Host, type OpenFile } from "../../sim/host/index.ts";
import { ConnectFailed, connectTcp, isAddress, resolveName, UdpSocket } from "../../sim/net/index.ts";
import type { Shell } from "./shell.ts";
import { wait, type Steps } from "./steps.ts";

/**
 * `/dev/tcp/HOST/PORT` and `/dev/udp/HOST/PORT` in a redirection of bash: a connected socket (lib/sh/netopen.c). Undefined for
 * other paths. Throws Errno.
 */
export function* openNetworkPath(shell: Shell, path: string): Steps<OpenFile | undefined> {
  const [, protocol, host, port] = /^\/dev\/(tcp|udp)\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
  if (protocol === undefined || shell.dialect.name !== "bash") return undefined;
  const number = portNumber(shell.host, port!, protocol);
  if (number === undefined) {
    shell.complain(`${port}: Servname not supported for ai_socktype`);
    throw new Errno("EINVAL", path);
  }
  const addresses = isAddress(host!) ? [host!] : yield* namesOf(shell, host!);
  if (addresses.length === 0) throw new Errno("EINVAL", path);
  let failed: Errno | undefined;
  for (const to of addresses) {
    try {
      if (protocol === "udp") return UdpSocket.connected(shell.process, { to, port: number });
      return yield* wait(connectTcp(shell.process, { to, port: number }));
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EINTR") throw error;
      failed = error;
    }
  }
  shell.complain(`connect: ${failed!.message}`);
  throw failed instanceof ConnectFailed ? new Errno(failed.code, path) : failed!;
}

function* namesOf(shell: Shell, name: string): Steps<readonly string[]> {
  const found = yield* wait(resolveName(shell.process, name, { types: ["A", "AAAA"] }));
  if (found.addresses.length > 0) return found.addresses;
  const words = found.failure === "try again" ? "Temporary failure in name resolution" : "Name or service not known";
  shell.complain(`${name}: ${words}`);
  return [];
}

/** A number, of which 16 bits count, or a name of /etc/services. */
function portNumber(host: Host, text: string, protocol: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) & 0xffff;
  for (const line of (host.readText("/etc/services") ?? "").split("\n")) {
    const [name, where = "", ...aliases] = line.replace(/#.*/, "").trim().split(/\s+/);
    const [number, kind] = where.split("/");
    if (kind === protocol && (name === text || aliases.includes(text))) return Number(number);
  }
  return undefined;
}
