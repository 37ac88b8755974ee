import { dirname, ROOT, type DaemonProcess, type FileSpec } from "../../host/index.ts";
import { encode, MILLISECOND, SECOND } from "../../kernel/index.ts";
import { ApiLink } from "../access/link.ts";
import { readKubeconfig } from "../access/rest-config.ts";
import { Client, StatusError, type CertificateSigningRequest } from "../api/index.ts";
import { bootstrappedConfig, clientFiles, CURRENT_CLIENT, kubeletStateFiles } from "../kubeadm/index.ts";
import { certificateSigningRequests } from "../kinds/index.ts";
import {
  createRequest,
  ecPrivateKey,
  identity,
  KeyRing,
  parseCertificatesPem,
  privateKeyPem,
  readPrivateKeyPem,
  requestPem,
} from "../pki/index.ts";
import type { Kubelet } from "./kubelet.ts";
import { EVENTS, type Bootstrap } from "./row.ts";

const USER_AGENT = "kubelet/v1.33.1 (linux/amd64) kubernetes/8adc0f0";
const SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";
const FIRST = 100 * MILLISECOND;
const MOST = 7 * SECOND;
/** So often it is expected that the answer comes any moment. */
const HOPEFUL = 10;

/**
 * Writes the kubeconfig that points to the certificate to come (pkg/kubelet/certificate/bootstrap LoadClientConfig). What is
 * wrong with the bootstrap kubeconfig; empty if there is to be none.
 */
export function prepareBootstrap(self: DaemonProcess, path: string, bootstrap: string | undefined): string | undefined {
  if (bootstrap === undefined) return "";
  const { host } = self;
  const config = readKubeconfig(host, bootstrap, USER_AGENT, self);
  if ("error" in config) return `unable to load bootstrap kubeconfig: ${config.error}`;
  writeOwn(self, { path, mode: 0o600, text: bootstrappedConfig(config.server, config.certificateAuthority ?? "") });
  return undefined;
}

/** What a kubelet makes when it starts, if it is not there: its serving certificate and its folders. */
export function writeOwnFiles(kubelet: Kubelet): void {
  const { host, kernel, running } = kubelet;
  if (host.files.exists("/var/lib/kubelet/pki/kubelet.crt")) return;
  const seed = kernel.random.below("kubelet/keys", 2 ** 31);
  for (const file of kubeletStateFiles({ keys: new KeyRing(seed), seed }, running.nodeName, kernel.now))
    if (!host.files.exists(file.path)) writeOwn(kubelet.self, file);
}

/** Without a client certificate it asks for one, with the token of the bootstrap kubeconfig. */
export function beginBootstrap(kubelet: Kubelet, bootstrap: string | undefined): void {
  const { host, running } = kubelet;
  if (bootstrap === undefined || host.files.exists(CURRENT_CLIENT) || !host.files.exists(bootstrap)) return;
  kubelet.update({ bootstrap: { kubeconfig: bootstrap, tries: 0 } });
  kubelet.after(FIRST, EVENTS.bootstrap, { pid: running.pid });
}

/** The next step to the certificate: a request, and then a look at what became of it. */
export function askForCertificate(kubelet: Kubelet): void {
  const { bootstrap } = kubelet.running;
  if (!bootstrap) return;
  const { self } = kubelet;
  const link = new ApiLink(self, () => readKubeconfig(kubelet.host, bootstrap.kubeconfig, USER_AGENT, self));
  const found = link.find();
  if ("error" in found) return again(kubelet, bootstrap, `Post "${link.server}/apis/certificates.k8s.io/v1/certificatesigningrequests": ${found.error}`); // prettier-ignore
  const client = new Client(found.cluster.api, { user: found.user, userAgent: USER_AGENT });
  try {
    if (bootstrap.request === undefined) return again(kubelet, { ...bootstrap, ...makeRequest(kubelet, client) });
    const request = client.get(certificateSigningRequests, "", bootstrap.request);
    if (!request || refused(request))
      return again(kubelet, { kubeconfig: bootstrap.kubeconfig, tries: bootstrap.tries });
    if (!request.status.certificate) return again(kubelet, bootstrap);
    keepCertificate(kubelet, bootstrap, Buffer.from(request.status.certificate, "base64").toString("latin1"));
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    again(kubelet, bootstrap, error.message);
  }
}

function makeRequest(kubelet: Kubelet, client: Client): Pick<Bootstrap, "request" | "key"> {
  const { random } = kubelet.kernel;
  const key = ecPrivateKey(BigInt(`0x${random.hex("kubelet/client-key", 62)}`) + 1n);
  const user = `system:node:${kubelet.running.nodeName}`;
  const pem = requestPem(createRequest({ subject: identity(user, ["system:nodes"]) }, key));
  const made = client.create(certificateSigningRequests, {
    metadata: { generateName: "csr-" },
    spec: {
      request: Buffer.from(pem, "latin1").toString("base64"),
      signerName: SIGNER,
      usages: ["digital signature", "client auth"],
    },
  });
  return { request: made.metadata.name, key: privateKeyPem(key) };
}

function refused({ status }: CertificateSigningRequest): boolean {
  return (status.conditions ?? []).some(({ type }) => type === "Denied" || type === "Failed");
}

function keepCertificate(kubelet: Kubelet, { key: text }: Bootstrap, pem: string): void {
  const parsed = parseCertificatesPem(pem);
  const key = readPrivateKeyPem(text ?? "");
  if ("error" in parsed || !parsed[0] || !key) return;
  kubelet.log("I", "csr.go:261", '"certificate signing request is approved, waiting to be issued"');
  for (const file of clientFiles({ certificate: parsed[0], key }, kubelet.kernel.now)) writeOwn(kubelet.self, file);
  kubelet.update({ bootstrap: undefined, failures: 0 });
  kubelet.after(FIRST, EVENTS.connect, { pid: kubelet.running.pid });
}

function again(kubelet: Kubelet, bootstrap: Bootstrap, error?: string): void {
  const { tries } = bootstrap;
  if (error !== undefined)
    kubelet.log("E", "certificate_manager.go:566", `"Unhandled Error" err=${JSON.stringify(`kubernetes.io/kube-apiserver-client-kubelet: Failed while requesting a signed certificate from the control plane: cannot create certificate signing request: ${error}`)}`); // prettier-ignore
  kubelet.update({ bootstrap: { ...bootstrap, tries: tries + 1 } });
  const delay = Math.min(FIRST * 2 ** Math.min(tries, 10), MOST);
  kubelet.after(delay, EVENTS.bootstrap, { pid: kubelet.running.pid }, { periodic: tries >= HOPEFUL });
}

/** Writes a file or folder of the kubelet's own. */
function writeOwn({ host }: DaemonProcess, spec: FileSpec): void {
  const { files } = host;
  const as = { ...ROOT, umask: 0 };
  if ("dir" in spec) return files.mkdir(spec.path, { parents: true, mode: spec.mode ?? 0o755 }, as);
  if (!files.exists(dirname(spec.path))) files.mkdir(dirname(spec.path), { parents: true }, as);
  if ("link" in spec) {
    if (files.exists(spec.path)) files.unlink(spec.path, as);
    files.symlink(spec.link, spec.path, as);
  } else if ("text" in spec) files.write(spec.path, encode(spec.text), { mode: spec.mode ?? 0o644 }, as);
}
