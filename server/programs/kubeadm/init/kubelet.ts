import { attempt, Errno, parseYamlText, systemdOf, type Process } from "../../../sim/host/index.ts";
import { decode, SECOND } from "../../../sim/kernel/index.ts";
import {
  CURRENT_CLIENT,
  kubeconfigText,
  kubeletConfigurationFile,
  kubeletFlagsFile,
} from "../../../sim/kube/kubeadm/index.ts";
import { KubeadmError } from "../failure.ts";
import type { InitData } from "./run-data.ts";

const RUN = "/var/lib/kubelet";
const UNIT = "kubelet.service";
const CONFIG = "/etc/kubernetes/kubelet.conf";

/** As phases/init/kubelet.go: the kubelet is stopped, told what to do, and started. */
export async function startKubelet(data: InitData): Promise<void> {
  const dry = data.dryRunFolder !== undefined;
  if (!dry) await stopped(data.process);
  const folder = data.folder(RUN);
  for (const [file, what] of [
    [kubeletFlagsFile(data.cluster), "environment file with flags"],
    [kubeletConfigurationFile(data.cluster), "configuration"],
  ] as const) {
    // prettier-ignore
    const path = file.path.replace(RUN, folder);
    await data.print(`[kubelet-start] Writing kubelet ${what} to file "${path}"`);
    if ("text" in file) data.write({ path, text: file.text });
  }
  if (dry) return;
  await data.print("[kubelet-start] Starting the kubelet");
  systemdOf(data.process.machine).start(UNIT);
}

/** Stops the kubelet's service and waits until it has ended, as `systemctl stop` does. */
export async function stopped(process: Process): Promise<void> {
  const systemd = systemdOf(process.machine);
  systemd.stop(UNIT);
  while (systemd.state(UNIT).active === "deactivating") await process.sleep(SECOND / 100);
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[];
  readonly contexts: readonly { readonly context: { readonly cluster: string; readonly user: string } }[];
  readonly users?: readonly { readonly name: string }[];
}

/** As phases/init/kubeletfinalize.go: kubelet.conf points to the certificate that the kubelet renews itself. */
export async function pointToRotatedCertificate(data: InitData): Promise<void> {
  const { process, node } = data;
  if (!process.host.files.exists(CURRENT_CLIENT, process)) return;
  await data.print(
    `[kubelet-finalize] Updating "${CONFIG}" to point to a rotatable kubelet client certificate and key`,
  );
  if (data.dryRunFolder !== undefined) return;
  const text = attempt(() => process.host.files.read(CONFIG, process));
  if (text instanceof Errno)
    throw new KubeadmError(`could not load "${CONFIG}": open ${CONFIG}: ${text.message.toLowerCase()}`);
  const config = parseYamlText(decode(text)) as Kubeconfig;
  const user = `system:node:${node.name}`;
  if (!config.users?.some(({ name }) => name === user))
    throw new KubeadmError(`the file "${CONFIG}" does not contain authentication for user "${node.name}"`);
  const [{ name, cluster }] = config.clusters as [Kubeconfig["clusters"][number]];
  data.write({
    path: CONFIG,
    mode: 0o600,
    text: kubeconfigText({
      cluster: name,
      server: cluster["server"]!,
      authority: Buffer.from(cluster["certificate-authority-data"] ?? "", "base64").toString("latin1"),
      user,
      context: `${user}@${name}`,
      credentials: { "client-certificate": CURRENT_CLIENT, "client-key": CURRENT_CLIENT },
    }),
  });
  systemdOf(process.machine).restart(UNIT);
}
