import type { Process } from "../../sim/host/index.ts";
import type { CurlArguments } from "./options.ts";
import type { CurlUrl } from "./url.ts";
import type { Verbose } from "./verbose.ts";

/** An HTTP proxy that stands between. */
export interface Proxy {
  readonly host: string;
  readonly port: number;
}

/** The proxy for a URL: `-x`, or one of the environment's (create_conn and detect_proxy in lib/url.c). */
export async function proxyFor(
  process: Process,
  args: CurlArguments,
  verbose: Verbose,
  url: CurlUrl,
): Promise<Proxy | undefined> {
  const { env } = process;
  const first = (...names: readonly string[]): [string, string] | undefined =>
    names.map((name): [string, string] => [name, env[name] ?? ""]).find(([, value]) => value !== "");
  const without = first("no_proxy", "NO_PROXY");
  const noproxy = args.value("noproxy") ?? without?.[1];
  if (noproxy !== undefined && args.value("noproxy") === undefined)
    await verbose.info(`Uses proxy env variable ${without![0]} == '${noproxy}'`);
  if (noproxy !== undefined && isExcepted(url.host, noproxy)) return undefined;
  const given = args.value("proxy");
  if (given !== undefined) return given === "" ? undefined : parseProxy(given);
  // In capital letters HTTP_PROXY could be a request's field in CGI.
  const names = url.scheme === "http" ? ["http_proxy"] : [`${url.scheme}_proxy`, `${url.scheme.toUpperCase()}_PROXY`];
  const found = first(...names, "all_proxy", "ALL_PROXY");
  if (!found) return undefined;
  await verbose.info(`Uses proxy env variable ${found[0]} == '${found[1]}'`);
  return parseProxy(found[1]);
}

function parseProxy(text: string): Proxy {
  const [, scheme = "http", , host, port] = /^(?:(\w+):\/\/)?(?:([^@]*)@)?(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(text)!;
  return { host: host!.replace(/^\[(.*)\]$/, "$1"), port: Number(port ?? (scheme === "https" ? 443 : 1080)) };
}

/** Curl_check_noproxy: `*`, names with all below them, addresses and networks. */
function isExcepted(host: string, list: string): boolean {
  if (list === "*") return true;
  return list.split(/[\s,]+/).some((entry) => {
    if (entry === "") return false;
    if (/^[\d.]+$/.test(host)) {
      const [network, bits] = entry.split("/");
      if (bits === undefined) return network === host;
      return sharesBits(host, network!, Number(bits));
    }
    const name = entry.replace(/^\.|\.$/g, "").toLowerCase();
    const own = host.toLowerCase().replace(/\.$/, "");
    return own === name || own.endsWith(`.${name}`);
  });
}

function sharesBits(address: string, network: string, bits: number): boolean {
  const number = (text: string): number => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const span = 2 ** (32 - bits);
  return /^[\d.]+$/.test(network) && Math.floor(number(address) / span) === Math.floor(number(network) / span);
}
