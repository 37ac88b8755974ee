import { parseResolvConf } from "../../../sim/net/index.ts";
import { getaddrinfo } from "../../netdb/getaddrinfo.ts";
import { getnameinfo } from "../../netdb/getnameinfo.ts";
import type { AppletCall } from "../applet.ts";

/** nslookup up to 1.28: it asks the C library, and for each address for its name. */
export async function oldNslookup(call: AppletCall): Promise<number> {
  const { process } = call;
  const [host, server, ...more] = call.operands;
  if (host === undefined || more.length > 0) return call.usage();
  let servers = parseResolvConf(process.host.readText("/etc/resolv.conf") ?? "").nameservers;
  if (server !== undefined) {
    const found = await getaddrinfo(process, server);
    if (found.failure !== undefined) return call.die(`can't resolve '${server}'`);
    servers = found.addresses.slice(0, 1);
  }
  const numbered = async (address: string, number: number): Promise<string> => {
    const name = await getnameinfo(process, address, servers);
    return `Address ${number}: ${address}${name === undefined ? "" : ` ${name}`}\n`;
  };
  await process.print(`Server:    ${server ?? servers[0]!}\n${await numbered(servers[0]!, 1)}\n`);
  const found = await getaddrinfo(process, host, undefined, servers);
  if (found.failure !== undefined) return call.die(`can't resolve '${host}'`);
  await process.print(`Name:      ${host}\n`);
  for (const [at, address] of found.addresses.entries()) await process.print(await numbered(address, at + 1));
  return 0;
}
