import { isWithin, type Process } from "../../../sim/host/index.ts";
import { MANIFESTS } from "../../../sim/kube/kubeadm/index.ts";
import { containerdOf, removeContainer, removeSandbox, stopSandbox } from "../../../sim/kube/kubelet/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import { stopped } from "../init/kubelet.ts";
import type { ResetData } from "./reset-data.ts";

const KUBELET = "/var/lib/kubelet";
const CONFIGS = ["admin", "super-admin", "kubelet", "bootstrap-kubelet", "controller-manager", "scheduler"].map((name) => `/etc/kubernetes/${name}.conf`); // prettier-ignore

/** As phases/reset/cleanupnode.go: no kubelet, no Pods, none of their files, no kubeconfigs. */
export async function cleanUp(data: ResetData): Promise<void> {
  const { process, certificates, given, dry } = data;
  const folders = [MANIFESTS];
  await data.print(dry ? "Would stop the kubelet service" : "Stopping the kubelet service");
  if (!dry) await stopped(process);
  await data.print(`${dry ? "Would unmount" : "Unmounting"} mounted directories in "${KUBELET}"`);
  if (!dry) {
    unmountBelow(process, KUBELET);
    folders.push(KUBELET);
    await removePods(process);
  } else await data.print("Would remove Kubernetes-managed containers");
  if (certificates !== "/etc/kubernetes/pki")
    await klog(process, "W", "cleanupnode.go:109", `[reset] WARNING: Cleaning a non-default certificates directory: "${certificates}"`); // prettier-ignore
  folders.push(certificates, ...(given.isTrue("cleanup-tmp-dir") ? ["/etc/kubernetes/tmp"] : []));
  await data.print(`${dry ? "Would delete" : "Deleting"} contents of directories: [${folders.join(" ")}]`);
  if (!dry) for (const folder of folders) cleanFolder(process, folder);
  await data.print(`${dry ? "Would delete" : "Deleting"} files: [${CONFIGS.join(" ")}]`);
  if (!dry) for (const path of CONFIGS) if (process.host.files.exists(path)) process.host.files.unlink(path, process);
}

/** Removes what is in a folder, not the folder; one that is not there is as good. */
export function cleanFolder(process: Process, folder: string): void {
  const { files } = process.host;
  if (!files.exists(folder, process)) return;
  for (const name of files.list(folder, process)) files.removeTree(`${folder}/${name}`, process);
}

function unmountBelow({ host }: Process, folder: string): void {
  const gone = host.mounts.filter(({ at }) => at !== folder && isWithin(at, folder));
  if (gone.length === 0) return;
  host.update({ mounts: host.mounts.filter((mount) => !gone.includes(mount)) });
  for (const { files } of gone) if (files?.id.startsWith("tmpfs/")) host.hosts.removeFileSystem(files.id);
}

/** Stops and removes all sandboxes of the runtime with their containers; nothing can be removed while it does not run. */
async function removePods(process: Process): Promise<void> {
  const runtime = containerdOf(process.machine);
  if (!runtime.serving)
    return klog(process, "W", "cleanupnode.go:104", '[reset] Failed to remove containers: failed to create new CRI runtime service: validate service connection: validate CRI v1 runtime API for endpoint "unix:///var/run/containerd/containerd.sock": rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /var/run/containerd/containerd.sock: connect: connection refused"'); // prettier-ignore
  for (const { id, config } of Array.from(runtime.sandboxes.values())) {
    await runtime.ask(process, (done) => stopSandbox(runtime, id, done));
    for (const container of Array.from(runtime.containers.values()))
      if (container.sandbox === id) removeContainer(runtime, container.id);
    removeSandbox(runtime, id);
    runtime.podChanged(config.uid);
  }
}
