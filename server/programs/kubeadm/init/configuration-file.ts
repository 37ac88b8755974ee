import { attempt, Errno, parseYamlText, type Process } from "../../../sim/host/index.ts";
import { decode, type Duration } from "../../../sim/kernel/index.ts";
import { parseGoDuration } from "../../../sim/kube/api/index.ts";
import type { ExtraArg, YamlObject } from "../../../sim/kube/kubeadm/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import { KubeadmError, NotSimulated } from "../failure.ts";
import { DEFAULT_TOKEN, type GivenConfiguration, type Taint } from "./given-configuration.ts";

/**
 * The documents of `--config` (configutil.LoadInitConfigurationFromFile). What is written there and cannot be followed is refused
 * by its name, so that nothing is taken without effect.
 */
export async function readConfigurationFile(process: Process, path: string): Promise<GivenConfiguration> {
  const data = attempt(() => process.host.files.read(path, process));
  if (data instanceof Errno)
    throw new KubeadmError(`unable to read config from "${path}" : open ${path}: ${data.message.toLowerCase()}`);
  const documents = split(decode(data));
  const init = documents.get("InitConfiguration");
  const cluster = documents.get("ClusterConfiguration");
  if (!init && !cluster)
    throw new KubeadmError("no InitConfiguration or ClusterConfiguration kind was found in the configuration file");
  for (const kind of ["ClusterConfiguration", "InitConfiguration"] as const)
    if (documents.get(kind)?.version === "v1beta3") await warnDeprecated(process, kind);
  const own = readCluster(new Fields(cluster?.body ?? {}, "ClusterConfiguration"));
  const local = readInit(new Fields(init?.body ?? {}, "InitConfiguration"));
  return {
    ...local,
    version: own.version,
    cluster: {
      ...own.cluster,
      ...local.cluster,
      componentConfigs: {
        kubelet: documents.get("KubeletConfiguration")?.body,
        kubeProxy: documents.get("KubeProxyConfiguration")?.body,
      },
    },
  };
}

interface Document {
  readonly version: string;
  /** Its fields but for apiVersion and kind. */
  readonly body: YamlObject;
}

const GROUPS: Readonly<Record<string, RegExp>> = {
  ClusterConfiguration: /^kubeadm\.k8s\.io\/(v1beta[34])$/,
  InitConfiguration: /^kubeadm\.k8s\.io\/(v1beta[34])$/,
  KubeletConfiguration: /^kubelet\.config\.k8s\.io\/(v1beta1)$/,
  KubeProxyConfiguration: /^kubeproxy\.config\.k8s\.io\/(v1alpha1)$/,
};

