import {
  coreDnsConfigMap,
  coreDnsDeployment,
  coreDnsRbac,
  coreDnsServiceAccount,
  corefile,
  dnsService,
  kubeProxyConfigMap,
  kubeProxyDaemonSet,
  kubeProxyRbac,
  kubeProxyServiceAccount,
} from "../../../sim/kube/kubeadm/index.ts";
import { errorSaying, type ClusterObjects } from "../cluster-objects.ts";
import { KubeadmError, NotSimulated } from "../failure.ts";
import { Refused, type RestClient } from "../rest-client.ts";
import type { InitData } from "./run-data.ts";

/** The release of CoreDNS that this kubeadm installs. */
const COREDNS = "1.12.0";

/** As phases/addons/proxy EnsureProxyAddon. */
export async function installKubeProxy(data: InitData): Promise<void> {
  const objects = await data.objects();
  const { cluster } = data;
  for (const object of [
    kubeProxyConfigMap(cluster),
    kubeProxyDaemonSet(cluster),
    kubeProxyServiceAccount(),
    ...kubeProxyRbac(),
  ])
    // prettier-ignore
    await objects.createOrUpdate(object);
  await data.print("[addons] Applied essential addon: kube-proxy");
}

interface DnsDeployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
}

/** As phases/addons/dns EnsureDNSAddon: a Deployment that is there keeps its number of Pods. */
export async function installCoreDns(data: InitData): Promise<void> {
  const objects = await data.objects();
  const { cluster } = data;
  const deployment = coreDnsDeployment(cluster);
  const replicas = (await deployedDns(objects.client))?.replicas;
  const spec = { ...(deployment["spec"] as object), ...(replicas === undefined ? {} : { replicas }) };
  if (!(await keepsCorefile(objects))) await objects.createOrUpdate(coreDnsConfigMap(cluster));
  for (const object of [...coreDnsRbac(), coreDnsServiceAccount(), { ...deployment, spec }])
    await objects.createOrUpdate(object);
  await installService(objects, data);
  await data.print("[addons] Applied essential addon: CoreDNS");
}

/** How many Pods CoreDNS has, and of which version it is; undefined without a Deployment. */
async function deployedDns(
  client: RestClient,
): Promise<{ readonly replicas: number; readonly version: string } | undefined> {
  let items: readonly DnsDeployment[];
  try {
    const path = "/apis/apps/v1/namespaces/kube-system/deployments?labelSelector=k8s-app%3Dkube-dns";
    items = ((await client.call("GET", path))["items"] ?? []) as unknown as readonly DnsDeployment[];
  } catch (error) {
    throw errorSaying("couldn't retrieve DNS addon deployments", error);
  }
  if (items.length > 1)
    throw new NotSimulated("init phase addon coredns with several Deployments labelled k8s-app=kube-dns");
  const [found] = items;
  if (!found) return undefined;
  const { replicas, template } = found.spec;
  return { replicas, version: template.spec.containers[0]!.image.split(":").at(-1)! };
}

interface DnsConfigMap {
  readonly data?: Readonly<Record<string, string>>;
}

/** A Corefile that somebody has changed stays as it is, unless CoreDNS is of another release and it has to be translated. */
async function keepsCorefile({ client }: ClusterObjects): Promise<boolean> {
  let found: DnsConfigMap;
  try {
    found = await client.call("GET", "/api/v1/namespaces/kube-system/configmaps/coredns");
  } catch (error) {
    if (error instanceof Refused && error.reason === "NotFound") return false;
    throw errorSaying("unable to fetch CoreDNS current installed version and ConfigMap.", error);
  }
  const text = found.data?.["Corefile"];
  if (text === undefined)
    throw new KubeadmError("unable to fetch CoreDNS current installed version and ConfigMap.: unable to find the CoreDNS Corefile data"); // prettier-ignore
  const version = (await deployedDns(client))?.version.replace(/^v+/, "") ?? "";
  if (version !== "" && version !== COREDNS) {
    if (/^1\.\d+\.\d+$/.test(version)) throw new NotSimulated(`init phase addon coredns over CoreDNS ${version}`);
    throw new KubeadmError(`unable to get list of changes to the configuration.: start version '${version}' not supported`); // prettier-ignore
  }
  const [, domain = ""] = /^\s*kubernetes (\S+) in-addr\.arpa ip6\.arpa \{$/m.exec(text) ?? [];
  return text !== "" && text !== corefile(domain);
}

/** A Service of that name or address may be there already; then it is updated. */
async function installService(objects: ClusterObjects, data: InitData): Promise<void> {
  const service = dnsService(data.cluster);
  try {
    await objects.create(service);
  } catch (error) {
    if (!(error instanceof Refused) || !["AlreadyExists", "Invalid"].includes(error.reason))
      throw errorSaying("unable to create a new DNS service", error);
    try {
      await objects.update(service);
    } catch (refused) {
      throw errorSaying("unable to create/update the DNS service", refused);
    }
  }
}
