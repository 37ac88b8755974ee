import { attempt, Errno, type Process } from "../../sim/host/index.ts";
import { calendar, DAY, decode, encode, MINUTE, pad, type Time } from "../../sim/kernel/index.ts";
import {
  certificatePem,
  encodePem,
  issueCertificate,
  parseCertificatesPem,
  privateKeyPem,
  readPrivateKeyPem,
  type Certificate,
} from "../../sim/kube/pki/index.ts";
import { newRsaKey, randomBytes } from "../openssl/new-key.ts";
import { pkcs8 } from "../openssl/key.ts";
import { TabWriter } from "../kubectl/output/tabwriter.ts";
import { AdminApi, KubeadmError, NoKubeconfig } from "./api.ts";
import { shortDuration, TABLE } from "./table.ts";

interface Managed {
  readonly name: string;
  /** Below the folder of certificates, without suffix; `*.conf` lies in /etc/kubernetes. */
  readonly file: string;
  readonly ca: string;
  readonly long: string;
}

/** What kubeadm looks after, as renewal.NewManager sorts it. */
const MANAGED: readonly Managed[] = [
  { name: "admin.conf", file: "admin.conf", ca: "ca", long: "certificate embedded in the kubeconfig file for the admin to use and for kubeadm itself" },
  { name: "apiserver", file: "apiserver", ca: "ca", long: "certificate for serving the Kubernetes API" },
  { name: "apiserver-etcd-client", file: "apiserver-etcd-client", ca: "etcd-ca", long: "certificate the apiserver uses to access etcd" },
  { name: "apiserver-kubelet-client", file: "apiserver-kubelet-client", ca: "ca", long: "certificate for the API server to connect to kubelet" },
  { name: "controller-manager.conf", file: "controller-manager.conf", ca: "ca", long: "certificate embedded in the kubeconfig file for the controller manager to use" },
  { name: "etcd-healthcheck-client", file: "etcd/healthcheck-client", ca: "etcd-ca", long: "certificate for liveness probes to healthcheck etcd" },
  { name: "etcd-peer", file: "etcd/peer", ca: "etcd-ca", long: "certificate for etcd nodes to communicate with each other" },
  { name: "etcd-server", file: "etcd/server", ca: "etcd-ca", long: "certificate for serving etcd" },
  { name: "front-proxy-client", file: "front-proxy-client", ca: "front-proxy-ca", long: "certificate for the front proxy client" },
  { name: "scheduler.conf", file: "scheduler.conf", ca: "ca", long: "certificate embedded in the kubeconfig file for the scheduler manager to use" },
  { name: "super-admin.conf", file: "super-admin.conf", ca: "ca", long: "certificate embedded in the kubeconfig file for the super-admin" },
]; // prettier-ignore

const AUTHORITIES = { ca: "ca", "etcd-ca": "etcd/ca", "front-proxy-ca": "front-proxy-ca" } as const;

export interface CertificateOptions {
  readonly kubeconfig?: string;
  readonly folder?: string;
}

/** `kubeadm certs check-expiration|renew` (cmd/kubeadm/app/cmd/certs.go). */
export async function certs(process: Process, words: readonly string[], options: CertificateOptions): Promise<number> {
  const [verb = "", name] = words;
  const folder = options.folder ?? "/etc/kubernetes/pki";
  if (verb === "check-expiration") return expiration(process, folder, options);
  if (verb === "renew") return renew(process, name, folder, options);
  if (verb === "certificate-key") {
    await process.print(`${Buffer.from(randomBytes(process, 32)).toString("hex")}\n`);
    return 0;
  }
  throw new KubeadmError(verb === "" ? "missing subcommand; \"certs\" is not meant to be run on its own" : `invalid subcommand: "${verb}"`); // prettier-ignore
}

/** Says where the configuration was read, which the commands only want to know the folder from. */
async function readConfiguration(process: Process, prefix: string, options: CertificateOptions): Promise<void> {
  const say = (text: string): Promise<void> => process.print(`[${prefix}] ${text}\n`);
  let api;
  try {
    api = await AdminApi.connect(process, options.kubeconfig ?? "/etc/kubernetes/admin.conf");
  } catch (error) {
    // A node without that file is not told of it: its configuration is the default one.
    if (error instanceof NoKubeconfig) return;
    if (!(error instanceof KubeadmError)) throw error;
  }
  await say('Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...');
  await say("Use 'kubeadm init phase upload-config --config your-config-file' to re-upload it.");
  try {
    if (!api) throw new KubeadmError("no connection");
    await api.call("GET", "/api/v1/namespaces/kube-system/configmaps/kubeadm-config");
    await process.print("\n");
  } catch (error) {
    if (!(error instanceof KubeadmError)) throw error;
    await say("Error reading configuration from the Cluster. Falling back to default configuration\n");
  }
}

