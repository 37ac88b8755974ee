import { HOUR, MINUTE, type Time } from "../../kernel/index.ts";
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
import { isIPv6, type Cluster, type NodeParameters } from "./cluster.ts";
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

/** What kubeadm says in a certificate. */
export interface CertificateDefinition {
  /** The path below the folder of certificates, without suffix. */
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
export function certificateDefinitions(cluster: Cluster, node: NodeParameters): CertificateDefinition[] {
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
  for (const definition of certificateDefinitions(cluster, node)) {
    const key = cluster.keys.rsa(definition.name);
    const as = asInit(cluster, definition.name, key);
    const certificate = definition.ca
      ? signedCertificate(definition, as, made.get(definition.ca)!)
      : selfSignedAuthority(definition, as);
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
  return {
    certificate: signedCertificate(
      clientDefinition(purpose, commonName, organizations),
      asInit(cluster, purpose, key),
      ca,
    ),
    key,
  };
}

/** What stands in the certificate that a kubeconfig carries. */
export function clientDefinition(
  name: string,
  commonName: string,
  organizations: readonly string[],
): CertificateDefinition {
  return { name, commonName, organizations, usages: ["clientAuth"] };
}

/** Files below the folder of certificates: for each certificate the key and the certificate, then the service account keys. */
export function certificateFiles(certificates: Iterable<ClusterCertificate>, cluster: Cluster): FileSpec[] {
  const serviceAccounts = cluster.keys.rsa("sa");
  return [
    { path: cluster.certificatesDir, dir: true },
    { path: `${cluster.certificatesDir}/etcd`, dir: true },
    ...[...certificates].flatMap((certificate) => keyPairFiles(certificate, cluster.certificatesDir)),
    ...serviceAccountFiles(serviceAccounts, cluster.certificatesDir),
  ];
}

/** A certificate and its key, in the order in which kubeadm writes them. */
export function keyPairFiles({ name, certificate, key }: ClusterCertificate, folder: string): TextFile[] {
  return [
    { path: `${folder}/${name}.key`, mode: 0o600, text: privateKeyPem(key) },
    { path: `${folder}/${name}.crt`, text: certificatePem(certificate) },
  ];
}

/** The key that signs the tokens of service accounts. */
export function serviceAccountFiles(key: PrivateKey, folder: string): TextFile[] {
  return [
    { path: `${folder}/sa.key`, mode: 0o600, text: privateKeyPem(key) },
    { path: `${folder}/sa.pub`, mode: 0o600, text: publicKeyPem(key.public) },
  ];
}

export type TextFile = FileSpec & { readonly text: string };

/** With which key and number a certificate is made, and when. */
export interface Making {
  readonly key: PrivateKey;
  readonly serial: bigint;
  readonly at: Time;
}

/** How the cluster's birth makes it: all of it follows from the seed. */
function asInit({ seed, created }: Cluster, name: string, key: PrivateKey): Making {
  return { key, serial: serialNumber(seed, name), at: created };
}

/** As client-go util/cert NewSelfSignedCACert: an authority is its own DNS name, too. */
export function selfSignedAuthority({ commonName }: CertificateDefinition, { key, serial, at }: Making): Certificate {
  return issueCertificate(
    {
      serial,
      subject: identity(commonName),
      notBefore: at - BACKDATE,
      notAfter: at + CA_VALIDITY,
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
      dnsNames: [commonName],
      ca: true,
    },
    key,
  );
}

/** As kubeadm's pkiutil NewSignedCert: names sorted, addresses in their order, none twice, and not older than its authority. */
export function signedCertificate(
  definition: CertificateDefinition,
  { key, serial, at }: Making,
  ca: Issuer,
): Certificate {
  const names = [...new Set(definition.names)];
  const isAddress = (name: string): boolean => isIPv6(name) || /^\d+(\.\d+){3}$/.test(name);
  return issueCertificate(
    {
      serial,
      subject: identity(definition.commonName, definition.organizations),
      notBefore: Math.max(at - BACKDATE, ca.certificate.notBefore),
      notAfter: at + CERTIFICATE_VALIDITY,
      publicKey: key.public,
      keyUsage: ["digitalSignature", "keyEncipherment"],
      extendedKeyUsage: definition.usages,
      dnsNames: names.filter((name) => !isAddress(name)).sort(),
      ipAddresses: names.filter(isAddress),
    },
    ca,
  );
}
