import { enablement, findInPath, loadUnitFile, type Process } from "../../sim/host/index.ts";
import { containerdOf, findImage } from "../../sim/kube/kubelet/index.ts";
import { hostNamespace } from "../../sim/net/index.ts";
import { KubeadmError, NotSimulated } from "./failure.ts";

/** A check of kubeadm/app/preflight/checks.go: what it is called, and what it finds. */
export interface Check {
  readonly name: string;
  readonly warnings?: readonly string[];
  readonly errors?: readonly string[];
}

/** Says what was found; an error that was not to be ignored ends the command (preflight.RunChecks). */
export async function runChecks(
  process: Process,
  checks: readonly Check[],
  ignored: ReadonlySet<string>,
): Promise<void> {
  const fatal: string[] = [];
  for (const { name, warnings = [], errors = [] } of checks) {
    const ignore = ignored.has("all") || ignored.has(name.toLowerCase());
    for (const text of ignore ? [...warnings, ...errors] : warnings)
      await process.error(`\t[WARNING ${name}]: ${text}\n`);
    if (!ignore) fatal.push(...errors.map((text) => `\t[ERROR ${name}]: ${text}\n`));
  }
  if (fatal.length > 0)
    throw new KubeadmError(
      `[preflight] Some fatal errors occurred:\n${fatal.join("")}[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\``,
    );
}

export function privileged({ uid }: Process): Check {
  return { name: "IsPrivilegedUser", errors: uid === 0 ? [] : ["user is not running as root"] };
}

/** What a control plane needs of a machine: two processors and 1700 MB. */
export function enoughMachine({ machine }: Process): Check[] {
  const { cpus, memory } = machine.row;
  const megabytes = Math.floor(memory / 1024);
  return [
    { name: "NumCPU", errors: cpus < 2 ? [`the number of available CPUs ${cpus} is less than the required 2`] : [] },
    { name: "Mem", errors: megabytes < 1700 ? [`the system RAM (${megabytes} MB) is less than the minimum 1700 MB`] : [] }, // prettier-ignore
  ];
}

export function portFree(process: Process, port: number): Check {
  const { sockets } = hostNamespace(process.host);
  const used = [...sockets.values()].some(
    (row) => row.protocol === "tcp" && row.state === "listen" && row.port === port,
  );
  return { name: `Port-${port}`, errors: used ? [`Port ${port} is in use`] : [] };
}

export function fileAbsent(process: Process, path: string): Check {
  const name = `FileAvailable-${path.replaceAll("/", "-")}`;
  return { name, errors: process.host.files.exists(path, process) ? [`${path} already exists`] : [] };
}

export function directoryEmpty(process: Process, path: string): Check {
  const { files } = process.host;
  const full = files.exists(path, process) && files.list(path).length > 0;
  return { name: `DirAvailable-${path.replaceAll("/", "-")}`, errors: full ? [`${path} is not empty`] : [] };
}

/** What every node needs (addCommonChecks). */
export function commonChecks(process: Process, criSocket: string): Check[] {
  const runtime = containerdOf(process.machine);
  const missing = (program: string): boolean =>
    findInPath(process.host, program, process.env["PATH"], process) === undefined;
  const needed = (program: string): Check => ({ name: `FileExisting-${program}`, errors: missing(program) ? [`${program} not found in system path`] : [] }); // prettier-ignore
  const wanted = (program: string): Check => ({ name: `FileExisting-${program}`, warnings: missing(program) ? [`${program} not found in system path`] : [] }); // prettier-ignore
  const kubelet = loadUnitFile(process.host, "kubelet.service");
  const enabled = kubelet !== undefined && enablement(process.host, kubelet) === "enabled";
  return [
    { name: "CRI", errors: runtime.serving ? [] : [`could not connect to the container runtime: failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint "${criSocket}": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix ${criSocket.replace(/^unix:\/\//, "")}: connect: connection refused"`] }, // prettier-ignore
    ...["ip", "iptables", "mount", "nsenter"].map(needed),
    ...["ethtool", "tc", "touch"].map(wanted),
    { name: "Service-Kubelet", warnings: enabled ? [] : ["kubelet service is not enabled, please run 'systemctl enable kubelet.service'"] }, // prettier-ignore
    portFree(process, 10_250),
    forwards(process),
  ];
}

function forwards(process: Process): Check {
  const path = "/proc/sys/net/ipv4/ip_forward";
  const on = process.host.readText(path)?.trim() === "1";
  return { name: "FileContent--proc-sys-net-ipv4-ip_forward", errors: on ? [] : [`${path} contents are not set to 1`] };
}

/** All images have to be there: pulling them here is not simulated. */
export function imagesPresent(process: Process, images: readonly string[]): void {
  const runtime = containerdOf(process.machine);
  const absent = images.find((image) => findImage(runtime, image) === undefined);
  if (absent !== undefined) throw new NotSimulated(`pulling ${absent} before the setup`);
}