async function expiration(process: Process, folder: string, options: CertificateOptions): Promise<number> {
  await readConfiguration(process, "check-expiration", options);
  const { now } = process.kernel;
  const table = new TabWriter(TABLE);
  table.write("CERTIFICATE\tEXPIRES\tRESIDUAL TIME\tCERTIFICATE AUTHORITY\tEXTERNALLY MANAGED\n");
  for (const managed of MANAGED) {
    const found = read(process, pathOf(managed.file, folder));
    if (!found) table.write(`!MISSING! ${managed.name}\t\t\t\t\n`);
    else table.write(`${managed.name}\t${day(found.notAfter)}\t${shortDuration(found.notAfter - now)}\t${managed.ca}\tno      \n`); // prettier-ignore
  }
  table.write("\nCERTIFICATE AUTHORITY\tEXPIRES\tRESIDUAL TIME\tEXTERNALLY MANAGED\n");
  for (const [name, file] of Object.entries(AUTHORITIES)) {
    const found = read(process, pathOf(file, folder));
    if (!found) table.write(`!MISSING! ${name}\t\t\t\n`);
    else table.write(`${name}\t${day(found.notAfter)}\t${shortDuration(found.notAfter - now)}\tno      \n`);
  }
  await process.print(table.take());
  return 0;
}

function pathOf(file: string, folder: string): string {
  return file.endsWith(".conf") ? `/etc/kubernetes/${file}` : `${folder}/${file}.crt`;
}

/** The certificate of a file: a PEM, or the one inside a kubeconfig. */
function read(process: Process, path: string): Certificate | undefined {
  const data = attempt(() => process.host.files.read(path, process));
  if (data instanceof Errno) return undefined;
  const text = decode(data);
  const inside = /^\s*client-certificate-data: (\S+)$/m.exec(text)?.[1];
  const found = parseCertificatesPem(inside === undefined ? text : Buffer.from(inside, "base64").toString());
  return "error" in found ? undefined : found[0];
}

/** `Nov 21, 2027 09:03 UTC` */
function day(time: Time): string {
  const { year, month, day: date, hour, minute } = calendar(time);
  const names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
  return `${names[month - 1]} ${pad(date, 2)}, ${year} ${pad(hour, 2)}:${pad(minute, 2)} UTC`;
}

async function renew(
  process: Process,
  name: string | undefined,
  folder: string,
  options: CertificateOptions,
): Promise<number> {
  if (name === undefined) throw new KubeadmError('missing subcommand; "renew" is not meant to be run on its own');
  const chosen = name === "all" ? MANAGED : MANAGED.filter((managed) => managed.name === name);
  if (chosen.length === 0) throw new KubeadmError(`invalid subcommand: "${name}"`);
  await readConfiguration(process, "renew", options);
  for (const managed of chosen) {
    const told = await renewOne(process, managed, folder);
    await process.print(`${told}\n`);
  }
  if (name === "all")
    await process.print(
      "\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.\n",
    );
  return 0;
}

/** A new key, and a certificate that says the same for another year. */
async function renewOne(process: Process, { file, ca, long }: Managed, folder: string): Promise<string> {
  const path = pathOf(file, folder);
  const old = read(process, path);
  if (!old) return `MISSING! ${long}`;
  const base = AUTHORITIES[ca as keyof typeof AUTHORITIES];
  const authority = read(process, pathOf(base, folder));
  const text = process.host.readText(`${folder}/${base}.key`);
  const signer = text === undefined ? undefined : readPrivateKeyPem(text);
  if (!authority || !signer) return `Detected external ${base}, ${long} can't be renewed`;
  const made = readPrivateKeyPem(encodePem("PRIVATE KEY", pkcs8(await newRsaKey(process, 2048))));
  if (!made) throw new Error("a new RSA key cannot be read");
  const { now } = process.kernel;
  const certificate = issueCertificate(
    {
      serial: BigInt(`0x${Buffer.from(randomBytes(process, 8)).toString("hex")}`) >> 1n,
      subject: old.subject,
      notBefore: authority.notBefore > now - 5 * MINUTE ? authority.notBefore : now - 5 * MINUTE,
      notAfter: now + 365 * DAY,
      publicKey: made.public,
      keyUsage: old.keyUsage ?? ["digitalSignature", "keyEncipherment"],
      extendedKeyUsage: old.extendedKeyUsage,
      dnsNames: old.dnsNames,
      ipAddresses: old.ipAddresses,
    },
    { certificate: authority, key: signer },
  );
  const { files } = process.host;
  const [pem, key] = [certificatePem(certificate), privateKeyPem(made)];
  if (!file.endsWith(".conf")) {
    files.write(path, encode(pem), {}, process);
    files.write(`${folder}/${file}.key`, encode(key), { mode: 0o600 }, process);
    return `${long} renewed`;
  }
  const base64 = (value: string): string => Buffer.from(value).toString("base64");
  const config = (process.host.readText(path) ?? "")
    .replace(/^(\s*client-certificate-data: )\S+$/m, (_, before: string) => before + base64(pem))
    .replace(/^(\s*client-key-data: )\S+$/m, (_, before: string) => before + base64(key));
  files.write(path, encode(config), {}, process);
  return `${long} renewed`;
}
