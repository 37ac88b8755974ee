import { parseLabelSelector, type Selector } from "../../../api/index.ts";
import { fallZones, integer, once, type Controller } from "../plugin.ts";
import { isReverse } from "../corefile/zone.ts";
import { inClusterConfig } from "../../../access/in-cluster.ts";

/** How the plugin finds its API server: with nothing set from inside the cluster. */
export interface ApiAddress {
  readonly endpoint?: string;
  readonly tls?: { readonly certificate: string; readonly key: string; readonly authority: string };
  readonly kubeconfig?: string;
}

export interface KubernetesConfig {
  readonly zones: readonly string[];
  /** The first zone that is no reverse zone. */
  readonly primary: string;
  readonly pods: "disabled" | "insecure" | "verified";
  readonly namespaces: readonly string[];
  readonly labels: Selector | null;
  readonly namespaceLabels: Selector | null;
  readonly fall: readonly string[];
  readonly ttl: number;
  readonly endpointPodNames: boolean;
  readonly endpoints: boolean;
  readonly ignoreEmptyService: boolean;
  readonly api: ApiAddress;
}

/** Reads the directive (plugin/kubernetes/setup.go). */
export function readKubernetes(c: Controller): KubernetesConfig {
  let config: KubernetesConfig | undefined;
  once(c, () => {
    config = readStanza(c);
  });
  const { api } = config!;
  if (api.endpoint === undefined && api.kubeconfig === undefined) {
    const found = inClusterConfig(c.host, c.env, "coredns");
    if ("error" in found) throw new Error(found.error);
  }
  return config!;
}

function readStanza(c: Controller): KubernetesConfig {
  const zones = c.zonesOr(c.remainingArgs());
  const primary = zones.find((zone) => !isReverse(zone));
  if (primary === undefined) throw new Error("non-reverse zone name must be used");
  const config: { -readonly [K in keyof KubernetesConfig]: KubernetesConfig[K] } = {
    zones,
    primary,
    pods: "disabled",
    namespaces: [],
    labels: null,
    namespaceLabels: null,
    fall: [],
    ttl: 5,
    endpointPodNames: false,
    endpoints: true,
    ignoreEmptyService: false,
    api: {},
  };
  while (c.nextBlock()) readProperty(c, config);
  if (config.namespaces.length > 0 && config.namespaceLabels)
    throw c.error("namespaces and namespace_labels cannot both be set");
  return config;
}

function readProperty(c: Controller, config: { -readonly [K in keyof KubernetesConfig]: KubernetesConfig[K] }): void {
  const property = c.value;
  const args = c.remainingArgs();
  const [first] = args;
  switch (property) {
    case "endpoint_pod_names":
    case "noendpoints":
      if (args.length > 0) throw c.argumentError();
      if (property === "noendpoints") config.endpoints = false;
      else config.endpointPodNames = true;
      return;
    case "pods":
      if (args.length !== 1) throw c.argumentError();
      if (first !== "disabled" && first !== "insecure" && first !== "verified")
        throw new Error(`wrong value for pods: ${first!},  must be one of: disabled, verified, insecure`);
      config.pods = first;
      return;
    case "namespaces":
      if (first === undefined) throw c.argumentError();
      config.namespaces = [...config.namespaces, ...args];
      return;
    case "endpoint":
      if (first === undefined) throw c.argumentError();
      if (args.length > 1)
        c.log(
          "WARNING",
          `plugin/kubernetes: Multiple endpoints have been deprecated, only the first specified endpoint '${first}' is used`,
        );
      config.api = { ...config.api, endpoint: first };
      return;
    case "tls":
      if (args.length !== 3) throw c.argumentError();
      config.api = { ...config.api, tls: { certificate: first!, key: args[1]!, authority: args[2]! } };
      return;
    case "kubeconfig":
      if (args.length !== 1 && args.length !== 2) throw c.argumentError();
      config.api = { ...config.api, kubeconfig: first! };
      return;
    case "labels":
    case "namespace_labels": {
      if (first === undefined) throw c.argumentError();
      const text = args.join(" ");
      const selector = parseLabelSelector(text);
      if (selector !== "nothing" && "error" in selector) {
        const which = property === "labels" ? "label" : "namespace_label";
        throw new Error(`unable to parse ${which} selector value: '${text}': ${selector.error}`);
      }
      config[property === "labels" ? "labels" : "namespaceLabels"] = selector;
      return;
    }
    case "fallthrough":
      config.fall = fallZones(args);
      return;
    case "ttl": {
      if (first === undefined) throw c.argumentError();
      const ttl = integer(first);
      if (ttl < 0 || ttl > 3600) throw c.error(`ttl must be in range [0, 3600]: ${ttl}`);
      config.ttl = ttl;
      return;
    }
    case "ignore":
      if (first === undefined) return;
      if (first !== "empty_service") throw new Error(`unable to parse ignore value: '${first}'`);
      config.ignoreEmptyService = true;
      return;
    default:
      throw c.error(`unknown property '${property}'`);
  }
}
