import { encode } from "../../../../kernel/index.ts";
import type { DnsConfig, PodSandboxConfig } from "../api.ts";
import { Directory } from "../directory.ts";
import type { Containerd } from "../runtime.ts";

const ROOT = "/var/lib/containerd/io.containerd.grpc.v1.cri/sandboxes";

/** What the containers of a sandbox share at /dev/shm (internal/cri/server/helpers.go). */
export const SHARED_MEMORY_KIB = 65_536;

/** The id of that file system. */
export function sharedMemoryOf(sandbox: string): string {
  return `shm/${sandbox}`;
}

export function sandboxDirectory(id: string): string {
  return `${ROOT}/${id}`;
}

/** The files that all containers of a sandbox see (containerd sandbox_run_linux.go setupSandboxFiles). */
export function writeSandboxFiles(runtime: Containerd, id: string, config: PodSandboxConfig): void {
  const { host } = runtime;
  if (!config.hostIpc) host.hosts.makeTmpfs(sharedMemoryOf(id), SHARED_MEMORY_KIB * 1024, 0o1777);
  const directory = Directory.at(host, ROOT, 0o711).make(id);
  directory.write("hostname", encode(`${config.hostname}\n`));
  directory.write("hosts", encode(host.readText("/etc/hosts") ?? ""));
  const resolver = config.dns ? resolvConf(config.dns) : "";
  directory.write("resolv.conf", encode(resolver === "" ? (host.readText("/etc/resolv.conf") ?? "") : resolver));
}

export function removeSandboxFiles(runtime: Containerd, id: string): void {
  Directory.at(runtime.host, ROOT, 0o711).remove(id);
  runtime.host.hosts.removeFileSystem(sharedMemoryOf(id));
}

/** parseDNSOptions: in this order. */
export function resolvConf({ servers, searches, options }: DnsConfig): string {
  let text = "";
  if (searches.length > 0) text += `search ${searches.join(" ")}\n`;
  for (const server of servers) text += `nameserver ${server}\n`;
  if (options.length > 0) text += `options ${options.join(" ")}\n`;
  return text;
}
