import type { CobraFlag, Command } from "../cobra/index.ts";
import { phaseCommand, runPhases, workflowHelp, type Phase, type Workflow } from "../workflow.ts";
import { JoinData } from "./join-data.ts";
import { checkNode } from "./preflight.ts";
import { startKubelet, waitForBootstrap } from "./kubelet.ts";

const SHORT = "Run this on any machine you wish to join an existing cluster";

const LONG = `When joining a kubeadm initialized cluster, we need to establish
bidirectional trust. This is split into discovery (having the Node
trust the Kubernetes Control Plane) and TLS bootstrap (having the
Kubernetes Control Plane trust the Node).

There are 2 main schemes for discovery. The first is to use a shared
token along with the IP address of the API server. The second is to
provide a file - a subset of the standard kubeconfig file. The
discovery/kubeconfig file supports token, client-go authentication
plugins ("exec"), "tokenFile", and "authProvider". This file can be a
local file or downloaded via an HTTPS URL. The forms are
kubeadm join --discovery-token abcdef.1234567890abcdef 1.2.3.4:6443,
kubeadm join --discovery-file path/to/file.conf, or kubeadm join
--discovery-file https://url/file.conf. Only one form can be used. If
the discovery information is loaded from a URL, HTTPS must be used.
Also, in that case the host installed CA bundle is used to verify
the connection.

If you use a shared token for discovery, you should also pass the
--discovery-token-ca-cert-hash flag to validate the public key of the
root certificate authority (CA) presented by the Kubernetes Control Plane.
The value of this flag is specified as "<hash-type>:<hex-encoded-value>",
where the supported hash type is "sha256". The hash is calculated over
the bytes of the Subject Public Key Info (SPKI) object (as in RFC7469).
This value is available in the output of "kubeadm init" or can be
calculated using standard tools. The --discovery-token-ca-cert-hash flag
may be repeated multiple times to allow more than one public key.

If you cannot know the CA public key hash ahead of time, you can pass
the --discovery-token-unsafe-skip-ca-verification flag to disable this
verification. This weakens the kubeadm security model since other nodes
can potentially impersonate the Kubernetes Control Plane.

The TLS bootstrap mechanism is also driven via a shared token. This is
used to temporarily authenticate with the Kubernetes Control Plane to submit a
certificate signing request (CSR) for a locally created key pair. By
default, kubeadm will set up the Kubernetes Control Plane to automatically
approve these signing requests. This token is passed in with the
--tls-bootstrap-token abcdef.1234567890abcdef flag.

Often times the same token is used for both parts. In this case, the
--token flag can be used instead of specifying each token individually.`;

const FLAGS: readonly CobraFlag[] = [
  { name: "apiserver-advertise-address", type: "string", usage: "If the node should host a new control plane instance, the IP address the API Server will advertise it's listening on. If not set the default network interface will be used.", simulated: false },
  { name: "apiserver-bind-port", type: "int32", byDefault: "6443", usage: "If the node should host a new control plane instance, the port for the API Server to bind to.", simulated: false },
  { name: "certificate-key", type: "string", usage: "Use this key to decrypt the certificate secrets uploaded by init. The certificate key is a hex encoded string that is an AES key of size 32 bytes.", simulated: false },
  { name: "config", type: "string", usage: "Path to a kubeadm configuration file.", simulated: false },
  { name: "control-plane", type: "bool", usage: "Create a new control plane instance on this node", simulated: false },
  { name: "cri-socket", type: "string", usage: "Path to the CRI socket to connect. If empty kubeadm will try to auto-detect this value; use this option only if you have more than one CRI installed or if you have non-standard CRI socket." },
  { name: "discovery-file", type: "string", usage: "For file-based discovery, a file or URL from which to load cluster information.", simulated: false },
  { name: "discovery-token", type: "string", usage: "For token-based discovery, the token used to validate cluster information fetched from the API server." },
  { name: "discovery-token-ca-cert-hash", type: "strings", usage: 'For token-based discovery, validate that the root CA public key matches this hash (format: "<type>:<value>").' },
  { name: "discovery-token-unsafe-skip-ca-verification", type: "bool", usage: "For token-based discovery, allow joining without --discovery-token-ca-cert-hash pinning." },
  { name: "dry-run", type: "bool", usage: "Don't apply any changes; just output what would be done.", simulated: false },
  { name: "ignore-preflight-errors", type: "strings", usage: "A list of checks whose errors will be shown as warnings. Example: 'IsPrivilegedUser,Swap'. Value 'all' ignores errors from all checks." },
  { name: "node-name", type: "string", usage: "Specify the node name.", simulated: false },
  { name: "patches", type: "string", usage: "Path to a directory that contains files named \"target[suffix][+patchtype].extension\".", simulated: false },
  { name: "skip-phases", type: "strings", usage: "List of phases to be skipped" },
  { name: "tls-bootstrap-token", type: "string", usage: "Specify the token used to temporarily authenticate with the Kubernetes Control Plane while joining the node." },
  { name: "token", type: "string", usage: "Use this token for both discovery-token and tls-bootstrap-token when those values are not provided." },
]; // prettier-ignore

const DISCOVERY = ["config", "cri-socket", "discovery-file", "discovery-token", "discovery-token-ca-cert-hash", "discovery-token-unsafe-skip-ca-verification", "dry-run", "node-name", "patches", "tls-bootstrap-token", "token"]; // prettier-ignore

/** The phases that a worker goes through. */
const PHASES: readonly Phase<JoinData>[] = [
  {
    name: "preflight",
    short: "Run join pre-flight checks",
    long: "Run pre-flight checks for kubeadm join.",
    flags: [...DISCOVERY, "ignore-preflight-errors"],
    run: checkNode,
  },
  {
    name: "kubelet-start",
    short: "Write kubelet settings, certificates and (re)start the kubelet",
    long: "Write a file with KubeletConfiguration and an environment file with node specific kubelet settings, and then (re)start kubelet.",
    flags: DISCOVERY,
    run: startKubelet,
  },
  {
    name: "kubelet-wait-bootstrap",
    short: "Wait for the kubelet to bootstrap itself (only used when feature gate ControlPlaneKubeletLocalMode is enabled)", // prettier-ignore
    flags: DISCOVERY,
    run: waitForBootstrap,
  },
];

const operands = (words: readonly string[]): string | undefined =>
  words.length > 1 ? `found ${words.length} arguments, but expected at most one: [${words.join(" ")}]` : undefined;

const WORKFLOW: Workflow<JoinData> = {
  name: "join",
  phases: PHASES,
  flags: (names) => FLAGS.filter(({ name }) => names.includes(name)),
  read: (process, given) => JoinData.read(process, given),
};

const JOINED = `
This node has joined the cluster:
* Certificate signing request was sent to apiserver and a response was received.
* The Kubelet was informed of the new secure connection details.

Run 'kubectl get nodes' on the control-plane to see this node join the cluster.

`;

/** `kubeadm join` of a worker (cmd/kubeadm/app/cmd/join.go). */
export const JOIN_COMMAND: Command = {
  name: "join",
  short: SHORT,
  long: workflowHelp(LONG, "join [api-server-endpoint]", PHASES),
  flags: FLAGS,
  commands: [phaseCommand(WORKFLOW)],
  operands,
  async run({ process, given }) {
    await runPhases(await JoinData.read(process, given), PHASES);
    await process.print(JOINED);
  },
};
