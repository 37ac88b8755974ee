import { NotSimulated } from "../failure.ts";
import type { Phase } from "../workflow.ts";
import { installCoreDns, installKubeProxy } from "./addon.ts";
import { makeCertificate, makeServiceAccountKey, sayCertificateFolder } from "./certs.ts";
import { sayManifestFolder, writeEtcdManifest, writeManifest } from "./control-plane.ts";
import { sayKubeconfigFolder, writeKubeconfig } from "./kubeconfig.ts";
import { pointToRotatedCertificate, startKubelet } from "./kubelet.ts";
import { makeBootstrapTokens, markControlPlane, uploadKubeadmConfig, uploadKubeletConfig } from "./objects.ts";
import { checkControlPlane } from "./preflight.ts";
import type { InitData } from "./run-data.ts";

type InitPhase = Phase<InitData>;

const NOTE = "\n\nIf both files already exist, kubeadm skips the generation step and existing files will be used.";
const CERT = ["cert-dir", "config", "kubernetes-version", "dry-run"];
const API_CERT = [...CERT, "apiserver-advertise-address", "control-plane-endpoint", "apiserver-cert-extra-sans", "service-dns-domain", "service-cidr"]; // prettier-ignore

function certificate(phase: string, name: string, what: string, flags = CERT): InitPhase {
  return {
    name: phase,
    short: `Generate the ${what}`,
    long: `Generate the ${what}, and save them into ${name}.crt and ${name}.key files.${NOTE}`,
    flags,
    run: (data) => makeCertificate(data, name),
  };
}

const CERTS: InitPhase = {
  name: "certs",
  short: "Certificate generation",
  run: sayCertificateFolder,
  all: { short: "Generate all certificates", flags: API_CERT },
  steps: [
    certificate("ca", "ca", "self-signed Kubernetes CA to provision identities for other Kubernetes components"),
    certificate("apiserver", "apiserver", "certificate for serving the Kubernetes API", API_CERT),
    certificate("apiserver-kubelet-client", "apiserver-kubelet-client", "certificate for the API server to connect to kubelet"), // prettier-ignore
    certificate("front-proxy-ca", "front-proxy-ca", "self-signed CA to provision identities for front proxy"),
    certificate("front-proxy-client", "front-proxy-client", "certificate for the front proxy client"),
    certificate("etcd-ca", "etcd/ca", "self-signed CA to provision identities for etcd"),
    certificate("etcd-server", "etcd/server", "certificate for serving etcd"),
    certificate("etcd-peer", "etcd/peer", "certificate for etcd nodes to communicate with each other"),
    certificate("etcd-healthcheck-client", "etcd/healthcheck-client", "certificate for liveness probes to healthcheck etcd"), // prettier-ignore
    certificate("apiserver-etcd-client", "apiserver-etcd-client", "certificate the apiserver uses to access etcd"),
    {
      name: "sa",
      short: "Generate a private key for signing service account tokens along with its public key",
      long: `Generate the private key for signing service account tokens along with its public key, and save them into sa.key and sa.pub files.${NOTE}`,
      flags: CERT,
      run: makeServiceAccountKey,
    },
  ],
};

const CONFIG = ["apiserver-advertise-address", "control-plane-endpoint", "apiserver-bind-port", "cert-dir", "config", "kubeconfig-dir", "kubernetes-version", "dry-run"]; // prettier-ignore

function kubeconfig(name: string, what: string, long: string, flags = CONFIG): InitPhase {
  return { name, short: `Generate a kubeconfig file for ${what}`, long, flags, run: (data) => writeKubeconfig(data, `${name}.conf`) }; // prettier-ignore
}

const KUBECONFIG: InitPhase = {
  name: "kubeconfig",
  short: "Generate all kubeconfig files necessary to establish the control plane and the admin kubeconfig file",
  run: sayKubeconfigFolder,
  all: { short: "Generate all kubeconfig files", flags: [...CONFIG, "node-name"] },
  steps: [
    kubeconfig("admin", "the admin to use and for kubeadm itself", "Generate the kubeconfig file for the admin and for kubeadm itself, and save it to admin.conf file."), // prettier-ignore
    kubeconfig("super-admin", "the super-admin", "Generate a kubeconfig file for the super-admin, and save it to super-admin.conf file."), // prettier-ignore
    kubeconfig("kubelet", "the kubelet to use *only* for cluster bootstrapping purposes", "Generate the kubeconfig file for the kubelet to use and save it to kubelet.conf file.\n\nPlease note that this should *only* be used for cluster bootstrapping purposes. After your control plane is up, you should request all kubelet credentials from the CSR API.", [...CONFIG, "node-name"]), // prettier-ignore
    kubeconfig("controller-manager", "the controller manager to use", "Generate the kubeconfig file for the controller manager to use and save it to controller-manager.conf file"), // prettier-ignore
    kubeconfig("scheduler", "the scheduler to use", "Generate the kubeconfig file for the scheduler to use and save it to scheduler.conf file."), // prettier-ignore
  ],
};

