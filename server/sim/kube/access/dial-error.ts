import type { Errno } from "../../net/index.ts";

const WORDS: Partial<Record<Errno, string>> = {
  ECONNREFUSED: "connection refused",
  ENETUNREACH: "network is unreachable",
  EHOSTUNREACH: "no route to host",
  EHOSTDOWN: "host is down",
  ENETDOWN: "network is down",
  ETIMEDOUT: "connection timed out",
  ECONNRESET: "connection reset by peer",
  EPERM: "operation not permitted",
  EACCES: "permission denied",
  EADDRNOTAVAIL: "cannot assign requested address",
  EINVAL: "invalid argument",
};

/** What Go's net package says of a connect that failed: `dial tcp 172.30.1.2:6443: connect: connection refused`. */
export function dialError(address: string, port: number, errno: Errno | undefined): string {
  const target = `dial tcp ${address.includes(":") ? `[${address}]` : address}:${port}`;
  if (errno === undefined) return `${target}: i/o timeout`;
  return `${target}: connect: ${WORDS[errno] ?? errno.toLowerCase()}`;
}
