import { readAll, strerror, type Process, type Program } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import {
  addDestination,
  addService,
  addressText,
  clearServices,
  deleteDestination,
  deleteService,
  editDestination,
  editService,
  ipvsTimeouts,
  namespaceOf,
  namesInHostsFile,
  OTHER_SCHEDULERS,
  parseAddress,
  SCHEDULERS,
  servicesOf,
  serviceKey,
  setIpvsTimeouts,
  zeroService,
  type Namespace,
  type Scheduler,
  type ServiceAddress,
  type ServiceRow,
} from "../../sim/net/index.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { serviceNames } from "../iptables/names.ts";
import { isRefusal, readCommand, TRY_HELP, type Command, type Given, type OptionName } from "./command.ts";
import { BANNER, connectionsText, listText, type Format } from "./print.ts";

/** Virtual services of IPVS and their real servers. Words and formats as ipvsadm.c and libipvs.c have them. */
export const ipvsadm: Program = {
  name: "ipvsadm",
  summary: "Linux Virtual Server administration",
  async run(process, args) {
    if (!mayAdminNetwork(process)) {
      const why = "Can't initialize ipvs: Permission denied (you must be root)";
      await process.error(`${why}\nAre you sure that IP Virtual Server is built in the kernel or as module?\n`);
      return 2;
    }
    const outcome = await run(process, args.length === 0 ? ["-L"] : args);
    if (outcome.text !== "") await process.print(outcome.text);
    if (outcome.error !== "") await process.error(outcome.error);
    return outcome.status;
  },
};

interface Outcome {
  readonly text: string;
  readonly error: string;
  readonly status: number;
}

const DONE: Outcome = { text: "", error: "", status: 0 };

function failed(error: string, status = 2): Outcome {
  return { text: "", error: `${error}\n`, status };
}

function notSimulated(what: string): Outcome {
  return failed(`drydock: ipvsadm: '${what}' is not simulated`, 64);
}

async function run(process: Process, args: readonly string[], restoring = false): Promise<Outcome> {
  const command = readCommand(args);
  if (isRefusal(command)) return failed(command.text, command.status);
  const ns = namespaceOf(process);
  ns.network.loadModule(ns.machine, "ip_vs");
  switch (command.name) {
    case "help":
      return notSimulated("--help");
    case "version":
      return { ...DONE, text: "ipvsadm v1.31 2019/12/24 (compiled with popt and IPVS v1.2.1)\n" };
    case "restore":
      return restoring ? failed(TRY_HELP.text, TRY_HELP.status) : restore(process);
    case "start-daemon":
    case "stop-daemon":
      return notSimulated(`--${command.name}`);
    case "list":
    case "save":
      return list(process, ns, command);
    case "flush":
      clearServices(ns);
      return DONE;
    case "set":
      return setTimeouts(ns, command);
    default:
      return change(process, ns, command);
  }
}

async function restore(process: Process): Promise<Outcome> {
  const text = decode((await readAll(process, process.fds.get(0), process.kernel.limits.memory)) ?? "");
  let status = 0;
  for (const line of text.split("\n")) {
    const words = line
      .trim()
      .split(/\s+/)
      .filter((word) => word !== "");
    if (words.length === 0 || line.trim().startsWith("#")) continue;
    const outcome = await run(process, words, true);
    if (outcome.text !== "") await process.print(outcome.text);
    if (outcome.error !== "") await process.error(outcome.error);
    // A word that cannot be read ends it all (fail exits); what the kernel refuses does not.
    if (outcome.status === 2 || outcome.status === 64) return { ...DONE, status: outcome.status };
    status = outcome.status;
  }
  return { ...DONE, status };
}

