import { isAddress } from "../../server/sim/net/index.ts";

/** What is wrong with the host or the ports of `http://HOST:PORT/…`, `udp://HOST:PORT`, `icmp:HOST`, `nodes:LOW-HIGH`; undefined if nothing. */
export function addressProblem(text: string): string | undefined {
  const range = /^nodes:(\d+)(?:-(\d+))?$/.exec(text);
  if (range) {
    const [low, high] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (low > high) return `${text}: the first port must be the smaller one`;
    return [low, high].every(isPort) ? undefined : wrongPort(text);
  }
  const [, host = "", port] = /^(?:\w+:\/\/|icmp:)?(\[[^\]]+\]|[^/:\s]+)(?::(\d+))?/.exec(text) ?? [];
  if (/^[\d.]+$/.test(host) && !isAddress(host))
    return `${host} is no address: write four numbers up to 255, or a name`;
  return port === undefined || isPort(Number(port)) ? undefined : wrongPort(text);
}

function isPort(port: number): boolean {
  return port >= 1 && port <= 65535;
}

function wrongPort(text: string): string {
  return `expected a port from 1 to 65535, found ${JSON.stringify(text)}`;
}
