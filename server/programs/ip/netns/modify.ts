import { Errno } from "../../../sim/host/index.ts";
import { addNamespace, networkOfHosts, removeNamespace, renameNamespace } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { Exit, talk } from "../exit.ts";
import { mayAdminNetwork } from "../permission.ts";
import { namesOf, NETNS_DIRECTORY } from "./names.ts";

/** `ip netns add NAME`: a namespace, and a file that keeps it alive (ip/ipnetns.c: netns_add). */
export function addNamed(call: IpCall, [name]: readonly string[]): number {
  if (name === undefined) throw new Exit(1, "No netns name specified\n");
  checkName(name);
  makeFile(call, name);
  addNamespace(networkOfHosts(call.process.host.hosts), call.process.machine.name, { name });
  return 0;
}

/** `ip netns attach NAME PID`: gives a name to the namespace that a process is in. */
export function attachNamed(call: IpCall, [name, pid]: readonly string[]): number {
  if (name === undefined) throw new Exit(1, "No netns name and PID specified\n");
  if (pid === undefined) throw new Exit(1, "No netns name and PID specified\n");
  checkName(name);
  const { host } = call.process;
  if (!/^\d+$/.test(pid)) throw new Exit(1, `Invalid PID: ${pid}\n`);
  const row = /^\d+$/.test(pid) ? host.processByPid(Number(pid)) : undefined;
  const id = row && (row.netns ?? host.hosts.host(row.host)?.netns);
  if (id === undefined) {
    makeFile(call, name);
    call.process.host.files.unlink(`${NETNS_DIRECTORY}/${name}`, call.process);
    throw new Exit(1, `Bind /proc/${pid}/ns/net -> ${NETNS_DIRECTORY}/${name} failed: No such file or directory\n`);
  }
  makeFile(call, name);
  talk(renameNamespace(networkOfHosts(host.hosts), id, name));
  return 0;
}

function checkName(name: string): void {
  if (name === "" || name === "." || name === ".." || name.includes("/"))
    throw new Exit(255, `Invalid netns name "${name}"\n`);
}

function makeFile(call: IpCall, name: string): void {
  const { process } = call;
  const { files } = process.host;
  const path = `${NETNS_DIRECTORY}/${name}`;
  try {
    files.mkdir(NETNS_DIRECTORY, { parents: true }, process);
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    if (error.code !== "EEXIST") throw new Exit(1, `mkdir ${NETNS_DIRECTORY} failed: ${error.message}\n`);
  }
  if (!mayAdminNetwork(process) && process.uid === 0)
    throw new Exit(1, `mount --make-shared ${NETNS_DIRECTORY} failed: Operation not permitted\n`);
  const cannot = (why: string): Exit => new Exit(1, `Cannot create namespace file "${path}": ${why}\n`);
  if (call.namedNamespace(name)) throw cannot("File exists");
  try {
    files.write(path, "", { exclusive: true, mode: 0o444 }, process);
  } catch (error) {
    if (error instanceof Errno) throw cannot(error.message);
    throw error;
  }
}

/** `ip netns delete NAME`, or all of them. */
export function deleteNamed(call: IpCall, [name]: readonly string[]): number {
  if (call.options.all) {
    for (const { row } of namesOf(call)) deleteOne(call, row.name!);
    return 0;
  }
  if (name === undefined) throw new Exit(1, "No netns name specified\n");
  deleteOne(call, name);
  return 0;
}

/** The name goes; the namespace with it, unless somebody is still in it. */
function deleteOne(call: IpCall, name: string): void {
  const { process } = call;
  const { files } = process.host;
  const path = `${NETNS_DIRECTORY}/${name}`;
  const named = call.namedNamespace(name);
  const cannot = (why: string): Exit => new Exit(1, `Cannot remove namespace file "${path}": ${why}\n`);
  if (!named && !files.exists(path)) throw cannot("No such file or directory");
  if (process.uid !== 0) throw cannot("Permission denied");
  if (files.exists(path)) files.unlink(path, process);
  if (!named) return;
  const { network } = named;
  if (isInUse(call, named.id)) renameNamespace(network, named.id, undefined);
  else removeNamespace(network, named.id);
}

function isInUse({ process }: IpCall, id: string): boolean {
  const { hosts } = process.host;
  return (
    process.machine.processes().some((row) => row.netns === id && row.state !== "zombie") ||
    hosts.list(process.machine.name).some((host) => host.netns === id)
  );
}
