import type { CobraFlag } from "../cobra/index.ts";

const PATCHES =
  'Path to a directory that contains files named "target[suffix][+patchtype].extension". For example, "kube-apiserver0+merge.yaml" or just "etcd.json". "target" can be one of "kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd", "kubeletconfiguration", "corednsdeployment". "patchtype" can be one of "strategic", "merge" or "json" and they match the patch formats supported by kubectl. The default "patchtype" is "strategic". "extension" must be either "json" or "yaml". "suffix" is an optional string that can be used to determine which patches are applied first alpha-numerically.';

const GATES =
  "A set of key=value pairs that describe feature gates for various features. Options are:\nControlPlaneKubeletLocalMode=true|false (BETA - default=true)\nNodeLocalCRISocket=true|false (ALPHA - default=false)\nPublicKeysECDSA=true|false (DEPRECATED - default=false)\nRootlessControlPlane=true|false (ALPHA - default=false)\nWaitForAllControlPlaneComponents=true|false (BETA - default=true)";

function extraArgs(name: string, component: string, field: string): CobraFlag {
  return {
    name,
    type: "strings",
    usage: `A set of extra flags to pass to the ${component} or override default ones in form of <flagname>=<value>`,
    deprecated: `use 'ClusterConfiguration.${field}.extraArgs' instead. This flag will be removed in a future version.`,
  };
}

const FLAGS = [
  { name: "apiserver-advertise-address", type: "string", usage: "The IP address the API Server will advertise it's listening on. If not set the default network interface will be used." },
  { name: "apiserver-bind-port", type: "int32", byDefault: "6443", usage: "Port for the API Server to bind to." },
  { name: "apiserver-cert-extra-sans", type: "strings", usage: "Optional extra Subject Alternative Names (SANs) to use for the API Server serving certificate. Can be both IP addresses and DNS names." },
  extraArgs("apiserver-extra-args", "API Server", "apiServer"),
  { name: "cert-dir", type: "string", byDefault: '"/etc/kubernetes/pki"', usage: "The path where to save and store the certificates." },
  { name: "certificate-key", type: "string", usage: "Key used to encrypt the control-plane certificates in the kubeadm-certs Secret. The certificate key is a hex encoded string that is an AES key of size 32 bytes." },
  { name: "config", type: "string", usage: "Path to a kubeadm configuration file." },
  { name: "control-plane-endpoint", type: "string", usage: "Specify a stable IP address or DNS name for the control plane." },
  extraArgs("controller-manager-extra-args", "Controller Manager", "controllerManager"),
  { name: "cri-socket", type: "string", usage: "Path to the CRI socket to connect. If empty kubeadm will try to auto-detect this value; use this option only if you have more than one CRI installed or if you have non-standard CRI socket." },
  { name: "dry-run", type: "bool", usage: "Don't apply any changes; just output what would be done." },
  { name: "feature-gates", type: "string", usage: GATES, simulated: false },
  { name: "ignore-preflight-errors", type: "strings", usage: "A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,Swap'. Value 'all' ignores errors from all checks." },
  { name: "image-repository", type: "string", byDefault: '"registry.k8s.io"', usage: "Choose a container registry to pull control plane images from" },
  { name: "kubeconfig", type: "string", byDefault: '"/etc/kubernetes/admin.conf"', usage: "The kubeconfig file to use when talking to the cluster. If the flag is not set, a set of standard locations can be searched for an existing kubeconfig file." },
  { name: "kubeconfig-dir", type: "string", byDefault: '"/etc/kubernetes"', usage: "The path where to save the kubeconfig file." },
  { name: "kubernetes-version", type: "string", byDefault: '"stable-1"', usage: "Choose a specific Kubernetes version for the control plane." },
  { name: "node-name", type: "string", usage: "Specify the node name." },
  { name: "patches", type: "string", usage: PATCHES, simulated: false },
  { name: "pod-network-cidr", type: "string", usage: "Specify range of IP addresses for the pod network. If set, the control plane will automatically allocate CIDRs for every node." },
  { name: "print-manifest", type: "bool", usage: "Print the addon manifests to STDOUT instead of installing them", simulated: false },
  extraArgs("scheduler-extra-args", "Scheduler", "scheduler"),
  { name: "service-cidr", type: "string", byDefault: '"10.96.0.0/12"', usage: "Use alternative range of IP address for service VIPs." },
  { name: "service-dns-domain", type: "string", byDefault: '"cluster.local"', usage: 'Use alternative domain for services, e.g. "myorg.internal".' },
  { name: "skip-certificate-key-print", type: "bool", usage: "Don't print the key used to encrypt the control-plane certificates." },
  { name: "skip-phases", type: "strings", usage: "List of phases to be skipped" },
  { name: "skip-token-print", type: "bool", usage: "Skip printing of the default bootstrap token generated by 'kubeadm init'." },
  { name: "token", type: "string", usage: "The token to use for establishing bidirectional trust between nodes and control-plane nodes. The format is [a-z0-9]{6}\\.[a-z0-9]{16} - e.g. abcdef.0123456789abcdef" },
  { name: "token-ttl", type: "duration", byDefault: "24h0m0s", usage: "The duration before the token is automatically deleted (e.g. 1s, 2m, 3h). If set to '0', the token will never expire" },
  { name: "upload-certs", type: "bool", usage: "Upload control-plane certificates to the kubeadm-certs Secret." },
] as const satisfies readonly CobraFlag[]; // prettier-ignore

/** The flags of cmd/kubeadm/app/cmd/init.go and options/generic.go that a phase takes. */
export function initFlags(...names: readonly string[]): CobraFlag[] {
  return FLAGS.filter(({ name }) => names.includes(name));
}

/** What every command of kubeadm takes (cmd/kubeadm/app/kubeadm.go: what is left of klog's, and --rootfs). */
export const GLOBAL_FLAGS: readonly CobraFlag[] = [
  { name: "add-dir-header", type: "bool", usage: "If true, adds the file directory to the header of the log messages", simulated: false },
  { name: "log-file", type: "string", usage: "If non-empty, use this log file (no effect when -logtostderr=true)", simulated: false },
  { name: "log-file-max-size", type: "uint", byDefault: "1800", usage: "Defines the maximum size a log file can grow to (no effect when -logtostderr=true). Unit is megabytes. If the value is 0, the maximum file size is unlimited.", simulated: false },
  { name: "one-output", type: "bool", usage: "If true, only write logs to their native severity level (vs also writing to each lower severity level; no effect when -logtostderr=true)", simulated: false },
  { name: "rootfs", type: "string", usage: "The path to the 'real' host root filesystem. This will cause kubeadm to chroot into the provided path.", simulated: false },
  { name: "skip-headers", type: "bool", usage: "If true, avoid header prefixes in the log messages", simulated: false },
  { name: "skip-log-headers", type: "bool", usage: "If true, avoid headers when opening log files (no effect when -logtostderr=true)", simulated: false },
  { name: "v", short: "v", type: "Level", usage: "number for the log level verbosity", simulated: false },
]; // prettier-ignore
