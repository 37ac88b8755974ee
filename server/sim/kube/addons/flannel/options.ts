import { programVersion, type DaemonProcess } from "../../../host/index.ts";

/** flanneld's command line (main.go CmdLineOpts), as far as it has an effect here. */
export interface Options {
  readonly kubeConfigFile: string;
  readonly annotationPrefix: string;
  readonly iface: readonly string[];
  readonly ifaceRegex: readonly string[];
  readonly ifaceCanReach: string;
  readonly ipMasq: boolean;
  readonly subnetFile: string;
  readonly publicIp: string;
  readonly resyncSeconds: number;
  readonly forwardRules: boolean;
  readonly netConfPath: string;
  readonly setNetworkUnavailable: boolean;
}

/** The options, or what is printed instead, with the exit code. */
export type ReadOptions =
  | { readonly options: Options; readonly log: string }
  | { readonly lines: readonly string[]; readonly code: number };

interface Flag {
  readonly type: "bool" | "int" | "string" | "list";
  readonly value: string;
  /** Its field in the structure that is logged; none for klog's flags. */
  readonly field?: string;
  /** Only its default is simulated. */
  readonly fixed?: true;
}

/** In the order of the structure. */
const FLAGS: Readonly<Record<string, Flag>> = {
  "etcd-endpoints": {
    type: "string",
    value: "http://127.0.0.1:4001,http://127.0.0.1:2379",
    field: "etcdEndpoints",
    fixed: true,
  },
  "etcd-prefix": { type: "string", value: "/coreos.com/network", field: "etcdPrefix", fixed: true },
  "etcd-keyfile": { type: "string", value: "", field: "etcdKeyfile", fixed: true },
  "etcd-certfile": { type: "string", value: "", field: "etcdCertfile", fixed: true },
  "etcd-cafile": { type: "string", value: "", field: "etcdCAFile", fixed: true },
  "etcd-username": { type: "string", value: "", field: "etcdUsername", fixed: true },
  "etcd-password": { type: "string", value: "", field: "etcdPassword", fixed: true },
  version: { type: "bool", value: "false", field: "version" },
  "kube-subnet-mgr": { type: "bool", value: "false", field: "kubeSubnetMgr" },
  "kube-api-url": { type: "string", value: "", field: "kubeApiUrl", fixed: true },
  "kube-annotation-prefix": { type: "string", value: "flannel.alpha.coreos.com", field: "kubeAnnotationPrefix" },
  "kubeconfig-file": { type: "string", value: "", field: "kubeConfigFile" },
  iface: { type: "list", value: "", field: "iface" },
  "iface-regex": { type: "list", value: "", field: "ifaceRegex" },
  "ip-masq": { type: "bool", value: "false", field: "ipMasq" },
  "iface-can-reach": { type: "string", value: "", field: "ifaceCanReach" },
  "subnet-file": { type: "string", value: "/run/flannel/subnet.env", field: "subnetFile" },
  "public-ip": { type: "string", value: "", field: "publicIP" },
  "public-ipv6": { type: "string", value: "", field: "publicIPv6", fixed: true },
  "subnet-lease-renew-margin": { type: "int", value: "60", field: "subnetLeaseRenewMargin" },
  "healthz-ip": { type: "string", value: "0.0.0.0", field: "healthzIP" },
  "healthz-port": { type: "int", value: "0", field: "healthzPort", fixed: true },
  "iptables-resync": { type: "int", value: "5", field: "iptablesResyncSeconds" },
  "iptables-forward-rules": { type: "bool", value: "true", field: "iptablesForwardRules" },
  "net-config-path": { type: "string", value: "/etc/kube-flannel/net-conf.json", field: "netConfPath" },
  "set-node-network-unavailable": { type: "bool", value: "true", field: "setNodeNetworkUnavailable" },
  v: { type: "int", value: "0", fixed: true },
  vmodule: { type: "string", value: "", fixed: true },
  log_backtrace_at: { type: "string", value: "", fixed: true },
};

