import type { End } from "../../net/index.ts";
import type { NginxConfig, Server } from "./config.ts";
import { nameScore } from "./server-name.ts";

/** Servers that listen on the address that a client has reached: an exact one counts more than a wildcard. */
function candidates({ servers }: NginxConfig, local: End): Server[] {
  const on = (server: Server, test: (address: string, wildcard: boolean) => boolean): boolean =>
    server.listens.some(({ address, port, wildcard }) => port === local.port && test(address, wildcard));
  const exact = servers.filter((server) => on(server, (address) => address === local.address));
  if (exact.length > 0) return exact;
  const six = local.address.includes(":");
  const family = servers.filter((server) =>
    on(server, (address, wildcard) => wildcard && address.includes(":") === six),
  );
  return family.length > 0 ? family : servers.filter((server) => on(server, (_, wildcard) => wildcard));
}

/** The server for requests that name no other. */
export function standardServer(config: NginxConfig, local: End): Server {
  const found = candidates(config, local);
  const isDefault = (server: Server): boolean =>
    server.listens.some((listen) => listen.isDefault && listen.port === local.port);
  return found.find(isDefault) ?? found[0] ?? config.servers[0]!;
}

/** The server by the name that was asked for (ngx_http_find_virtual_server). */
export function chooseServer(config: NginxConfig, local: End, host: string): Server {
  let best: Server | undefined;
  let bestScore = Infinity;
  for (const server of candidates(config, local)) {
    for (const name of server.names) {
      const score = nameScore(name, host);
      if (score === undefined || score >= bestScore) continue;
      best = server;
      bestScore = score;
    }
  }
  return best ?? standardServer(config, local);
}
