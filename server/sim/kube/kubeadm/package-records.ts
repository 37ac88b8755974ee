import type { InstalledPackage } from "../../host/index.ts";
import { CNI_PLUGINS } from "./packages.ts";
import type { Cluster } from "./cluster.ts";

const AUTHORS = "Kubernetes Authors <dev@kubernetes.io>";
const UBUNTU = "Ubuntu Developers <ubuntu-devel-discuss@lists.ubuntu.com>";
const UNITS = "/usr/lib/systemd/system";

/**
 * What dpkg's database tells of a node's packages (kubernetes/release cmd/krel/templates/latest). The three of Kubernetes
 * are held, as the installation's documentation has it.
 */
export function packageRecords({ version, release }: Cluster): InstalledPackage[] {
  const kubernetes = { version: `${version.slice(1)}-1.1`, arch: "amd64", maintainer: AUTHORS, held: true } as const;
  const { minor } = release;
  return [
    {
      name: "containerd",
      version: "1.7.27-0ubuntu1~24.04.1",
      arch: "amd64",
      maintainer: UBUNTU,
      depends: "runc (>= 1.0.0~rc2~)",
      summary: "daemon to control runC",
      files: [
        ...["containerd", "containerd-shim-runc-v2", "ctr"].map((name) => `/usr/bin/${name}`),
        `${UNITS}/containerd.service`,
      ],
    },
    {
      name: "cri-tools",
      size: 41_000,
      version: `${minor.slice(1)}.0-1.1`,
      arch: "amd64",
      maintainer: AUTHORS,
      summary: "Command-line utility for interacting with a container runtime",
      files: ["/usr/bin/crictl"],
    },
    {
      ...kubernetes,
      name: "kubeadm",
      size: 72_500,
      depends: "cri-tools (>= 1.30.0)",
      summary: "Command-line utility for administering a Kubernetes cluster",
      files: ["/usr/bin/kubeadm", `${UNITS}/kubelet.service.d/10-kubeadm.conf`],
    },
    {
      ...kubernetes,
      name: "kubectl",
      size: 58_500,
      summary: "Command-line utility for interacting with a Kubernetes cluster",
      files: ["/usr/bin/kubectl"],
    },
    {
      ...kubernetes,
      name: "kubelet",
      size: 79_500,
      depends: "kubernetes-cni (>= 1.2.0), mount, util-linux",
      summary: "Node agent for Kubernetes clusters",
      files: [
        "/etc/default/kubelet",
        "/etc/kubernetes/manifests/.kubelet-keep",
        "/usr/bin/kubelet",
        `${UNITS}/kubelet.service`,
        "/var/lib/kubelet/.kubelet-keep",
      ],
    },
    {
      name: "kubernetes-cni",
      size: 112_000,
      version: "1.6.0-1.1",
      arch: "amd64",
      maintainer: AUTHORS,
      summary: "Binaries required to provision kubernetes container networking",
      files: [
        "/etc/cni/net.d/.kubernetes-cni-keep",
        ...CNI_PLUGINS.map((name) => `/opt/cni/bin/${name}`),
        "/opt/cni/bin/LICENSE",
        "/opt/cni/bin/README.md",
      ],
    },
    {
      name: "runc",
      version: "1.1.12-0ubuntu3.1",
      arch: "amd64",
      maintainer: UBUNTU,
      summary: "Open Container Project - runtime",
      files: ["/usr/sbin/runc"],
    },
  ];
}