const ETCD: InitPhase = {
  name: "etcd",
  short: "Generate static Pod manifest file for local etcd",
  steps: [
    {
      name: "local",
      short: "Generate the static Pod manifest file for a local, single-node local etcd instance",
      example: `  # Generates the static Pod manifest file for etcd, functionally
  # equivalent to what is generated by kubeadm init.
  kubeadm init phase etcd local
  
  # Generates the static Pod manifest file for etcd using options
  # read from a configuration file.
  kubeadm init phase etcd local --config config.yaml`,
      flags: ["cert-dir", "config", "image-repository", "patches", "dry-run"],
      run: writeEtcdManifest,
    },
  ],
};

const MANIFEST = ["config", "cert-dir", "kubernetes-version", "image-repository", "patches", "dry-run"];
const API_MANIFEST = ["apiserver-advertise-address", "control-plane-endpoint", "apiserver-bind-port", "apiserver-extra-args", "feature-gates", "service-cidr"]; // prettier-ignore
const MANAGER_MANIFEST = ["controller-manager-extra-args", "pod-network-cidr"];

function manifest(name: string, component: string, flags: readonly string[]): InitPhase {
  return {
    name,
    short: `Generates the ${component} static Pod manifest`,
    flags: [...MANIFEST, ...flags],
    run: (data) => writeManifest(data, component),
  };
}

const CONTROL_PLANE: InitPhase = {
  name: "control-plane",
  short: "Generate all static Pod manifest files necessary to establish the control plane",
  run: sayManifestFolder,
  all: {
    short: "Generate all static Pod manifest files",
    flags: [...MANIFEST, ...API_MANIFEST, ...MANAGER_MANIFEST, "scheduler-extra-args"],
    example: `  # Generates all static Pod manifest files for control plane components,
  # functionally equivalent to what is generated by kubeadm init.
  kubeadm init phase control-plane all
  
  # Generates all static Pod manifest files using options read from a configuration file.
  kubeadm init phase control-plane all --config config.yaml`,
  },
  steps: [
    manifest("apiserver", "kube-apiserver", API_MANIFEST),
    manifest("controller-manager", "kube-controller-manager", MANAGER_MANIFEST),
    manifest("scheduler", "kube-scheduler", ["scheduler-extra-args"]),
  ],
};

const UPLOAD = ["config", "cri-socket", "kubeconfig", "dry-run"];
const ADDON = ["config", "kubeconfig", "kubernetes-version", "image-repository", "dry-run"];
const PROXY = ["apiserver-advertise-address", "control-plane-endpoint", "apiserver-bind-port", "pod-network-cidr"];
const DNS = ["feature-gates", "service-dns-domain", "service-cidr"];
const FINALIZE = ["config", "cert-dir", "dry-run"];
const FINALIZE_EXAMPLE = `  # Updates settings relevant to the kubelet after TLS bootstrap"
  kubeadm init phase kubelet-finalize all --config`;

function unsimulated(name: string): () => Promise<void> {
  return async () => {
    throw new NotSimulated(`init phase ${name}`);
  };
}

