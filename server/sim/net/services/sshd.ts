import type { Daemon, Hosts } from "../../host/index.ts";
import { namespaceOf, networkOfHosts } from "../program/network-of.ts";
import { openSocket } from "../socket/sockets.ts";
import { sshdConfigProblems, sshdPorts } from "./sshd-config.ts";

/** The application name of its sockets; their args name the host that a login leads to. */
export const SSHD = "sshd";

const BANNER = "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3ubuntu13.5\r\n";

/** sshd. A login is made by the `ssh` program, once its connection has reached this socket. */
export const sshd: Daemon = {
  name: SSHD,
  summary: "OpenSSH server",
  start(self) {
    const ns = namespaceOf(self);
    const problems = sshdConfigProblems(self.host);
    for (const problem of problems) self.log(problem);
    if (problems.length > 0) return self.exit(255);
    if (self.argv.includes("-t")) return self.exit(0);
    const ends = sshdPorts(self.host).flatMap((port) => ["0.0.0.0", "::"].map((address) => ({ address, port })));
    for (const { address, port } of ends) {
      const opened = openSocket(ns, {
        protocol: "tcp",
        address,
        port,
        backlog: 4096,
        v6only: address === "::",
        pid: self.pid,
        application: SSHD,
        args: self.host.name,
      });
      if (!opened.ok) {
        self.log(`error: Bind to port ${port} on ${address} failed: Address already in use.`);
        self.log("fatal: Cannot bind any address.");
        return self.exit(255);
      }
      self.log(`Server listening on ${address} port ${port}.`);
    }
  },
  signal(self, signal) {
    if (signal !== "SIGTERM") return false;
    self.log("Received signal 15; terminating.");
    self.exit(0);
    return true;
  },
};

export function bindSshd(hosts: Hosts): void {
  networkOfHosts(hosts).serve(SSHD, {
    stream: {
      open: () => ({ bytes: BANNER }),
      receive: (bytes) =>
        bytes.startsWith("SSH-2.0-") ? {} : { bytes: "Invalid SSH identification string.\r\n", close: "fin" },
    },
  });
}
