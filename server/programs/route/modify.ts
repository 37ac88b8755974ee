import { strerror, type Process } from "../../sim/host/index.ts";
import {
  addRoute,
  addressText,
  deleteRoute,
  findLink,
  ipv4,
  mask,
  namespaceOf,
  networkOf,
  parseIPv4,
  type Failure,
} from "../../sim/net/index.ts";
import { Exit, notSimulated } from "../ip/exit.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { resolveHost } from "./resolve.ts";
import { INET_ROUTE_USAGE } from "./usage.ts";

interface Wish {
  readonly network: string;
  readonly length: number;
  readonly host: boolean;
  readonly gateway?: string;
  readonly device?: string;
  readonly metric?: number;
  readonly reject: boolean;
}

/** `route add` and `route del` (net-tools lib/inet_sr.c: INET_setroute; net/ipv4/fib_frontend.c: ip_rt_ioctl). */
export async function changeRoute(process: Process, what: "add" | "delete", words: readonly string[]): Promise<number> {
  const wish = await readWish(process, words);
  const call = what === "add" ? "SIOCADDRT" : "SIOCDELRT";
  const failed = (errno: Failure["errno"]): Exit => new Exit(7, `${call}: ${strerror(errno)}\n`);
  if (!mayAdminNetwork(process)) throw failed("EPERM");
  const ns = namespaceOf(process);
  const to = `${wish.network}/${wish.length}`;
  if (networkOf(ipv4(wish.network), wish.length) !== ipv4(wish.network)) throw failed("EINVAL");
  const device = wish.reject ? undefined : wish.device;
  const link = device === undefined ? undefined : findLink(ns, device);
  if (device !== undefined && !link) throw failed("ENODEV");
  const hop = { ...(wish.gateway === undefined ? {} : { via: wish.gateway }), ...(link ? { link: link.index } : {}) };
  const metric = wish.metric === undefined ? {} : { metric: wish.metric };
  const result =
    what === "add"
      ? // As without NLM_F_EXCL: only the very same route is there already (ip_rt_ioctl).
        addRoute(
          ns,
          {
            to,
            ...metric,
            ...(wish.reject
              ? { type: "unreachable" as const, scope: "host" as const }
              : Object.keys(hop).length > 0
                ? { hops: [hop] }
                : {}),
          },
          "prepend",
        )
      : deleteRoute(ns, { to, ...metric, ...hop });
  if (result.ok) return 0;
  if (result.unsimulated !== undefined) throw notSimulated("route", result.unsimulated);
  throw failed(result.errno);
}

function usage(problem = "", status = 3): Exit {
  return new Exit(status, `${problem === "" ? "" : `route: ${problem}\n`}${INET_ROUTE_USAGE}`);
}

async function readWish(process: Process, words: readonly string[]): Promise<Wish> {
  let at = 0;
  const kind = words[at] === "-net" || words[at] === "-host" ? words[at++] : undefined;
  const target = words[at++];
  if (target === undefined) throw usage("", 0);
  const slash = target.indexOf("/");
  const name = slash < 0 ? target : target.slice(0, slash);
  const isDefault = name === "default";
  const network = isDefault ? "0.0.0.0" : await address(process, name);
  let length = slash < 0 ? undefined : Number(target.slice(slash + 1));
  const options = readOptions(words.slice(at));
  if (options.netmask !== undefined) {
    if (slash >= 0) throw usage();
    const bits = parseIPv4(options.netmask);
    const found = bits === undefined ? -1 : Math.clz32(~bits);
    if (bits === undefined || mask(found) !== bits) throw usage(`bogus netmask ${options.netmask}`);
    length = found;
  }
  const gateway = options.gateway === undefined ? undefined : await address(process, options.gateway, "Unknown host");
  const host = kind === "-host" || (kind === undefined && !isDefault);
  if (host && length !== undefined && length !== 32) {
    const wild = (~mask(length) >>> 0).toString(16).padStart(8, "0");
    throw usage(`netmask ${wild} doesn't make sense with host route`);
  }
  const prefix = length ?? (host ? 32 : network === "0.0.0.0" ? 0 : classLength(network));
  if (length !== undefined && addressText(networkOf(ipv4(network), length)) !== network)
    throw usage("netmask doesn't match route address");
  return {
    network,
    length: prefix,
    host,
    ...(gateway === undefined ? {} : { gateway }),
    ...(options.device === undefined ? {} : { device: options.device }),
    ...(options.metric === undefined ? {} : { metric: options.metric }),
    reject: options.reject,
  };
}

async function address(process: Process, name: string, why?: string): Promise<string> {
  const found = await resolveHost(process, name);
  if (typeof found === "string") return found;
  throw new Exit(6, `${name}: ${why ?? found.why}\n`);
}

/** The prefix length of an address' class (INET's netmask for A, B and C). */
function classLength(text: string): number {
  const first = Number(text.split(".")[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

interface Options {
  netmask?: string;
  gateway?: string;
  device?: string;
  metric?: number;
  reject: boolean;
}

function readOptions(words: readonly string[]): Options {
  const options: Options = { reject: false };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const value = (): string => {
      const next = words[++at];
      if (next === undefined) throw usage();
      return next;
    };
    switch (word) {
      case "metric": {
        const text = value();
        if (!/^\d+$/.test(text)) throw usage();
        options.metric = Number(text);
        break;
      }
      case "netmask":
        options.netmask = value();
        break;
      case "gw":
      case "gateway":
        options.gateway = value();
        break;
      case "reject":
        options.reject = true;
        break;
      case "dev":
      case "device":
        options.device = value();
        break;
      case "mss":
      case "window":
      case "irtt":
      case "mod":
      case "dyn":
      case "reinstate":
        throw notSimulated("route", word);
      default:
        if (options.device !== undefined) throw usage();
        options.device = word;
    }
  }
  return options;
}
