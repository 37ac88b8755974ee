import { MANIFESTS, staticPodFiles, type StaticPodFile } from "../../../sim/kube/kubeadm/index.ts";
import { basename } from "../../../sim/host/index.ts";
import type { InitData } from "./run-data.ts";

export async function sayManifestFolder(data: InitData): Promise<void> {
  await data.print(`[control-plane] Using manifest folder "${data.folder(MANIFESTS)}"`);
}

/** Writes the manifest of `kube-apiserver`, `kube-controller-manager` or `kube-scheduler`. */
export async function writeManifest(data: InitData, component: string): Promise<void> {
  await data.print(`[control-plane] Creating static Pod manifest for "${component}"`);
  data.write(manifestOf(data, component));
}

/** As phases/etcd/local.go: the member keeps the data that are there. */
export async function writeEtcdManifest(data: InitData): Promise<void> {
  const { cluster, process } = data;
  const folder = cluster.dataDir;
  if (data.dryRunFolder !== undefined) await data.print(`[etcd] Would ensure that "${folder}" directory is present`);
  else if (process.host.files.exists(folder, process)) process.host.files.chmod(folder, 0o700, process);
  else process.host.files.mkdir(folder, { mode: 0o700, parents: true }, process);
  await data.print(`[etcd] Creating static Pod manifest for local etcd in "${data.folder(MANIFESTS)}"`);
  const file = manifestOf(data, "etcd");
  data.write(file);
  if (data.dryRunFolder === undefined) return;
  await data.print(`[dryrun] Would write file "${MANIFESTS}/etcd.yaml" with content:`);
  await data.process.print(file.text.replaceAll(/^(?=.)/gm, "\t"));
}

function manifestOf(data: InitData, component: string): StaticPodFile {
  const file = staticPodFiles(data.cluster, data.node).find(({ path }) => path === `${MANIFESTS}/${component}.yaml`)!;
  return { ...file, path: `${data.folder(MANIFESTS)}/${basename(file.path)}` };
}
