import { calendar, DAY, HOUR, MINUTE, pad, SECOND, type Time } from "../../kernel/index.ts";
import type { FileSpec } from "../../host/index.ts";
import {
  certificatePem,
  identity,
  issueCertificate,
  privateKeyPem,
  type Issuer,
  type PrivateKey,
} from "../pki/index.ts";
import { CERTIFICATE_VALIDITY } from "./certificates.ts";
import type { Cluster, NodeParameters } from "./cluster.ts";
import { longSerialNumber, serialNumber } from "./seeded.ts";

const KUBELET_PKI = "/var/lib/kubelet/pki";
export const CURRENT_CLIENT = `${KUBELET_PKI}/kubelet-client-current.pem`;

/** Where the keys and numbers of a kubelet's own certificates come from. */
type Source = Pick<Cluster, "keys" | "seed">;

/** What is below /var/lib/kubelet once a kubelet has started at `at` and has this client certificate. */
export function kubeletFiles(cluster: Cluster, node: NodeParameters, client: Issuer, at: Time): FileSpec[] {
  return [...kubeletStateFiles(cluster, node.name, at), ...clientFiles(client, at)];
}

/** What a kubelet puts there when it starts. */
export function kubeletStateFiles(source: Source, nodeName: string, at: Time): FileSpec[] {
  const data = (name: string): FileSpec => ({ path: `/var/lib/kubelet/${name}`, dir: true, mode: 0o750 });
  return [
    { path: KUBELET_PKI, dir: true },
    ...servingFiles(source, nodeName, at),
    data("checkpoints"),
    data("device-plugins"),
    data("plugins"),
    data("plugins_registry"),
    data("pod-resources"),
    data("pods"),
    {
      path: "/var/lib/kubelet/cpu_manager_state",
      mode: 0o600,
      text: '{"policyName":"none","defaultCpuSet":"","checksum":1353318690}',
    },
    {
      path: "/var/lib/kubelet/memory_manager_state",
      mode: 0o600,
      text: '{"policyName":"None","machineState":{},"checksum":4236770233}',
    },
    // What the kubelet remembers of resized Pods. Nothing reads these two here.
    { path: "/var/lib/kubelet/actuated_pods_state", mode: 0o600, text: "" },
    { path: "/var/lib/kubelet/allocated_pods_state", mode: 0o600, text: "" },
  ];
}

/**
 * A worker's client certificate: a key on P-256, signed by the controller manager for the request that the kubelet made
 * with its bootstrap token (pkg/controller/certificates/authority/policies.go: a year from five minutes ago).
 */
export function bootstrappedClient(cluster: Cluster, ca: Issuer, node: NodeParameters, at: Time): Issuer {
  const purpose = `${node.name}/kubelet-client`;
  const key = cluster.keys.ec(purpose);
  const certificate = issueCertificate(
    {
      serial: longSerialNumber(cluster.seed, purpose),
      subject: identity(`system:node:${node.name}`, ["system:nodes"]),
      notBefore: at - 5 * MINUTE,
      notAfter: at + CERTIFICATE_VALIDITY - 5 * MINUTE,
      publicKey: key.public,
      keyUsage: ["digitalSignature"],
      extendedKeyUsage: ["clientAuth"],
    },
    ca,
  );
  return { certificate, key };
}

/** client-go util/certificate FileStore: certificate and key in one file named by the time, and a link to it. */
export function clientFiles(client: Issuer, at: Time): FileSpec[] {
  const { year, month, day, hour, minute, second } = calendar(at);
  const stamp = [year, ...[month, day, hour, minute, second].map((part) => pad(part, 2))].join("-");
  const path = `${KUBELET_PKI}/kubelet-client-${stamp}.pem`;
  return [
    { path, mode: 0o600, text: certificatePem(client.certificate) + privateKeyPem(client.key) },
    { path: CURRENT_CLIENT, link: path },
  ];
}

/** client-go util/cert GenerateSelfSignedCertKey: a certificate of a throw-away authority, which follows it in the file. */
function servingFiles({ keys, seed }: Source, nodeName: string, at: Time): FileSpec[] {
  const from = at - HOUR;
  const validity = { notBefore: from, notAfter: from + 365 * DAY };
  const unix = String(Math.floor(at / SECOND));
  const caKey: PrivateKey = keys.rsa(`${nodeName}/kubelet-ca`);
  const ca = issueCertificate(
    {
      ...validity,
      serial: serialNumber(seed, `${nodeName}/kubelet-ca`),
      subject: identity(`${nodeName}-ca@${unix}`),
      publicKey: caKey.public,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
      ca: true,
    },
    caKey,
  );
  const key = keys.rsa(`${nodeName}/kubelet`);
  const certificate = issueCertificate(
    {
      ...validity,
      serial: serialNumber(seed, `${nodeName}/kubelet`),
      subject: identity(`${nodeName}@${unix}`),
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyEncipherment"],
      extendedKeyUsage: ["serverAuth"],
      dnsNames: [nodeName],
    },
    { certificate: ca, key: caKey },
  );
  return [
    { path: `${KUBELET_PKI}/kubelet.crt`, text: certificatePem(certificate) + certificatePem(ca) },
    { path: `${KUBELET_PKI}/kubelet.key`, mode: 0o600, text: privateKeyPem(key) },
  ];
}