function setTimeouts(ns: Namespace, { operands }: Command): Outcome {
  if (operands.length < 3) return failed("--set option requires 3 timeout values");
  const values: number[] = [];
  for (const word of operands.slice(0, 3)) {
    const value = wholeNumber(word, 0, 86_400 * 31);
    if (value === undefined) return failed(`invalid timeout value \`${word}' specified`);
    values.push(value);
  }
  if (operands[3] !== undefined) return failed(`unexpected argument ${operands[3]}`);
  setIpvsTimeouts(ns, { tcp: values[0]!, tcpFin: values[1]!, udp: values[2]! });
  return DONE;
}

function list(process: Process, ns: Namespace, command: Command): Outcome {
  const has = (option: OptionName): boolean => command.options.has(option);
  const details = has("stats") || has("persistent-conn") || has("rate") || has("thresholds");
  if ((has("connection") || has("timeout") || has("daemon")) && details)
    return failed("options conflicts in the list command");
  if (has("rate")) return notSimulated("--rate");
  if (has("daemon")) return DONE;
  if (has("timeout")) {
    const { tcp, tcpFin, udp } = ipvsTimeouts(ns);
    return { ...DONE, text: `Timeout (tcp tcpfin udp): ${tcp} ${tcpFin} ${udp}\n` };
  }
  const hosts = process.host.readText("/etc/hosts") ?? "";
  const format: Format = {
    numeric: has("numeric"),
    rule: command.name === "save",
    stats: has("stats"),
    thresholds: has("thresholds"),
    persistentConnections: has("persistent-conn"),
    exact: has("exact"),
    sorted: !has("nosort"),
    names: serviceNames(process.host),
    host: (address) => namesInHostsFile(hosts, address)[0],
  };
  if (has("connection")) return { ...DONE, text: connectionsText(ns, format) };
  const service = command.options.get("service-address");
  if (!service) return { ...DONE, text: `${format.rule ? "" : BANNER}${listText(ns, format)}` };
  const at = readService(process, service, command.six);
  if (typeof at === "string") return failed(at);
  const row = servicesOf(ns).get(serviceKey(at));
  return row ? { ...DONE, text: listText(ns, format, row) } : failed("No such service", 1);
}

function change(process: Process, ns: Namespace, command: Command): Outcome {
  const service = command.options.get("service-address");
  const at = service && readService(process, service, command.six);
  if (typeof at === "string") return failed(at);
  if (command.name === "zero") return tell(zeroService(ns, at), {});
  if (command.name === "delete-service") return tell(deleteService(ns, at!), {});
  if (command.name === "add-service" || command.name === "edit-service") return changeService(ns, command, at!);
  return changeServer(process, ns, command, at!);
}

function changeService(ns: Namespace, { name, options }: Command, at: ServiceAddress): Outcome {
  const value = (option: OptionName): string | undefined => options.get(option)?.value;
  const timeout = value("persistent");
  const persistent = !options.has("persistent")
    ? undefined
    : timeout === undefined
      ? 300
      : wholeNumber(timeout, 1, 86_400 * 31);
  if (options.has("persistent") && persistent === undefined)
    return failed(`invalid timeout value \`${timeout!}' specified`);
  const netmask = value("netmask") === undefined ? undefined : readNetmask(value("netmask")!, at);
  if (typeof netmask === "string") return failed(netmask);
  if (!("fwmark" in at) && at.port === 0 && persistent === undefined)
    return failed("Zero port specified for non-persistent service");
  if (options.has("ops") && !("fwmark" in at) && at.protocol !== "udp")
    return failed("One-Packet Scheduling is only for UDP virtual services");
  if (options.has("ops")) return notSimulated("--ops");
  const scheduler = value("scheduler") ?? "wlc";
  if ((OTHER_SCHEDULERS as readonly string[]).includes(scheduler)) return notSimulated(`-s ${scheduler}`);
  if (!(SCHEDULERS as readonly string[]).includes(scheduler)) return failed("Scheduler not found", 255);
  const row: Omit<ServiceRow, "destinations"> = {
    at,
    scheduler: scheduler as Scheduler,
    ...(persistent === undefined ? {} : { persistent }),
    ...(netmask === undefined ? {} : { netmask }),
  };
  return name === "add-service"
    ? tell(addService(ns, row), { EEXIST: "Service already exists" })
    : tell(editService(ns, row), {});
}

