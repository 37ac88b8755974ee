import { MANIFESTS } from "../../../sim/kube/kubeadm/index.ts";
import { images } from "../defaults.ts";
import {
  commonChecks,
  directoryEmpty,
  enoughMachine,
  fileAbsent,
  imagesPresent,
  portFree,
  privileged,
  runChecks,
} from "../preflight.ts";
import type { InitData } from "./run-data.ts";

/** As preflight.RunInitNodeChecks, in its order. */
export async function checkControlPlane(data: InitData): Promise<void> {
  const { process, cluster, configuration } = data;
  await data.print("[preflight] Running pre-flight checks");
  await runChecks(process, [privileged(process)], configuration.ignoredErrors);
  const components = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"];
  const checks = [
    ...enoughMachine(process),
    ...[cluster.bindPort, 10_259, 10_257].map((port) => portFree(process, port)),
    ...components.map((name) => fileAbsent(process, `${MANIFESTS}/${name}.yaml`)),
    ...commonChecks(process, cluster.criSocket),
    ...[2379, 2380].map((port) => portFree(process, port)),
    directoryEmpty(process, cluster.dataDir),
  ];
  await runChecks(process, checks, configuration.ignoredErrors);
  if (data.dryRunFolder !== undefined)
    return data.print("[preflight] Would pull the required images (like 'kubeadm config images pull')");
  await data.print("[preflight] Pulling images required for setting up a Kubernetes cluster");
  await data.print("[preflight] This might take a minute or two, depending on the speed of your internet connection");
  await data.print("[preflight] You can also perform this action beforehand using 'kubeadm config images pull'");
  imagesPresent(process, images(cluster.version, cluster.imageRepository));
}
