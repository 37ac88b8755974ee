import { calendar, pad } from "../../kernel/index.ts";
import type { Daemon, DaemonProcess, Hosts } from "../../host/index.ts";
import { daemonOf, listen, type Service } from "../daemon-network.ts";

/**
 * Servers that labs only connect to: they start as the real ones do, listen on their ports, and tell that their protocol is not
 * simulated to whoever speaks it.
 */
interface OpaqueServer {
  readonly name: string;
  readonly summary: string;
  readonly ports: readonly number[];
  /** What it says when it is ready. */
  readonly ready: (self: DaemonProcess) => readonly string[];
}

const SERVERS: readonly OpaqueServer[] = [
  {
    name: "mysqld",
    summary: "MySQL server",
    ports: [3306, 33_060],
    ready: (self) => [
      `${stamp(self, "T")}Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.4.5'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.`,
    ],
  },
  {
    name: "postgres",
    summary: "PostgreSQL server",
    ports: [5432],
    ready(self) {
      const pid = self.host.pidOf(self.row);
      const line = (message: string): string => `${stamp(self, " ").slice(0, 23)} UTC [${pid}] LOG:  ${message}`;
      return [
        line('listening on IPv4 address "0.0.0.0", port 5432'),
        line('listening on IPv6 address "::", port 5432'),
        line('listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"'),
        line("database system is ready to accept connections"),
      ];
    },
  },
  {
    name: "mariadbd",
    summary: "MariaDB server",
    ports: [3306],
    ready: (self) => [
      `${stamp(self, " ").slice(0, 19)} 0 [Note] Server socket created on IP: '0.0.0.0', port: '3306'.`,
      `${stamp(self, " ").slice(0, 19)} 0 [Note] mariadbd: ready for connections.`,
    ],
  },
  {
    name: "rabbitmq-server",
    summary: "message broker",
    ports: [4369, 5672, 15_692, 25_672],
    ready: (self) => [
      `${stamp(self, " ")}+00:00 [info] <0.651.0> started TCP listener on [::]:5672`,
      `${stamp(self, " ")}+00:00 [info] <0.9.0> Time to start RabbitMQ: 3190 ms`,
    ],
  },
  { name: "mongod", summary: "MongoDB server", ports: [27_017], ready: () => [] },
  { name: "memcached", summary: "memory cache", ports: [11_211], ready: () => [] },
];

export const opaqueServers: readonly Daemon[] = SERVERS.map(({ name, summary, ports, ready }) => ({
  name,
  summary,
  start(self) {
    for (const port of ports) {
      const opened = listen(self, opaqueService, { address: "::", port, v6only: false });
      if (typeof opened === "string") {
        self.log(`drydock: ${name}: cannot listen on port ${port}: ${opened}`);
        return self.exit(1);
      }
    }
    self.data = { name };
    for (const line of ready(self)) self.log(line);
  },
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGINT") return false;
    self.exit(0);
    return true;
  },
}));

export const opaqueService: Service = {
  name: "opaque server",
  application: (hosts: Hosts) => ({
    stream: {
      receive(_, context) {
        const self = daemonOf(hosts, context);
        if (!self) return { close: "reset" };
        const { name } = self.data as { name: string };
        self.log(`drydock: ${name}: what clients say is not simulated`);
        return { close: "fin" };
      },
    },
  }),
};

/** `2025-11-21T10:00:00.123456` */
function stamp(self: DaemonProcess, separator: string): string {
  const { year, month, day, hour, minute, second, micros } = calendar(self.kernel.now);
  return `${year}-${pad(month, 2)}-${pad(day, 2)}${separator}${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}.${pad(micros, 6)}`;
}
