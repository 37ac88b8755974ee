import {
  certificateDefinitions,
  keyPairFiles,
  selfSignedAuthority,
  serviceAccountFiles,
  type CertificateDefinition,
} from "../../../sim/kube/kubeadm/index.ts";
import { verifyCertificate, type Certificate, type Issuer } from "../../../sim/kube/pki/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import { rfc3339 } from "../../../sim/kernel/index.ts";
import { errorSaying } from "../cluster-objects.ts";
import { KubeadmError } from "../failure.ts";
import { loadCertificate, loadKey, loadKeyPair, MissingFile, newKey, newSerial, newSigned } from "../key-pair.ts";
import type { InitData } from "./run-data.ts";

export async function sayCertificateFolder(data: InitData): Promise<void> {
  await data.print(`[certs] Using certificateDir folder "${data.folder(data.certificates)}"`);
}

/** Makes a certificate of kubeadm's list if it is not there (phases/init/certs.go runCAPhase, runCertPhase). */
export async function makeCertificate(data: InitData, name: string): Promise<void> {
  const all = certificateDefinitions(data.cluster, data.node);
  const definition = all.find((one) => one.name === name)!;
  const authority = all.find((one) => one.name === definition.ca);
  if (authority) await makeSigned(data, definition, authority.name);
  else await makeAuthority(data, definition);
}

async function makeAuthority(data: InitData, definition: CertificateDefinition): Promise<void> {
  const { process, certificates } = data;
  const { name } = definition;
  if (loadedOrBroken(() => loadCertificate(process, certificates, name))) {
    const key = loadedOrBroken(() => loadKey(process, certificates, name)) ? "" : "keyless ";
    return data.print(`[certs] Using existing ${name} ${key}certificate authority`);
  }
  const folder = data.folder(certificates);
  if (someExists(data, folder, name)) throwBroken(data, folder, name, "certificate");
  await data.print(`[certs] Generating "${name}" certificate and key`);
  const key = await newKey(process);
  const certificate = selfSignedAuthority(definition, { key, serial: newSerial(process), at: process.kernel.now });
  for (const file of keyPairFiles({ name, certificate, key }, folder)) data.write(file);
}

async function makeSigned(data: InitData, definition: CertificateDefinition, authority: string): Promise<void> {
  const { process, certificates } = data;
  const { name } = definition;
  const there = loadedOrBroken(() => loadCertificate(process, certificates, name));
  if (there) {
    await warnPeriod(data, name, there);
    await checkSigner(data, name, there, authority);
    return data.print(`[certs] Using existing ${name} certificate and key on disk`);
  }
  const folder = data.folder(certificates);
  const ca = loadAuthority(data, folder, authority);
  if (someExists(data, folder, name)) throwBroken(data, folder, name, "key");
  const made = await newSigned(process, definition, ca);
  await data.print(`[certs] Generating "${name}" certificate and key`);
  for (const file of keyPairFiles({ name, ...made }, folder)) data.write(file);
  const { extendedKeyUsage, dnsNames, ipAddresses } = made.certificate;
  if (extendedKeyUsage?.includes("serverAuth"))
    await data.print(`[certs] ${name} serving cert is signed for DNS names [${(dnsNames ?? []).join(" ")}] and IPs [${(ipAddresses ?? []).join(" ")}]`); // prettier-ignore
}

async function checkSigner(data: InitData, name: string, there: Certificate, authority: string): Promise<void> {
  let ca: Certificate;
  try {
    ca = loadCertificate(data.process, data.certificates, authority);
  } catch (error) {
    throw errorSaying(`couldn't load CA certificate ${phaseName(authority)}`, error);
  }
  await warnPeriod(data, authority, ca);
  const { now } = data.process.kernel;
  // Whatever it may be used for (x509.ExtKeyUsageAny).
  const verified = verifyCertificate(there, { roots: [ca], now, usages: ["any"] });
  if ("error" in verified)
    throw new KubeadmError(`[certs] certificate ${name} not signed by CA certificate ${authority}: ${verified.error}`);
}

function loadAuthority(data: InitData, folder: string, name: string): Issuer {
  const words = `couldn't load CA certificate ${phaseName(name)}`;
  if (!someExists(data, folder, name))
    throw new KubeadmError(`${words}: couldn't load ${name} certificate authority from ${folder}`);
  try {
    return loadKeyPair(data.process, folder, name);
  } catch (error) {
    throw errorSaying(`${words}: failure loading ${name} certificate authority`, error);
  }
}

/** A certificate that has ended is used all the same, with a warning. */
async function warnPeriod(data: InitData, name: string, { notBefore, notAfter }: Certificate): Promise<void> {
  const { now } = data.process.kernel;
  if (now >= notBefore && now <= notAfter) return;
  const why =
    now < notBefore
      ? `the certificate is not valid yet: NotBefore: ${goTime(notBefore)}`
      : `the certificate has expired: NotAfter: ${goTime(notAfter)}`;
  await klog(data.process, "W", "certs.go:509", `WARNING: could not validate bounds for certificate ${name}: ${why}`);
}

/** `2027-11-16 09:50:00 +0000 UTC`, as Go prints times. */
function goTime(time: number): string {
  return `${rfc3339(time).replace("T", " ").replace("Z", "")} +0000 UTC`;
}

function someExists({ process }: InitData, folder: string, name: string): boolean {
  return [".crt", ".key"].some((suffix) => process.host.files.exists(`${folder}/${name}${suffix}`, process));
}

/** Half of a pair, or a pair that cannot be read, is neither used nor replaced. */
function throwBroken(data: InitData, folder: string, name: string, first: "key" | "certificate"): never {
  const loads = { key: () => loadKey(data.process, folder, name), certificate: () => loadCertificate(data.process, folder, name) }; // prettier-ignore
  const order = first === "key" ? (["key", "certificate"] as const) : (["certificate", "key"] as const);
  for (const what of order) {
    try {
      loads[what]();
    } catch (error) {
      throw errorSaying(`failure loading ${name} ${first === "key" ? what : "certificate"}`, error);
    }
  }
  throw new Error(`${folder}/${name} can be read after all`);
}

function loadedOrBroken<T>(load: () => T): T | undefined {
  try {
    return load();
  } catch (error) {
    if (error instanceof KubeadmError) return undefined;
    throw error;
  }
}

/** What the phase of a certificate is called: `etcd-server` makes `etcd/server`. */
export function phaseName(name: string): string {
  return name.replace("/", "-");
}

/** The key that signs the tokens of service accounts (CreateServiceAccountKeyAndPublicKeyFiles). */
export async function makeServiceAccountKey(data: InitData): Promise<void> {
  const folder = data.folder(data.certificates);
  try {
    loadKey(data.process, folder, "sa");
    return await data.print('[certs] Using the existing "sa" key');
  } catch (error) {
    if (!(error instanceof MissingFile)) throw errorSaying("file sa.key existed but it could not be loaded properly", error); // prettier-ignore
  }
  const key = await newKey(data.process);
  await data.print('[certs] Generating "sa" key and public key');
  for (const file of serviceAccountFiles(key, folder)) data.write(file);
}