/** Reads the command line as Go's package flag does; what it does not set comes from FLANNELD_* in the environment. */
export function readOptions(self: DaemonProcess): ReadOptions {
  const [program = "flanneld", ...words] = self.argv;
  const values = new Map<string, readonly string[]>();
  const refuse = (message: string): ReadOptions => ({ lines: [message, `Usage: ${program} [OPTION]...`], code: 0 });
  for (let at = 0; at < words.length; at++) {
    const match = /^--?([^=-][^=]*)(?:=(.*))?$/s.exec(words[at]!);
    if (!match) break;
    const [, name, inline] = match as unknown as [string, string, string?];
    const flag = Object.hasOwn(FLAGS, name) ? FLAGS[name]! : undefined;
    if (!flag) return refuse(`flag provided but not defined: -${name}`);
    const value = inline ?? (flag.type === "bool" ? "true" : words[++at]);
    if (value === undefined) return refuse(`flag needs an argument: -${name}`);
    const wrong = problemOf(flag, name, value);
    if (wrong !== undefined) return refuse(wrong);
    values.set(name, flag.type === "list" ? [...(values.get(name) ?? []), value] : [value]);
  }
  for (const name of Object.keys(FLAGS)) {
    const given = self.env[`FLANNELD_${name.toUpperCase().replaceAll("-", "_")}`];
    if (given && !values.has(name)) values.set(name, [given]);
  }
  return complete(values, programVersion(self));
}

function problemOf({ type }: Flag, name: string, value: string): string | undefined {
  if (type === "int" && !/^[-+]?\d+$/.test(value))
    return `invalid value ${JSON.stringify(value)} for flag -${name}: parse error`;
  if (type === "bool" && !/^(?:1|0|[tTfF]|true|false|TRUE|FALSE|True|False)$/.test(value))
    return `invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`;
  return undefined;
}

function complete(values: ReadonlyMap<string, readonly string[]>, version: string): ReadOptions {
  const texts = (name: string): readonly string[] => values.get(name) ?? [];
  const text = (name: string): string => texts(name)[0] ?? FLAGS[name]!.value;
  const flag = (name: string): boolean => /^(?:1|[tT]|true|TRUE|True)$/.test(text(name));
  if (flag("version")) return { lines: [version === "" ? VERSION : `v${version}`], code: 0 };
  for (const [name, { fixed, value }] of Object.entries(FLAGS))
    if (fixed && text(name) !== value) return { lines: [`drydock: flanneld: '--${name}' is not simulated`], code: 64 };
  if (!flag("kube-subnet-mgr"))
    return { lines: ["drydock: flanneld: 'etcd' (without --kube-subnet-mgr) is not simulated"], code: 64 };
  const fields = Object.entries(FLAGS).flatMap(([name, { type, field }]) => {
    if (field === undefined) return [];
    const shown = type === "list" ? `[${texts(name).join(" ")}]` : type === "bool" ? String(flag(name)) : text(name);
    return [`${field}:${shown}`];
  });
  return {
    log: `CLI flags config: {${fields.join(" ")}}`,
    options: {
      kubeConfigFile: text("kubeconfig-file"),
      annotationPrefix: text("kube-annotation-prefix"),
      iface: texts("iface"),
      ifaceRegex: texts("iface-regex"),
      ifaceCanReach: text("iface-can-reach"),
      ipMasq: flag("ip-masq"),
      subnetFile: text("subnet-file"),
      publicIp: text("public-ip"),
      resyncSeconds: Number(text("iptables-resync")),
      forwardRules: flag("iptables-forward-rules"),
      netConfPath: text("net-config-path"),
      setNetworkUnavailable: flag("set-node-network-unavailable"),
    },
  };
}

/** Of a file that does not tell its own. */
const VERSION = "v0.27.0";
