import { attempt, Errno, type Process } from "../../sim/host/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { signedCertificate, type CertificateDefinition } from "../../sim/kube/kubeadm/index.ts";
import {
  encodePem,
  parseCertificatesPem,
  readPrivateKeyPem,
  type Certificate,
  type Issuer,
  type PrivateKey,
} from "../../sim/kube/pki/index.ts";
import { pkcs8 } from "../openssl/key.ts";
import { newRsaKey, randomBytes } from "../openssl/new-key.ts";
import { KubeadmError } from "./failure.ts";

/** A file of a certificate or key is not there. */
export class MissingFile extends KubeadmError {}

/** A new RSA key, as kubeadm makes them. */
export async function newKey(process: Process): Promise<PrivateKey> {
  const key = readPrivateKeyPem(encodePem("PRIVATE KEY", pkcs8(await newRsaKey(process, 2048))));
  if (!key) throw new Error("a new RSA key cannot be read");
  return key;
}

/** A positive number of up to 63 bits. */
export function newSerial(process: Process): bigint {
  return (BigInt(`0x${Buffer.from(randomBytes(process, 8)).toString("hex")}`) >> 1n) + 1n;
}

/** A certificate of a new key, signed by an authority. */
export async function newSigned(process: Process, definition: CertificateDefinition, ca: Issuer): Promise<Issuer> {
  const key = await newKey(process);
  const certificate = signedCertificate(definition, { key, serial: newSerial(process), at: process.kernel.now }, ca);
  return { certificate, key };
}

/** As pkiutil.TryLoadCertAndKeyFromDisk. */
export function loadKeyPair(process: Process, folder: string, name: string): Issuer {
  return { certificate: loadCertificate(process, folder, name), key: loadKey(process, folder, name) };
}

/** As pkiutil.TryLoadCertFromDisk: the first one of the file, which has to be valid now. */
export function loadCertificate(process: Process, folder: string, name: string): Certificate {
  const path = `${folder}/${name}.crt`;
  const found = parseCertificatesPem(read(process, path, "certificate"));
  if ("error" in found || found.length === 0)
    throw new KubeadmError(
      `failed to load certificate: couldn't load the certificate file ${path}: error reading ${path}: data does not contain any valid RSA or ECDSA certificates`,
    );
  return found[0]!;
}

/** As pkiutil.TryLoadKeyFromDisk. */
export function loadKey(process: Process, folder: string, name: string): PrivateKey {
  const path = `${folder}/${name}.key`;
  const key = readPrivateKeyPem(read(process, path, "key"));
  if (!key)
    throw new KubeadmError(
      `failed to load key: couldn't load the private key file ${path}: error reading private key file ${path}: data does not contain a valid RSA or ECDSA private key`,
    );
  return key;
}

function read(process: Process, path: string, what: "certificate" | "key"): string {
  const data = attempt(() => process.host.files.read(path, process));
  if (!(data instanceof Errno)) return decode(data);
  const words =
    what === "certificate"
      ? `failed to load certificate: couldn't load the certificate file ${path}`
      : `failed to load key: couldn't load the private key file ${path}: error reading private key file ${path}`;
  const Failure = data.code === "ENOENT" ? MissingFile : KubeadmError;
  throw new Failure(`${words}: open ${path}: ${data.message.toLowerCase()}`);
}
