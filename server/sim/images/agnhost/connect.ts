import type { DaemonProcess, Hosts } from "../../host/index.ts";
import { HOUR, SECOND, type Duration } from "../../kernel/index.ts";
import { parseGoDuration } from "../go/duration.ts";
import { joinHostPort } from "../go/http.ts";
import { namespaceOf, connect, exchangeDatagram } from "../../net/index.ts";
import { strerror } from "../../host/index.ts";
import { lookup } from "../resolver.ts";
import type { AgnhostCommand } from "./command.ts";
import { EXIT } from "./exit-event.ts";

/** test/images/agnhost/connect/connect.go: tries a connection and says in one word why it failed. */

const RETRY = "agnhost/connect";
/** Linux gives up on a connection after six retries of its SYN. */
const SYN_RETRIES: readonly Duration[] = [1, 3, 7, 15, 31, 63].map((second) => second * SECOND);
const GIVE_UP = 127 * SECOND;

interface Target {
  readonly address: string;
  readonly port: number;
  /** Absolute times: the next try's number, and when it is over. */
  readonly started: number;
  readonly attempt: number;
  readonly deadline: number;
}

export const connectCommand: AgnhostCommand = {
  name: "connect",
  flags: [
    { name: "timeout", type: "duration", value: "0s" },
    { name: "protocol", type: "string", value: "tcp" },
    { name: "udp-data", type: "string", value: "hostname" },
    { name: "sctp-data", type: "string", value: "hostname" },
  ],
  args: 1,
  start(self, values, [destination]) {
    const protocol = values.protocol!;
    if (protocol === "sctp") return end(self, `drydock: agnhost: '--protocol=sctp' is not simulated`, 64);
    if (protocol !== "" && protocol !== "tcp" && protocol !== "udp") return end(self, "Unsupported protocol", 1);
    const ends = /^(?:\[([^\]]*)\]|([^:[\]]*)):([^:]*)$/.exec(destination!);
    if (!ends) {
      const why = destination!.split(":").length > 2 ? "too many colons in address" : "missing port in address";
      return end(self, `${protocol === "udp" ? "DNS" : "UNKNOWN"}: address ${destination!}: ${why}`, 1);
    }
    const name = ends[1] ?? ends[2]!;
    const found = lookup(self.host, namespaceOf(self), name === "" ? "127.0.0.1" : name);
    if ("failed" in found)
      return end(self, `DNS: lookup ${name}: ${found.failed === "unknown" ? "no such host" : "server misbehaving"}`, 1);
    const timeout = parseGoDuration(values.timeout!)!;
    const deadline = timeout > 0 ? self.kernel.now + timeout : Infinity;
    const [address, port] = [found.addresses[0]!, Number(ends[3])];
    if (protocol === "udp") return tryUdp(self, address, port, values["udp-data"]!, timeout);
    tryTcp(self, {
      address,
      port,
      started: self.kernel.now,
      attempt: 0,
      deadline: Math.min(deadline, self.kernel.now + GIVE_UP),
    });
  },
};

export function bindConnect(hosts: Hosts): void {
  hosts.kernel.handle(RETRY, ({ machine, pid, target }: { machine: string; pid: number; target: Target }) => {
    const self = hosts.machine(machine).daemon(pid)?.self;
    if (self?.alive) tryTcp(self, target);
  });
}

function tryTcp(self: DaemonProcess, target: Target): void {
  const { address, port, deadline, attempt, started } = target;
  if (self.kernel.now >= deadline) return end(self, "TIMEOUT", 1);
  const result = connect(namespaceOf(self), { to: address, port, pid: self.pid, uid: self.uid });
  result.connection?.close();
  if (result.outcome === "connected") return end(self, undefined, 0, result.latency);
  if (result.outcome === "no answer") {
    const next = Math.min(deadline, started + (SYN_RETRIES[attempt] ?? HOUR));
    const args = { machine: self.host.machine.name, pid: self.pid, target: { ...target, attempt: attempt + 1 } };
    self.kernel.at(next, RETRY, args, { periodic: true });
    return;
  }
  if (result.errno === "ECONNREFUSED") return end(self, "REFUSED", 1, result.latency);
  const why = result.errno === undefined ? result.outcome : strerror(result.errno).toLowerCase();
  end(self, `OTHER: dial tcp ${joinHostPort(address, port)}: connect: ${why}`, 1, result.latency);
}

function tryUdp(self: DaemonProcess, address: string, port: number, data: string, timeout: Duration): void {
  const result = exchangeDatagram(namespaceOf(self), { to: address, port, pid: self.pid, uid: self.uid }, `${data}\n`);
  if (result.outcome === "answered") return end(self, undefined, 0, result.latency);
  const read = `read udp ${joinHostPort(address, port)}`;
  if (result.errno === "ECONNREFUSED")
    return end(self, `REFUSED: ${read}: recvfrom: connection refused`, 1, result.latency);
  if (result.errno !== undefined) return end(self, `UNKNOWN: ${strerror(result.errno).toLowerCase()}`, 1);
  if (timeout > 0) end(self, `TIMEOUT: ${read}: i/o timeout`, 1, timeout);
}

/** Prints, and exits once the time that it took has passed. */
function end(self: DaemonProcess, line: string | undefined, code: number, after: Duration = 0): void {
  if (line !== undefined) self.log(line);
  if (after === 0) return self.exit(code);
  self.kernel.after(after, EXIT, { machine: self.host.machine.name, pid: self.pid, code });
}
