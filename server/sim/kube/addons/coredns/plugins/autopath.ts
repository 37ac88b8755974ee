import { parseResolvConf, type DnsMessage } from "../../../../net/index.ts";
import { fqdn, matchingZone } from "../corefile/zone.ts";
import type { Plugin } from "../plugin.ts";
import type { Query } from "../query.ts";
import { failed, isWritten } from "../reply.ts";
import type { KubernetesConfig } from "../kubernetes/config.ts";
import type { KubernetesObjects } from "../kubernetes/objects.ts";

interface AutopathConfig {
  readonly zones: readonly string[];
  /** The search list of a file, or undefined: that of the client's Pod. */
  readonly search?: readonly string[];
  /** What the server's own resolv.conf adds to them. */
  readonly own: readonly string[];
}

/** autopath: goes through the client's search list itself, at its first query (plugin/autopath). */
export const autopath: Plugin<AutopathConfig> = {
  name: "autopath",
  setup(c) {
    let config: AutopathConfig | undefined;
    const own = searchOf(c.host.readText("/etc/resolv.conf") ?? "");
    while (c.next()) {
      const [source, ...zones] = c.remainingArgs();
      if (source === undefined) throw new Error("no resolv-conf specified");
      if (source.startsWith("@")) {
        if (source !== "@kubernetes" || !c.directives.has("kubernetes"))
          throw new Error(`failed to find plugin ${JSON.stringify(source.slice(1))} in server block`);
        config = { zones: c.zonesOr(zones), own };
      } else {
        const text = c.host.readText(source);
        if (text === undefined)
          throw new Error(`failed to parse ${JSON.stringify(source)}: open ${source}: no such file or directory`);
        config = { zones: c.zonesOr(zones), search: [...searchOf(text), ""], own };
      }
    }
    return config!;
  },
  serve(config, { instance, index }, next) {
    const plugins = instance.config.blocks[index]!.plugins;
    const kubernetes = plugins.find(({ name }) => name === "kubernetes")?.config as KubernetesConfig | undefined;
    const searchList = (query: Query): readonly string[] => {
      if (config.search) return config.search;
      if (!kubernetes || kubernetes.pods !== "verified") return [];
      const list = podSearch(instance.objects, query.context.remote.address, kubernetes.primary);
      return list.length === 0 ? [] : [...list, ...config.own, ""];
    };
    return (query) => {
      if (matchingZone(config.zones, query.name) === undefined) return next(query);
      const [first, ...others] = searchList(query);
      if (first === undefined || !query.name.endsWith(`.${first}`)) return next(query);
      const base = query.qname.slice(0, query.qname.length - first.length - 1);
      const begun = next(query);
      if (begun.error !== undefined) return begun;
      if (begun.message && begun.message.rcode !== "NXDOMAIN") return begun;
      for (const domain of others) {
        const name = domain === "" ? `${base}.` : `${base}.${domain}`;
        const tried = next(query.with({ ...query.message, questions: [{ ...query.question, name }] }));
        if (tried.error !== undefined) return failed(tried.rcode, tried.error);
        if (!isWritten(tried.rcode) || !tried.message || tried.message.rcode === "NXDOMAIN") continue;
        return { ...tried, message: renamed(query, tried.message) };
      }
      return begun;
    };
  },
};

/** The answer to another name, as that of the name asked for: an alias leads there (autopath/cname.go). */
function renamed(query: Query, message: DnsMessage): DnsMessage {
  const [first] = message.answers;
  const alias = first ? [{ name: query.qname, ttl: first.ttl, type: "CNAME" as const, target: first.name }] : [];
  return { ...message, questions: query.message.questions, answers: [...alias, ...message.answers] };
}

/** The search list that a kubelet gives the Pod of that address; none if there is no such Pod (kubernetes/autopath.go). */
function podSearch(objects: KubernetesObjects, address: string, zone: string): readonly string[] {
  const [pod] = objects.podsByIp(address);
  const namespace = pod?.metadata.namespace;
  return namespace === undefined ? [] : [`${namespace}.svc.${zone}`, `svc.${zone}`, zone];
}

function searchOf(text: string): string[] {
  return parseResolvConf(text).search.map((domain) => fqdn(domain.toLowerCase()));
}
