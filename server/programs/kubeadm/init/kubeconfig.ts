import { attempt, Errno, parseYamlText, type Process } from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import {
  clientConfigText,
  clientDefinition,
  configUsers,
  serverFor,
  type ConfigUser,
} from "../../../sim/kube/kubeadm/index.ts";
import { certificatePem, type Issuer } from "../../../sim/kube/pki/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import { errorSaying } from "../cluster-objects.ts";
import { KubeadmError } from "../failure.ts";
import { loadKeyPair, MissingFile, newSigned } from "../key-pair.ts";
import type { InitData } from "./run-data.ts";

const KUBERNETES = "/etc/kubernetes";

function kubeconfigFolder(data: InitData): string {
  return data.folder(data.given.text("kubeconfig-dir") ?? KUBERNETES);
}

export async function sayKubeconfigFolder(data: InitData): Promise<void> {
  await data.print(`[kubeconfig] Using kubeconfig folder "${kubeconfigFolder(data)}"`);
}

/**
 * Writes a kubeconfig with a new client certificate, unless there is a good one (phases/kubeconfig createKubeConfigFiles). In a dry
 * run the authority is looked for where certificates would have been written.
 */
export async function writeKubeconfig(data: InitData, file: string): Promise<void> {
  const user = configUsers(data.node).find((one) => one.file === file)!;
  const ca = loadAuthority(data);
  const path = `${kubeconfigFolder(data)}/${file}`;
  if (data.process.host.files.exists(path, data.process)) {
    await checkExisting(data, path, user, certificatePem(ca.certificate));
    return data.print(`[kubeconfig] Using existing kubeconfig file: "${path}"`);
  }
  await data.print(`[kubeconfig] Writing "${file}" kubeconfig file`);
  const client = await newSigned(data.process, clientDefinition(file, user.user, user.organizations), ca);
  const text = clientConfigText(data.cluster, data.node, user, certificatePem(ca.certificate), client);
  data.write({ path, text, mode: 0o600 });
}

function loadAuthority(data: InitData): Issuer {
  try {
    return loadKeyPair(data.process, data.folder(data.certificates), "ca");
  } catch (error) {
    const words =
      error instanceof MissingFile
        ? "the CA files do not exist, please run `kubeadm init phase certs ca` to generate it"
        : "couldn't create a kubeconfig; the CA files couldn't be loaded";
    throw errorSaying(words, error);
  }
}

interface Named {
  readonly name: string;
  readonly cluster?: { readonly server?: string; readonly [field: string]: unknown };
  readonly context?: { readonly cluster?: string };
}

interface Kubeconfig {
  readonly clusters?: readonly Named[] | null;
  readonly contexts?: readonly Named[] | null;
  readonly "current-context"?: string;
}

/** As validateKubeConfig: another authority is an error, another server a warning. Its user is believed. */
async function checkExisting(data: InitData, path: string, user: ConfigUser, authority: string): Promise<void> {
  const config = load(data.process, path);
  const context = config.contexts?.find(({ name }) => name === config["current-context"])?.context;
  if (!context) throw new KubeadmError(`failed to find CurrentContext in Contexts of the kubeconfig file ${path}`);
  const cluster = config.clusters?.find(({ name }) => name === context.cluster)?.cluster;
  if (!cluster)
    throw new KubeadmError(
      `failed to find the given CurrentContext Cluster in Clusters of the kubeconfig file ${path}`,
    );
  if ((await authorityOf(data.process, path, cluster)).trim() !== authority.trim())
    throw new KubeadmError(`a kubeconfig file "${path}" exists already but has got the wrong CA cert`);
  const expected = serverFor(data.cluster, data.node, user.local);
  if (cluster.server === expected) return;
  const text = `a kubeconfig file "${path}" exists already but has an unexpected API Server URL: expected: ${expected}, got: ${cluster.server}`;
  await klog(data.process, "W", "kubeconfig.go:270", text);
}

function load(process: Process, path: string): Kubeconfig {
  const words = `failed to load kubeconfig file ${path} that already exists on disk`;
  const text = attempt(() => process.host.files.read(path, process));
  if (text instanceof Errno) throw new KubeadmError(`${words}: open ${path}: ${text.message.toLowerCase()}`);
  try {
    return parseYamlText(decode(text)) ?? {};
  } catch (error) {
    throw new KubeadmError(`${words}: error converting YAML to JSON: yaml: ${(error as Error).message.split("\n")[0]}`);
  }
}

async function authorityOf(
  process: Process,
  path: string,
  cluster: Readonly<Record<string, unknown>>,
): Promise<string> {
  const inline = cluster["certificate-authority-data"];
  if (typeof inline === "string" && inline !== "") return Buffer.from(inline, "base64").toString("latin1");
  const file = cluster["certificate-authority"];
  if (typeof file !== "string" || file === "") return "";
  const text = process.host.readText(file);
  if (text === undefined)
    await klog(process, "W", "kubeconfig.go:256", `failed to load CA cert from "${file}" for kubeconfig "${path}", open ${file}: no such file or directory`); // prettier-ignore
  return text ?? "";
}