/** The phases of `kubeadm init`, in its order. */
export const PHASES: readonly InitPhase[] = [
  {
    name: "preflight",
    short: "Run pre-flight checks",
    long: "Run pre-flight checks for kubeadm init.",
    example: `  # Run pre-flight checks for kubeadm init using a config file.
  kubeadm init phase preflight --config kubeadm-config.yaml`,
    flags: ["config", "cri-socket", "ignore-preflight-errors", "image-repository", "dry-run"],
    run: checkControlPlane,
  },
  CERTS,
  KUBECONFIG,
  ETCD,
  CONTROL_PLANE,
  {
    name: "kubelet-start",
    short: "Write kubelet settings and (re)start the kubelet",
    long: "Write a file with KubeletConfiguration and an environment file with node specific kubelet settings, and then (re)start kubelet.",
    example: `  # Writes a dynamic environment file with kubelet flags from a InitConfiguration file.
  kubeadm init phase kubelet-start --config config.yaml`,
    flags: ["config", "image-repository", "cri-socket", "node-name", "patches", "dry-run"],
    run: startKubelet,
  },
  { name: "wait-control-plane", short: "Wait for the control plane to start", run: unsimulated("wait-control-plane") },
  {
    name: "upload-config",
    aliases: ["uploadconfig"],
    short: "Upload the kubeadm and kubelet configuration to a ConfigMap",
    all: { short: "Upload all configuration to a config map", flags: UPLOAD },
    steps: [
      {
        name: "kubeadm",
        short: "Upload the kubeadm ClusterConfiguration to a ConfigMap",
        long: "Upload the kubeadm ClusterConfiguration to a ConfigMap called kubeadm-config in the kube-system namespace. This enables correct configuration of system components and a seamless user experience when upgrading.\n\nAlternatively, you can use kubeadm config.",
        example: `  # upload the configuration of your cluster
  kubeadm init phase upload-config --config=myConfig.yaml`,
        flags: UPLOAD,
        run: uploadKubeadmConfig,
      },
      {
        name: "kubelet",
        short: "Upload the kubelet component config to a ConfigMap",
        long: "Upload the kubelet configuration extracted from the kubeadm InitConfiguration object to a kubelet-config ConfigMap in the cluster",
        example: `  # Upload the kubelet configuration from the kubeadm Config file to a ConfigMap in the cluster.
  kubeadm init phase upload-config kubelet --config kubeadm.yaml`,
        flags: UPLOAD,
        run: uploadKubeletConfig,
      },
    ],
  },
  {
    name: "upload-certs",
    short: "Upload certificates to kubeadm-certs",
    long: "Upload control plane certificates to the kubeadm-certs Secret",
    flags: ["config", "kubeconfig", "upload-certs", "certificate-key", "skip-certificate-key-print", "dry-run"],
    run: skipUpload,
  },
  {
    name: "mark-control-plane",
    short: "Mark a node as a control-plane",
    example: `  # Applies control-plane label and taint to the current node, functionally equivalent to what executed by kubeadm init.
  kubeadm init phase mark-control-plane --config config.yaml
  
  # Applies control-plane label and taint to a specific node
  kubeadm init phase mark-control-plane --node-name myNode`,
    flags: ["node-name", "config", "dry-run"],
    run: markControlPlane,
  },
  {
    name: "bootstrap-token",
    aliases: ["bootstraptoken"],
    short: "Generates bootstrap tokens used to join a node to a cluster",
    long: "Bootstrap tokens are used for establishing bidirectional trust between a node joining the cluster and a control-plane node.\n\nThis command makes all the configurations required to make bootstrap tokens works and then creates an initial token.",
    example: `  # Make all the bootstrap token configurations and create an initial token, functionally
  # equivalent to what generated by kubeadm init.
  kubeadm init phase bootstrap-token`,
    flags: ["config", "kubeconfig", "skip-token-print", "dry-run"],
    run: makeBootstrapTokens,
  },
  {
    name: "kubelet-finalize",
    short: "Updates settings relevant to the kubelet after TLS bootstrap",
    example: FINALIZE_EXAMPLE,
    all: { short: "Run all kubelet-finalize phases", flags: FINALIZE, example: FINALIZE_EXAMPLE },
    steps: [
      {
        name: "enable-client-cert-rotation",
        short: "Enable kubelet client certificate rotation",
        flags: FINALIZE,
        run: pointToRotatedCertificate,
      },
    ],
  },
  {
    name: "addon",
    short: "Install required addons for passing conformance tests",
    all: { short: "Install all the addons", flags: [...ADDON, ...PROXY, ...DNS] },
    steps: [
      {
        name: "coredns",
        short: "Install the CoreDNS addon to a Kubernetes cluster",
        long: "Install the CoreDNS addon components via the API server. Please note that although the DNS server is deployed, it will not be scheduled until CNI is installed.",
        flags: [...ADDON, ...DNS, "print-manifest"],
        run: installCoreDns,
      },
      {
        name: "kube-proxy",
        short: "Install the kube-proxy addon to a Kubernetes cluster",
        long: "Install the kube-proxy addon components via the API server.",
        flags: [...ADDON, ...PROXY, "print-manifest"],
        run: installKubeProxy,
      },
    ],
  },
  {
    name: "show-join-command",
    short: "Show the join command for control-plane and worker node",
    run: unsimulated("show-join-command"),
  },
];

async function skipUpload(data: InitData): Promise<void> {
  if (data.given.isTrue("upload-certs")) throw new NotSimulated("init phase upload-certs --upload-certs");
  await data.print("[upload-certs] Skipping phase. Please see --upload-certs");
}
