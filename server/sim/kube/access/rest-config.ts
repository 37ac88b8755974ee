import { decode, type Bytes } from "../../kernel/index.ts";
import { attempt, dirname, Errno, isAbsolute, join, parseYamlText, type Caller, type Host } from "../../host/index.ts";

/** How a client reaches an API server, and as whom: client-go's rest.Config. Certificates and keys are PEM texts. */
export interface RestConfig {
  /** `https://172.30.1.2:6443` */
  readonly server: string;
  readonly certificateAuthority?: string;
  readonly insecureSkipTlsVerify?: boolean;
  readonly tlsServerName?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly token?: string;
  readonly userAgent: string;
  readonly impersonate?: { readonly user: string; readonly groups: readonly string[] };
}

interface NamedEntry {
  readonly name?: string;
  readonly cluster?: Record<string, unknown>;
  readonly context?: Record<string, unknown>;
  readonly user?: Record<string, unknown>;
}

type Config = RestConfig | { readonly error: string };

/** What a kubeconfig was read as, and what stood in it and in the files that it names. */
interface KnownConfig {
  readonly data: Bytes;
  readonly userAgent: string;
  readonly named: ReadonlyMap<string, string | undefined>;
  readonly config: Config;
}

const known = new WeakMap<Host, Map<string, KnownConfig>>();
/** The same for all worlds, by path, user agent and text: every fork of a world has the same few, and reads them anew. */
const shared = new Map<string, KnownConfig>();
const SHARED = 256;

/**
 * Reads the kubeconfig of a component: its current context, with the files that it names. An error in client-go's words. It is
 * the same object as long as the files say the same: links read it whenever anything has been written.
 */
export function readKubeconfig(host: Host, path: string, userAgent: string, as: Caller): Config {
  let configs = known.get(host);
  if (!configs) known.set(host, (configs = new Map()));
  const last = configs.get(path);
  const data = attempt(() => host.files.read(path, as));
  const holds = ({ named }: KnownConfig): boolean => [...named].every(([file, text]) => host.readText(file) === text);
  if (last !== undefined && last.data === data && last.userAgent === userAgent && holds(last)) return last.config;
  if (data instanceof Errno) return readConfig(data, path, userAgent, () => undefined);
  const key = `${path}\0${userAgent}\0${data}`;
  const elsewhere = shared.get(key);
  if (elsewhere && holds(elsewhere)) {
    configs.set(path, elsewhere);
    return elsewhere.config;
  }
  const named = new Map<string, string | undefined>();
  const config = readConfig(data, path, userAgent, (file) => {
    const text = host.readText(file);
    named.set(file, text);
    return text;
  });
  const read = { data, userAgent, named, config };
  configs.set(path, read);
  if (shared.size >= SHARED) shared.clear();
  shared.set(key, read);
  return config;
}

function readConfig(
  data: Bytes | Errno,
  path: string,
  userAgent: string,
  readText: (path: string) => string | undefined,
): Config {
  if (data instanceof Errno)
    return {
      error:
        data.code === "ENOENT"
          ? `stat ${path}: no such file or directory`
          : `open ${path}: ${data.message.toLowerCase()}`,
    };
  let config: Record<string, unknown>;
  try {
    config = parseYamlText(decode(data)) as Record<string, unknown>;
  } catch (error) {
    return { error: `error loading config file "${path}": yaml: ${(error as Error).message.split("\n")[0]!}` };
  }
  const entry = (
    list: string,
    name: unknown,
    field: "cluster" | "context" | "user",
  ): Record<string, unknown> | undefined =>
    ((config[list] as NamedEntry[] | null | undefined) ?? []).find((item) => item.name === name)?.[field];
  const context = entry("contexts", config["current-context"], "context");
  const cluster = context && entry("clusters", context["cluster"], "cluster");
  if (!context || typeof cluster?.["server"] !== "string")
    return {
      error:
        "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
    };
  const user = entry("users", context["user"], "user") ?? {};
  const failures: string[] = [];
  const text = (owner: Record<string, unknown>, key: string): string | undefined => {
    const inline = owner[`${key}-data`];
    if (typeof inline === "string" && inline !== "") return Buffer.from(inline, "base64").toString("latin1");
    const file = owner[key];
    if (typeof file !== "string" || file === "") return undefined;
    const absolute = isAbsolute(file) ? file : join(dirname(path), file);
    const read = readText(absolute);
    if (read === undefined)
      failures.push(`unable to read ${key} ${absolute}: open ${absolute}: no such file or directory`);
    return read;
  };
  const optional = (key: keyof RestConfig, value: unknown): object =>
    value === undefined || value === "" ? {} : { [key]: value };
  const result: RestConfig = {
    server: cluster["server"],
    userAgent,
    ...optional("certificateAuthority", text(cluster, "certificate-authority")),
    ...optional("insecureSkipTlsVerify", cluster["insecure-skip-tls-verify"]),
    ...optional("tlsServerName", cluster["tls-server-name"]),
    ...optional("clientCertificate", text(user, "client-certificate")),
    ...optional("clientKey", text(user, "client-key")),
    ...optional(
      "token",
      user["token"] ?? (typeof user["tokenFile"] === "string" ? readText(user["tokenFile"])?.trim() : undefined),
    ),
  };
  return failures.length > 0 ? { error: failures[0]! } : result;
}
