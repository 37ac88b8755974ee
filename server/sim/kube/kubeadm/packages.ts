import type { FileSpec } from "../../host/index.ts";
import { containerdConfig } from "./containerd-config.ts";
import { IMAGES, type Cluster } from "./cluster.ts";

const UNITS = "/usr/lib/systemd/system";

/** What the debs kubelet, kubeadm, kubectl, cri-tools and kubernetes-cni put on a node (kubernetes/release cmd/krel/templates/latest). */
export function kubernetesPackages(cluster: Cluster): FileSpec[] {
  const minor = cluster.release.minor;
  return [
    { path: "/etc/apt/keyrings", dir: true },
    { path: "/etc/apt/keyrings/kubernetes-apt-keyring.gpg", text: "" },
    {
      path: "/etc/apt/sources.list.d/kubernetes.list",
      text: `deb [signed-by=/etc/apt/keyrings/kubernetes-apt-keyring.gpg] https://pkgs.k8s.io/core:/stable:/${minor}/deb/ /\n`,
    },
    ...["kubelet", "kubeadm", "kubectl", "crictl"].map((name): FileSpec => ({
      path: `/usr/bin/${name}`,
      program: name,
    })),
    { path: `${UNITS}/kubelet.service`, text: KUBELET_UNIT },
    { path: `${UNITS}/kubelet.service.d/10-kubeadm.conf`, text: KUBEADM_DROP_IN },
    { path: "/etc/systemd/system/multi-user.target.wants/kubelet.service", link: `${UNITS}/kubelet.service` },
    { path: "/etc/default/kubelet", text: "KUBELET_EXTRA_ARGS=\n" },
    { path: "/etc/kubernetes/manifests/.kubelet-keep", text: "" },
    { path: "/var/lib/kubelet/.kubelet-keep", text: "" },
    ...CNI_PLUGINS.map((name): FileSpec => ({ path: `/opt/cni/bin/${name}`, program: `cni/${name}` })),
    {
      path: "/opt/cni/bin/LICENSE",
      text: "Apache License, Version 2.0: https://www.apache.org/licenses/LICENSE-2.0\n",
    },
    { path: "/opt/cni/bin/README.md", text: "Plugins of https://github.com/containernetworking/plugins\n" },
    { path: "/etc/cni/net.d/.kubernetes-cni-keep", text: "" },
  ];
}

/** Plugins of containernetworking/plugins 1.6 (deb kubernetes-cni). */
export const CNI_PLUGINS = [
  "bandwidth", "bridge", "dhcp", "dummy", "firewall", "host-device", "host-local", "ipvlan", "loopback", "macvlan",
  "portmap", "ptp", "sbr", "static", "tap", "tuning", "vlan", "vrf",
] as const; // prettier-ignore

const KUBELET_UNIT = `[Unit]
Description=kubelet: The Kubernetes Node Agent
Documentation=https://kubernetes.io/docs/
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/bin/kubelet
Restart=always
StartLimitInterval=0
RestartSec=10

[Install]
WantedBy=multi-user.target
`;

const KUBEADM_DROP_IN = `# Note: This dropin only works with kubeadm and kubelet v1.11+
[Service]
Environment="KUBELET_KUBECONFIG_ARGS=--bootstrap-kubeconfig=/etc/kubernetes/bootstrap-kubelet.conf --kubeconfig=/etc/kubernetes/kubelet.conf"
Environment="KUBELET_CONFIG_ARGS=--config=/var/lib/kubelet/config.yaml"
# This is a file that "kubeadm init" and "kubeadm join" generates at runtime, populating the KUBELET_KUBEADM_ARGS variable dynamically
EnvironmentFile=-/var/lib/kubelet/kubeadm-flags.env
# This is a file that the user can use for overrides of the kubelet args as a last resort. Preferably, the user should use
# the .NodeRegistration.KubeletExtraArgs object in the configuration files instead. KUBELET_EXTRA_ARGS should be sourced from this file.
EnvironmentFile=-/etc/default/kubelet
ExecStart=
ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS
`;

/** containerd with runc, configured for Kubernetes: the cgroup driver and the pause image that kubeadm expects. */
export function containerdPackage(cluster: Cluster): FileSpec[] {
  const sandboxImage = `${IMAGES}/pause:${cluster.release.pause}`;
  return [
    ...["containerd", "containerd-shim-runc-v2", "ctr"].map((name): FileSpec => ({
      path: `/usr/bin/${name}`,
      program: name,
    })),
    { path: "/usr/sbin/runc", program: "runc" },
    { path: `${UNITS}/containerd.service`, text: CONTAINERD_UNIT },
    { path: "/etc/systemd/system/multi-user.target.wants/containerd.service", link: `${UNITS}/containerd.service` },
    { path: "/etc/containerd/config.toml", text: containerdConfig({ sandboxImage, systemdCgroup: true }) },
    {
      path: "/etc/crictl.yaml",
      text: `runtime-endpoint: unix:///run/containerd/containerd.sock
image-endpoint: unix:///run/containerd/containerd.sock
timeout: 2
debug: false
`,
    },
    { path: "/var/lib/containerd", dir: true, mode: 0o711 },
    { path: "/run/containerd", dir: true, mode: 0o711 },
  ];
}

const CONTAINERD_UNIT = `[Unit]
Description=containerd container runtime
Documentation=https://containerd.io
After=network.target local-fs.target dbus.service

[Service]
ExecStartPre=-/sbin/modprobe overlay
ExecStart=/usr/bin/containerd

Type=notify
Delegate=yes
KillMode=process
Restart=always
RestartSec=5
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
OOMScoreAdjust=-999

[Install]
WantedBy=multi-user.target
`;

/** What an admin sets up before kubeadm: modules and sysctls that Pods' traffic needs. */
export function nodePrerequisites(): FileSpec[] {
  return [
    { path: "/etc/modules-load.d/k8s.conf", text: "overlay\nbr_netfilter\n" },
    {
      path: "/etc/sysctl.d/k8s.conf",
      text: `net.bridge.bridge-nf-call-iptables  = 1
net.bridge.bridge-nf-call-ip6tables = 1
net.ipv4.ip_forward                 = 1
`,
    },
    { path: "/etc/ca-certificates", dir: true },
    { path: "/usr/share/ca-certificates", dir: true },
    { path: "/usr/local/share/ca-certificates", dir: true },
    { path: "/usr/libexec/kubernetes/kubelet-plugins/volume/exec", dir: true },
    { path: "/var/log/pods", dir: true },
    { path: "/var/log/containers", dir: true },
  ];
}
