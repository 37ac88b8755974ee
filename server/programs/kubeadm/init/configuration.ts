import type { Process } from "../../../sim/host/index.ts";
import type { Duration } from "../../../sim/kernel/index.ts";
import { parseAddress } from "../../../sim/net/index.ts";
import { parseGoDuration } from "../../../sim/kube/api/index.ts";
import {
  API_PORT,
  releaseOf,
  resolveCluster,
  type Cluster,
  type ClusterParameters,
  type Component,
  type ExtraArg,
} from "../../../sim/kube/kubeadm/index.ts";
import type { Given } from "../cobra/index.ts";
import { KubeadmError, NotSimulated } from "../failure.ts";
import { newToken } from "../tokens.ts";
import { readConfigurationFile } from "./configuration-file.ts";
import { DEFAULT_TOKEN, type GivenConfiguration, type InitToken, type Taint } from "./given-configuration.ts";
import { resolveVersion } from "./kubernetes-version.ts";
import { defaultAddress, nodeName, resolvConf } from "./machine.ts";

/** kubeadm's InitConfiguration with its ClusterConfiguration. */
export interface InitConfiguration {
  readonly cluster: Cluster;
  readonly tokens: readonly InitToken[];
  readonly taints: readonly Taint[];
  readonly certificateKey: string | undefined;
  readonly ignoredErrors: ReadonlySet<string>;
  readonly skippedPhases: readonly string[];
}

const CONTROL_PLANE_TAINT: Taint = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };
/** What may stand beside --config (validation.go isAllowedFlag). */
const BESIDE_CONFIG = /^(?:config|ignore-preflight-errors|dry-run|kubeconfig|node-name|kubeconfig-dir|upload-certs|rootfs|v|log-file|skip-.*)$/; // prettier-ignore

/**
 * What init works with (configutil.LoadOrDefaultInitConfiguration): a file's words or the flags', the defaults, and what the machine
 * says. The cluster's own configuration is not asked: without --config, what init once was told is not known.
 */
export async function initConfiguration(process: Process, given: Given): Promise<InitConfiguration> {
  const file = given.text("config");
  if (file !== undefined) {
    const mixed = given.names.filter((name) => !BESIDE_CONFIG.test(name));
    if (mixed.length > 0) throw new KubeadmError(`can not mix '--config' with arguments [${mixed.join(" ")}]`);
  }
  const own = file === undefined ? fromFlags(given) : await readConfigurationFile(process, file);
  // A node's name on the command line stands above the file's.
  const name = nodeName(process, given.text("node-name") ?? own.nodeName);
  if (own.address !== undefined && parseAddress(own.address) === undefined)
    throw new KubeadmError(`couldn't use "${own.address}" as "apiserver-advertise-address", must be ipv4 or ipv6 address`); // prettier-ignore
  const tokens = own.tokens.map((token) => ({ ...token, token: token.token ?? newToken(process) }));
  const address = own.address ?? defaultAddress(process);
  const version = await resolveVersion(process, own.version ?? "stable-1");
  if (!releaseOf(version)) throw new NotSimulated(`--kubernetes-version ${version}`);
  const endpoint = own.cluster.controlPlaneEndpoint;
  const { kernel } = process;
  const cluster = resolveCluster({
    podSubnet: "",
    resolvConf: resolvConf(process),
    ...own.cluster,
    ...(endpoint === undefined ? {} : { controlPlaneEndpoint: withPort(endpoint, own.cluster.bindPort ?? API_PORT) }),
    version,
    controlPlane: { name, address },
    seed: kernel.seed,
    created: kernel.now,
  });
  return {
    cluster,
    tokens,
    taints: own.taints ?? [CONTROL_PLANE_TAINT],
    certificateKey: own.certificateKey,
    ignoredErrors: ignored([
      ...own.ignoredErrors,
      ...(file === undefined ? [] : given.list("ignore-preflight-errors")),
    ]),
    skippedPhases: given.has("skip-phases") ? given.list("skip-phases") : own.skippedPhases,
  };
}

function ignored(names: readonly string[]): ReadonlySet<string> {
  const set = new Set(names.map((name) => name.toLowerCase()));
  if (set.has("all") && set.size > 1)
    throw new KubeadmError(
      `ignore-preflight-errors: Invalid value: "${[...set].sort().join(",")}": don't specify individual checks if 'all' is used`,
    );
  return set;
}

function withPort(endpoint: string, port: number): string {
  return /:\d+$/.test(endpoint) ? endpoint : `${endpoint}:${port}`;
}

function fromFlags(given: Given): GivenConfiguration {
  const optional = <K extends keyof ClusterParameters>(key: K, flag: string): Partial<ClusterParameters> =>
    given.has(flag) ? { [key]: given.text(flag) } : {};
  const port = given.text("apiserver-bind-port");
  const token = given.text("token");
  const ttl = given.text("token-ttl");
  if (token !== undefined && !/^[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token))
    throw new KubeadmError(`the bootstrap token "${token}" was not of the form "\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z"`);
  return {
    cluster: {
      ...optional("podSubnet", "pod-network-cidr"),
      ...optional("serviceSubnet", "service-cidr"),
      ...optional("dnsDomain", "service-dns-domain"),
      ...optional("certificatesDir", "cert-dir"),
      ...optional("imageRepository", "image-repository"),
      ...optional("controlPlaneEndpoint", "control-plane-endpoint"),
      ...optional("criSocket", "cri-socket"),
      ...(port === undefined ? {} : { bindPort: Number(port) }),
      ...(given.has("apiserver-cert-extra-sans") ? { certSANs: given.list("apiserver-cert-extra-sans") } : {}),
      extraArgs: extraArgs(given),
    },
    version: given.text("kubernetes-version"),
    address: given.text("apiserver-advertise-address"),
    tokens: [
      {
        ...DEFAULT_TOKEN,
        token,
        description: "The default bootstrap token generated by 'kubeadm init'.",
        ...(ttl === undefined ? {} : { ttl: parseGoDuration(ttl) as Duration }),
      },
    ],
    certificateKey: given.text("certificate-key"),
    ignoredErrors: given.list("ignore-preflight-errors"),
    skippedPhases: [],
  };
}

function extraArgs(given: Given): Partial<Record<Component, readonly ExtraArg[]>> {
  const read = (flag: string): ExtraArg[] =>
    given.list(flag).map((pair) => {
      const at = pair.indexOf("=");
      if (at < 0) throw new KubeadmError(`invalid argument "${pair}" for "--${flag}" flag: malformed pair, expect string=string`); // prettier-ignore
      return { name: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() };
    });
  return {
    apiServer: read("apiserver-extra-args"),
    controllerManager: read("controller-manager-extra-args"),
    scheduler: read("scheduler-extra-args"),
  };
}