function split(text: string): Map<string, Document> {
  const documents = new Map<string, Document>();
  for (const part of text.split(/^---(?:[ \t].*)?$/m)) {
    if (/^\s*(?:#.*\s*)*$/.test(part)) continue;
    let value: unknown;
    try {
      value = parseYamlText(part);
    } catch (error) {
      throw new KubeadmError(`error converting YAML to JSON: yaml: ${(error as Error).message.split("\n")[0]}`);
    }
    const { apiVersion, kind, ...body } = (value ?? {}) as Record<string, unknown>;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || apiVersion === "" || kind === "")
      throw new KubeadmError("invalid configuration for GroupVersionKind /, Kind=: kind and apiVersion is mandatory information that must be specified"); // prettier-ignore
    const [, version] = GROUPS[kind]?.exec(apiVersion) ?? [];
    if (version === undefined) throw new NotSimulated(`--config with ${apiVersion} ${kind}`);
    documents.set(kind, { version, body: body as YamlObject });
  }
  return documents;
}

async function warnDeprecated(process: Process, kind: string): Promise<void> {
  const text = `your configuration file uses a deprecated API spec: "kubeadm.k8s.io/v1beta3" (kind: "${kind}"). Please use 'kubeadm config migrate --old-config old-config-file --new-config new-config-file', which will write the new, similar spec using a newer API version.`;
  await klog(process, "W", "common.go:101", text);
}

function readCluster(fields: Fields): Pick<GivenConfiguration, "cluster" | "version"> {
  const networking = fields.inner("networking");
  const apiServer = fields.inner("apiServer");
  const controllerManager = fields.inner("controllerManager");
  const scheduler = fields.inner("scheduler");
  const etcd = fields.inner("etcd");
  const local = etcd.inner("local");
  const read = {
    version: fields.text("kubernetesVersion"),
    cluster: {
      ...given("clusterName", fields.text("clusterName")),
      ...given("certificatesDir", fields.text("certificatesDir")),
      ...given("imageRepository", fields.text("imageRepository")),
      ...given("controlPlaneEndpoint", fields.text("controlPlaneEndpoint")),
      ...given("dnsDomain", networking.text("dnsDomain")),
      ...given("podSubnet", networking.text("podSubnet")),
      ...given("serviceSubnet", networking.text("serviceSubnet")),
      ...given("certSANs", apiServer.texts("certSANs")),
      ...given("dataDir", local.text("dataDir")),
      extraArgs: {
        apiServer: apiServer.args(),
        controllerManager: controllerManager.args(),
        scheduler: scheduler.args(),
        etcd: local.args(),
      },
    },
  };
  fields.same("caCertificateValidityPeriod", "87600h0m0s", "87600h");
  fields.same("certificateValidityPeriod", "8760h0m0s", "8760h");
  fields.same("encryptionAlgorithm", "RSA-2048");
  for (const part of [networking, apiServer, controllerManager, scheduler, local, etcd]) part.end();
  for (const part of ["dns", "proxy", "featureGates"]) fields.inner(part).end();
  fields.end();
  return read;
}

function readInit(fields: Fields): Omit<GivenConfiguration, "version"> {
  const endpoint = fields.inner("localAPIEndpoint");
  const registration = fields.inner("nodeRegistration");
  const port = endpoint.take("bindPort");
  const tokens = (fields.take("bootstrapTokens") ?? [{}]) as readonly YamlObject[];
  const read = {
    address: endpoint.text("advertiseAddress"),
    nodeName: registration.text("name"),
    taints: (registration.take("taints") ?? undefined) as readonly Taint[] | undefined,
    ignoredErrors: registration.texts("ignorePreflightErrors") ?? [],
    skippedPhases: fields.texts("skipPhases") ?? [],
    certificateKey: fields.text("certificateKey"),
    tokens: tokens.map((token) => readToken(new Fields(token, "InitConfiguration.bootstrapTokens"))),
    cluster: {
      ...given("bindPort", typeof port === "number" ? port : undefined),
      ...given("criSocket", registration.text("criSocket")),
    },
  };
  registration.same("imagePullPolicy", "IfNotPresent");
  registration.same("imagePullSerial", true);
  const timeouts = fields.inner("timeouts");
  for (const [name, usual] of Object.entries(TIMEOUTS)) timeouts.same(name, ...usual);
  for (const part of [endpoint, registration, timeouts, fields]) part.end();
  return read;
}

const TIMEOUTS: Readonly<Record<string, readonly string[]>> = {
  controlPlaneComponentHealthCheck: ["4m0s", "4m"],
  discovery: ["5m0s", "5m"],
  etcdAPICall: ["2m0s", "2m"],
  kubeletHealthCheck: ["4m0s", "4m"],
  kubernetesAPICall: ["1m0s", "1m"],
  tlsBootstrap: ["5m0s", "5m"],
  upgradeManifests: ["5m0s", "5m"],
};

function readToken(fields: Fields): GivenConfiguration["tokens"][number] {
  const ttl = fields.text("ttl");
  const read = {
    ...DEFAULT_TOKEN,
    token: fields.text("token"),
    description: fields.text("description"),
    ...given("groups", fields.texts("groups")),
    ...given("usages", fields.texts("usages")),
    ...(ttl === undefined ? {} : { ttl: (ttl === "0" ? 0 : parseGoDuration(ttl)) as Duration }),
  };
  fields.end();
  return read;
}

function given<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/** The fields of an object, each of which has to be asked for. */
class Fields {
  readonly #values: Map<string, unknown>;
  readonly #path: string;

  constructor(object: object, path: string) {
    this.#values = new Map(Object.entries(object));
    this.#path = path;
  }

  take(name: string): unknown {
    const value = this.#values.get(name);
    this.#values.delete(name);
    return value;
  }

  /** Empty is as good as missing. */
  text(name: string): string | undefined {
    const value = this.take(name);
    if (value === undefined || value === null || value === "") return undefined;
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.take(name);
    return Array.isArray(value) ? value.map(String) : undefined;
  }

  inner(name: string): Fields {
    return new Fields(this.take(name) ?? {}, `${this.#path}.${name}`);
  }

  /** `extraArgs`: a list since v1beta4, a map before. */
  args(): readonly ExtraArg[] {
    const value = this.take("extraArgs") ?? [];
    if (Array.isArray(value)) return (value as { readonly name: string; readonly value: unknown }[]).map(({ name, value: text }) => ({ name, value: String(text) })); // prettier-ignore
    return Object.entries(value).map(([name, text]) => ({ name, value: String(text) }));
  }

  /** A field that can only say what it says by default. */
  same(name: string, ...usual: readonly unknown[]): void {
    const value = this.take(name);
    if (value !== undefined && value !== null && !usual.includes(value)) throw new NotSimulated(`${this.#path}.${name}: ${JSON.stringify(value)}`); // prettier-ignore
  }

  /** Nothing else may be there. */
  end(): void {
    for (const [name, value] of this.#values) if (value !== null) throw new NotSimulated(`${this.#path}.${name}`);
  }
}