function changeServer(process: Process, ns: Namespace, command: Command, at: ServiceAddress): Outcome {
  const { name, options } = command;
  const real = readEnd(process, options.get("real-server")!.value!, "fwmark" in at ? "tcp" : at.protocol);
  if (!real) return failed("illegal real server address[:port] specified");
  const servicePort = "fwmark" in at ? 0 : at.port;
  const method = options.get("forwarding-method")?.flag ?? "-g";
  const number = (option: OptionName, fallback: number, max: number): number | undefined => {
    const text = options.get(option)?.value;
    return text === undefined ? fallback : wholeNumber(text, 0, max);
  };
  const weight = number("weight", 1, 65_535);
  if (weight === undefined) return failed("illegal weight specified");
  const upper = number("u-threshold", 0, 0x7fff_ffff);
  if (upper === undefined) return failed("illegal u_threshold specified");
  const lower = number("l-threshold", 0, 0x7fff_ffff);
  if (lower === undefined) return failed("illegal l_threshold specified");
  const destination = { address: real.address, port: real.port ?? servicePort, weight, upper, lower };
  if (name === "delete-server")
    return tell(deleteDestination(ns, at, destination), {
      ESRCH: "Service not defined",
      ENOENT: "No such destination",
    });
  if (method !== "-m") return notSimulated(method);
  return name === "add-server"
    ? tell(addDestination(ns, at, destination), {
        ESRCH: "Service not defined",
        EEXIST: "Destination already exists",
      })
    : tell(editDestination(ns, at, destination), { ESRCH: "Service not defined", ENOENT: "No such destination" });
}

/** ipvs_strerror; the program returns -1 then. */
function tell(errno: Parameters<typeof strerror>[0] | undefined, words: Readonly<Record<string, string>>): Outcome {
  if (errno === undefined) return DONE;
  const known: Readonly<Record<string, string>> = { ESRCH: "No such service", ...words };
  return failed(known[errno] ?? strerror(errno), 255);
}

function wholeNumber(text: string, min: number, max: number): number | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= min && value <= max ? value : undefined;
}

function readService(process: Process, { flag, value }: Given, six: boolean): ServiceAddress | string {
  if (flag === "-f") {
    const mark = wholeNumber(value!, 1, 0xffff_ffff);
    return mark === undefined ? `invalid fwmark value \`${value!}' specified` : { fwmark: mark, family: six ? 6 : 4 };
  }
  const protocol = flag === "-t" ? "tcp" : "udp";
  const end = readEnd(process, value!, protocol);
  if (!end) return "illegal virtual server address[:port] specified";
  return { protocol, address: end.address, port: end.port ?? 0 };
}

/** `10.0.0.1:80`, `[fd00::1]:443`, `10.0.0.1:http`. */
function readEnd(
  process: Process,
  text: string,
  protocol: "tcp" | "udp" | "sctp",
): { readonly address: string; readonly port: number | undefined } | undefined {
  const match = /^\[(.*)\]:(.*)$/.exec(text) ?? /^([^:]*):([^:]*)$/.exec(text);
  const host = match ? match[1]! : text;
  const address = parseAddress(host);
  if (address === undefined) return undefined;
  if (!match) return { address: addressText(address), port: undefined };
  const port = wholeNumber(match[2]!, 0, 65_535) ?? serviceNames(process.host).port(match[2]!, protocol);
  return port === undefined ? undefined : { address: addressText(address), port };
}

function readNetmask(text: string, at: ServiceAddress): number | string {
  const six = "fwmark" in at ? at.family === 6 : at.address.includes(":");
  if (six) return wholeNumber(text, 1, 128) ?? "illegal ipv6 netmask specified";
  const value = parseAddress(text);
  if (typeof value !== "number") return "illegal virtual server persistent mask specified";
  return Math.clz32(~value);
}
