/** The flags of nginx-ingress-controller (pkg/flags/flags.go) with their defaults. */
const TEXT = {
  "apiserver-host": "",
  "certificate-authority": "",
  kubeconfig: "",
  "default-backend-service": "",
  "ingress-class": "nginx",
  "controller-class": "k8s.io/ingress-nginx",
  configmap: "",
  "publish-service": "",
  "publish-status-address": "",
  "tcp-services-configmap": "",
  "udp-services-configmap": "",
  "watch-namespace": "",
  "watch-namespace-selector": "",
  "default-ssl-certificate": "",
  "health-check-path": "/healthz",
  "election-id": "ingress-controller-leader",
  "annotations-prefix": "nginx.ingress.kubernetes.io",
  "validating-webhook": "",
  "validating-webhook-certificate": "",
  "validating-webhook-key": "",
  "healthz-host": "",
} as const;

const FLAGS = {
  "watch-ingress-without-class": false,
  "ingress-class-by-name": false,
  "update-status": true,
  "update-status-on-shutdown": true,
  "report-node-internal-ip-address": false,
  "disable-catch-all": false,
  "disable-leader-election": false,
  "disable-svc-external-name": false,
  "disable-sync-events": false,
  "disable-full-test": false,
  "enable-annotation-validation": true,
  "enable-ssl-passthrough": false,
  "enable-metrics": true,
  "deep-inspect": true,
  version: false,
} as const;

const NUMBERS = {
  "http-port": 80,
  "https-port": 443,
  "default-server-port": 8181,
  "healthz-port": 10_254,
  "status-port": 10_246,
  "stream-port": 10_247,
  "status-update-interval": 60,
  "sync-rate-limit": 0.3,
  "post-shutdown-grace-period": 10,
  "shutdown-grace-period": 0,
  v: 0,
} as const;

/** Known, and without anything to be seen here, or only with what is not simulated. */
const IGNORED = new Set([
  "profiling", "profiler-port", "profiler-address", "metrics-per-host", "metrics-per-undefined-host", "time-buckets",
  "length-buckets", "size-buckets", "monitor-max-batch-size", "health-check-timeout", "sync-period", "alsologtostderr",
  "logtostderr", "stderrthreshold", "vmodule", "dynamic-configuration-retries", "internal-logger-address",
  "exclude-socket-metrics", "bucket-factor", "max-buckets", "report-status-classes", "enable-ssl-chain-completion",
  "election-ttl", "maxmind-edition-ids", "maxmind-retries-count", "maxmind-retries-timeout", "maxmind-mirror",
]); // prettier-ignore

const UNSIMULATED = new Set([
  "enable-ssl-passthrough", "watch-namespace-selector", "tcp-services-configmap", "udp-services-configmap",
  "maxmind-license-key", "enable-topology-aware-routing", "ssl-passthrough-proxy-port", "apiserver-host", "certificate-authority",
]); // prettier-ignore

export interface Options {
  readonly text: Readonly<Record<keyof typeof TEXT, string>>;
  readonly flags: Readonly<Record<keyof typeof FLAGS, boolean>>;
  readonly numbers: Readonly<Record<keyof typeof NUMBERS, number>>;
}

export type ReadOptions =
  | { readonly options: Options; readonly unsimulated: readonly string[] }
  /** What pflag says, and the exit code. */
  | { readonly error: string; readonly code: number };

export function readOptions(words: readonly string[]): ReadOptions {
  const text: Record<string, string> = { ...TEXT };
  const flags: Record<string, boolean> = { ...FLAGS };
  const numbers: Record<string, number> = { ...NUMBERS };
  const unsimulated: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (!word.startsWith("-") || word === "--") continue;
    const match = /^--?([^=]+)(?:=(.*))?$/s.exec(word)!;
    const name = match[1]!;
    let value = match[2];
    const wrong = (why: string): ReadOptions => ({ error: why, code: 2 });
    if (name in FLAGS) {
      if (value !== undefined && !/^(?:1|t|true|0|f|false)$/i.test(value))
        return wrong(`invalid argument ${JSON.stringify(value)} for "--${name}" flag: strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`); // prettier-ignore
      flags[name] = value === undefined || /^(?:1|t|true)$/i.test(value);
      if (UNSIMULATED.has(name) && flags[name]) unsimulated.push(name);
      continue;
    }
    if (!(name in TEXT) && !(name in NUMBERS) && !IGNORED.has(name) && !UNSIMULATED.has(name))
      return wrong(`unknown flag: --${name}`);
    if (value === undefined && name !== "profiling") value = words[++at];
    if (value === undefined && name !== "profiling") return wrong(`flag needs an argument: --${name}`);
    if (UNSIMULATED.has(name) && value !== "") unsimulated.push(name);
    if (name in TEXT) text[name] = value!;
    else if (name in NUMBERS) {
      if (Number.isNaN(Number(value)))
        return wrong(`invalid argument ${JSON.stringify(value)} for "--${name}" flag: strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`); // prettier-ignore
      numbers[name] = Number(value);
    }
  }
  return { options: { text, flags, numbers } as Options, unsimulated };
}
