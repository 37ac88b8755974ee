import { HOUR, MINUTE } from "../../kernel/index.ts";
import type { FileSpec } from "../../host/index.ts";
import {
  certificatePem,
  identity,
  issueCertificate,
  privateKeyPem,
  publicKeyPem,
  type Certificate,
  type Issuer,
  type PrivateKey,
} from "../pki/index.ts";
import { isIPv6, PKI, type Cluster, type NodeParameters } from "./cluster.ts";
import { serialNumber } from "./seeded.ts";

/** The group of kubeadm's own admins; ClusterRoleBinding and group have the same name. */
export const CLUSTER_ADMINS = "kubeadm:cluster-admins";

export const CERTIFICATE_VALIDITY = 8760 * HOUR;
const CA_VALIDITY = 87_600 * HOUR;
/** Certificates begin a little before they are made, for clocks that lag (constants.CertificateBackdate). */
const BACKDATE = 5 * MINUTE;

/** A certificate of /etc/kubernetes/pki with its key. `name` is the path below that folder, without suffix. */
export interface ClusterCertificate extends Issuer {
  readonly name: string;
}

interface Definition {
  readonly name: string;
  /** The authority's name; none for an authority. */
  readonly ca?: string;
  readonly commonName: string;
  readonly organizations?: readonly string[];
  readonly usages?: readonly string[];
  readonly names?: readonly string[];
}

/**
 * The certificates that `kubeadm init` generates, in its order (cmd/kubeadm/app/phases/certs/certlist.go
 * GetDefaultCertList, v1.33: the API server's kubelet client is still a cluster admin).
 */
function definitions(cluster: Cluster, node: NodeParameters): Definition[] {
  const { dnsDomain, apiServiceAddress, certSANs, controlPlaneEndpoint } = cluster;
  const endpointName = controlPlaneEndpoint?.replace(/:\d+$/, "");
  const api = ["kubernetes", "kubernetes.default", "kubernetes.default.svc", `kubernetes.default.svc.${dnsDomain}`];
  const etcd = [node.name, "localhost", node.address, "127.0.0.1", "::1"];
  const both = ["serverAuth", "clientAuth"];
  const client = ["clientAuth"];
  return [
    { name: "ca", commonName: "kubernetes" },
    {
      name: "apiserver",
      ca: "ca",
      commonName: "kube-apiserver",
      usages: ["serverAuth"],
      names: [node.name, ...api, apiServiceAddress, node.address, ...(endpointName ? [endpointName] : []), ...certSANs],
    },
    {
      name: "apiserver-kubelet-client",
      ca: "ca",
      commonName: "kube-apiserver-kubelet-client",
      organizations: [CLUSTER_ADMINS],
      usages: client,
    },
    { name: "front-proxy-ca", commonName: "front-proxy-ca" },
    { name: "front-proxy-client", ca: "front-proxy-ca", commonName: "front-proxy-client", usages: client },
    { name: "etcd/ca", commonName: "etcd-ca" },
    { name: "etcd/server", ca: "etcd/ca", commonName: node.name, usages: both, names: etcd },
    { name: "etcd/peer", ca: "etcd/ca", commonName: node.name, usages: both, names: etcd },
    { name: "etcd/healthcheck-client", ca: "etcd/ca", commonName: "kube-etcd-healthcheck-client", usages: client },
    { name: "apiserver-etcd-client", ca: "etcd/ca", commonName: "kube-apiserver-etcd-client", usages: client },
  ];
}

/** All certificates of a control plane by name, in the order in which kubeadm makes them. */
export function clusterCertificates(cluster: Cluster, node: NodeParameters): Map<string, ClusterCertificate> {
  const made = new Map<string, ClusterCertificate>();
  for (const definition of definitions(cluster, node)) {
    const key = cluster.keys.rsa(definition.name);
    const certificate = definition.ca
      ? leaf(cluster, definition, key, made.get(definition.ca)!)
      : authority(cluster, definition, key);
    made.set(definition.name, { name: definition.name, certificate, key });
  }
  return made;
}

/** The certificate that a kubeconfig of kubeadm carries: a client's, signed by the cluster's authority. */
export function clientCertificate(
  cluster: Cluster,
  ca: Issuer,
  purpose: string,
  commonName: string,
  organizations: readonly string[],
): Issuer {
  const key = cluster.keys.rsa(purpose);
  const definition = { name: purpose, commonName, organizations, usages: ["clientAuth"] };
  return { certificate: leaf(cluster, definition, key, ca), key };
}

/** Files below /etc/kubernetes/pki: for each certificate the key and the certificate, then the service account keys. */
export function certificateFiles(certificates: Iterable<ClusterCertificate>, cluster: Cluster): FileSpec[] {
  const serviceAccounts = cluster.keys.rsa("sa");
  return [
    { path: PKI, dir: true },
    { path: `${PKI}/etcd`, dir: true },
    ...[...certificates].flatMap(({ name, certificate, key }): FileSpec[] => [
      { path: `${PKI}/${name}.key`, mode: 0o600, text: privateKeyPem(key) },
      { path: `${PKI}/${name}.crt`, text: certificatePem(certificate) },
    ]),
    { path: `${PKI}/sa.key`, mode: 0o600, text: privateKeyPem(serviceAccounts) },
    { path: `${PKI}/sa.pub`, mode: 0o600, text: publicKeyPem(serviceAccounts.public) },
  ];
}

/** As client-go util/cert NewSelfSignedCACert: an authority is its own DNS name, too. */
function authority(cluster: Cluster, { name, commonName }: Definition, key: PrivateKey): Certificate {
  return issueCertificate(
    {
      serial: serialNumber(cluster.seed, name),
      subject: identity(commonName),
      notBefore: cluster.created - BACKDATE,
      notAfter: cluster.created + CA_VALIDITY,
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
      dnsNames: [commonName],
      ca: true,
    },
    key,
  );
}

/** As kubeadm's pkiutil NewSignedCert: names sorted, addresses in their order, none twice. */
function leaf(cluster: Cluster, definition: Definition, key: PrivateKey, ca: Issuer): Certificate {
  const names = [...new Set(definition.names)];
  const isAddress = (name: string): boolean => isIPv6(name) || /^\d+(\.\d+){3}$/.test(name);
  return issueCertificate(
    {
      serial: serialNumber(cluster.seed, definition.name),
      subject: identity(definition.commonName, definition.organizations),
      notBefore: cluster.created - BACKDATE,
      notAfter: cluster.created + CERTIFICATE_VALIDITY,
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyEncipherment"],
      extendedKeyUsage: definition.usages,
      dnsNames: names.filter((name) => !isAddress(name)).sort(),
      ipAddresses: names.filter(isAddress),
    },
    ca,
  );
}
