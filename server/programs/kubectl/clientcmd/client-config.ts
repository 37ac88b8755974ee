import { dirname, Errno, isAbsolute, join, type Process } from "../../../sim/host/index.ts";
import { decode, SECOND, type Duration } from "../../../sim/kernel/index.ts";
import { parseGoDuration } from "../../../sim/kube/api/index.ts";
import { klog } from "../client/klog.ts";
import { ConfigurationInvalid, ConnectionError, GoError } from "../errors/go-error.ts";
import { isFailure } from "../output/failure.ts";
import { quote } from "../output/golang/quote.ts";
import { readPlain } from "../read-file.ts";
import type { RestConfig } from "../transport.ts";
import { authProvider } from "./auth-provider.ts";
import type { CredentialSource } from "./credentials.ts";
import { ExecPlugin, type ExecFields } from "./exec-plugin.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { inClusterConfig, inClusterNamespace } from "./in-cluster.ts";
import { EMPTY, loadConfig, sources, type KubeConfig, type Located } from "./kubeconfig.ts";
import { promptForCredentials } from "./prompt.ts";
import { keyPairProblem } from "../verbs/create/key-pair.ts";

type Fields = Readonly<Record<string, unknown>>;

const TIMEOUT =
  "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)";

/** What a kubeconfig and the global flags say together (client-go tools/clientcmd/client_config.go). */
export class ClientConfig {
  readonly #process: Process;
  readonly #flags: GlobalFlags;
  #config: KubeConfig | undefined;

  constructor(process: Process, flags: GlobalFlags) {
    this.#process = process;
    this.#flags = flags;
  }

  /** The files merged; throws what is wrong with them. */
  get config(): KubeConfig {
    if (this.#config) return this.#config;
    const found = sources(this.#process, this.#flags.kubeconfig);
    if (this.#flags.v >= 6) this.#tell(found.files);
    const loaded = loadConfig(this.#process, found);
    if (isFailure(loaded)) throw new GoError(loaded.error);
    return (this.#config = loaded);
  }

  /** What `-v=6` says of the files; written at once, whatever becomes of it. */
  #tell(files: readonly string[]): void {
    for (const file of files) {
      const there = this.#process.host.files.exists(file, this.#process);
      if (there) void klog(this.#process, "I", "loader.go:402", `Config loaded from file:  ${file}`);
      else void klog(this.#process, "I", "loader.go:140", `Config not found: ${file}`);
    }
  }

  /** The files merged, for commands that change them: a file that is not there yet is empty (ConfigAccess.GetStartingConfig). */
  get starting(): KubeConfig {
    const { files, explicit } = sources(this.#process, this.#flags.kubeconfig);
    return explicit && !this.#process.host.files.exists(files[0]!, this.#process) ? EMPTY : this.config;
  }

  /** The namespace that requests go to, and whether it was asked for with `-n`. */
  namespace(): { readonly name: string; readonly explicit: boolean } {
    if (this.#flags.namespace !== "") return { name: this.#flags.namespace, explicit: true };
    this.#confirmUsable();
    const chosen = text(this.#context, "namespace");
    if (chosen !== "") return { name: chosen, explicit: false };
    const inside = this.#isEmpty ? inClusterNamespace(this.#process) : undefined;
    return { name: inside ?? "default", explicit: false };
  }

  /**
   * What a flag names must be there: told before the rest is looked at (client-go client_config.go ClientConfig), and by
   * commands that make their client first before the namespace is.
   */
  checkNamed(): void {
    this.#user();
    const { context } = this.#flags;
    if (context !== "" && !this.config.contexts.has(context))
      throw new GoError(`context ${quote(context)} does not exist`);
    this.#cluster();
  }

  /** Where to connect and as whom. */
  async rest(): Promise<RestConfig> {
    const { timeout } = this.#timeout();
    const inside = this.#isEmpty && this.#flags.server === "" ? inClusterConfig(this.#process) : undefined;
    if (inside) return { ...inside, timeout };
    this.checkNamed();
    this.#confirmUsable();
    const cluster = this.#cluster();
    const user = this.#user();
    const server = serverUrl(text(cluster, "server"));
    const secure = server.startsWith("https:");
    const base: RestConfig = {
      server,
      insecureSkipTlsVerify: cluster["insecure-skip-tls-verify"] === true,
      tlsServerName: text(cluster, "tls-server-name"),
      certificateAuthority: this.#data(cluster, "certificate-authority"),
      clientCertificate: this.#data(user, "client-certificate"),
      clientKey: this.#data(user, "client-key"),
      token: this.#token(user),
      username: text(user, "username"),
      password: text(user, "password"),
      impersonate: {
        user: text(user, "as"),
        uid: text(user, "as-uid"),
        groups: (user["as-groups"] as readonly string[] | undefined) ?? [],
      },
      timeout,
    };
    const known =
      base.username !== "" ||
      base.clientCertificate !== "" ||
      base.token !== "" ||
      user["exec"] !== undefined ||
      user["auth-provider"] !== undefined;
    if (secure) refuseCertificates(base);
    if (!secure || known) return base;
    return { ...base, ...(await promptForCredentials(this.#process)) };
  }

  /** Who gives the credentials that a request with this configuration is to have; nothing if it has its own, or needs none. */
  credentialSource(rest: RestConfig): CredentialSource | undefined {
    const user = this.#isEmpty ? {} : this.#user();
    const provider = user["auth-provider"] as Fields | undefined;
    const source = provider ? authProvider(provider, () => this.#process.now) : this.#execPlugin(user, rest);
    return rest.server.startsWith("https:") && rest.token === "" && rest.username === "" ? source : undefined;
  }

  #execPlugin(user: Fields, rest: RestConfig): ExecPlugin | undefined {
    const exec = user["exec"] as ExecFields | undefined;
    if (exec === undefined) return undefined;
    const extensions = this.#cluster()["extensions"] as readonly { name: string; extension: unknown }[] | undefined;
    const config = extensions?.find(({ name }) => name === "client.authentication.k8s.io/exec")?.extension;
    const { file } = this.config.users.get(this.#userName)!;
    return new ExecPlugin(this.#process, exec, file, { ...rest, config });
  }

  get #isEmpty(): boolean {
    const { clusters, users, contexts } = this.config;
    return clusters.size + users.size + contexts.size === 0;
  }

  get #contextName(): string {
    return this.#flags.context !== "" ? this.#flags.context : this.config.currentContext;
  }

  get #context(): Fields {
    return this.config.contexts.get(this.#contextName)?.value ?? {};
  }

  get #clusterName(): string {
    return this.#flags.cluster !== "" ? this.#flags.cluster : text(this.#context, "cluster");
  }

  get #userName(): string {
    return this.#flags.user !== "" ? this.#flags.user : text(this.#context, "user");
  }

  #timeout(): { timeout: Duration } {
    const given = this.#flags["request-timeout"];
    if (/^\+?\d+$/.test(given)) return { timeout: Number(given) * SECOND };
    const timeout = parseGoDuration(given);
    if (timeout === undefined) throw new GoError(TIMEOUT);
    return { timeout };
  }

  /** The cluster with what the flags put over it; `localhost:8080` where nothing says more. */
  #cluster(): Fields {
    const flags = this.#flags;
    const located = this.config.clusters.get(this.#clusterName);
    if (!located && flags.cluster !== "") throw new GoError(`cluster ${quote(flags.cluster)} does not exist`);
    const cluster: Record<string, unknown> = {
      server: this.#process.env["KUBERNETES_MASTER"] || "http://localhost:8080",
      ...withPaths(located, ["certificate-authority"]),
    };
    if (flags.server !== "") {
      cluster["server"] = flags.server;
      delete cluster["tls-server-name"];
    }
    if (flags["tls-server-name"] !== "") cluster["tls-server-name"] = flags["tls-server-name"];
    const authority = flags["certificate-authority"];
    if (flags["insecure-skip-tls-verify"] || authority !== "") {
      delete cluster["certificate-authority"];
      delete cluster["certificate-authority-data"];
      if (flags["insecure-skip-tls-verify"]) cluster["insecure-skip-tls-verify"] = true;
      if (authority !== "") cluster["certificate-authority"] = authority;
    }
    return cluster;
  }

  #user(): Fields {
    const flags = this.#flags;
    const located = this.config.users.get(this.#userName);
    if (!located && flags.user !== "") throw new GoError(`auth info ${quote(flags.user)} does not exist`);
    const user: Record<string, unknown> = withPaths(located, ["client-certificate", "client-key", "tokenFile"]);
    const put = (field: string, value: string): void => {
      if (value !== "") user[field] = value;
    };
    put("client-certificate", flags["client-certificate"]);
    put("client-key", flags["client-key"]);
    put("username", flags.username);
    put("password", flags.password);
    put("as", flags.as);
    put("as-uid", flags["as-uid"]);
    if (flags.token !== "") {
      user["token"] = flags.token;
      delete user["tokenFile"];
    }
    if (flags["as-group"].length > 0) user["as-groups"] = flags["as-group"];
    return user;
  }

  /** client-go tools/clientcmd/validation.go */
  #confirmUsable(): void {
    const name = this.#contextName;
    if (name !== "" && !this.config.contexts.has(name))
      throw new ConfigurationInvalid([`context was not found for specified context: ${name}`], true);
    const problems = [...this.#userProblems(), ...this.#clusterProblems()];
    if (problems.length > 0) throw new ConfigurationInvalid(problems);
  }

  #userProblems(): string[] {
    const name = this.#userName;
    if (this.#flags.user !== "" && !this.config.users.has(this.#flags.user)) return [];
    const user = this.#user();
    const problems: string[] = [];
    const methods: string[] = [];
    const has = (field: string): boolean => text(user, field) !== "";
    if (has("token")) methods.push("token");
    if (has("username") || has("password")) methods.push("basicAuth");
    if (has("client-certificate") || has("client-certificate-data")) {
      if (has("client-certificate") && has("client-certificate-data"))
        problems.push(
          `client-cert-data and client-cert are both specified for ${name}. client-cert-data will override.`,
        );
      if (has("client-key") && has("client-key-data"))
        problems.push(`client-key-data and client-key are both specified for ${name}; client-key-data will override`);
      if (!has("client-key") && !has("client-key-data"))
        problems.push(
          `client-key-data or client-key must be specified for ${name} to use the clientCert authentication method.`,
        );
      problems.push(...this.#unreadable(user, "client-certificate", "client-cert", name));
      problems.push(...this.#unreadable(user, "client-key", "client-key", name));
    }
    problems.push(...execProblems(user, name));
    if (methods.length > 1)
      problems.push(
        `more than one authentication method found for ${name}; found [${methods.join(" ")}], only one is allowed`,
      );
    if (!has("as") && (has("as-uid") || user["as-groups"] !== undefined || user["as-user-extra"] !== undefined))
      problems.push(`requesting uid, groups or user-extra for ${name} without impersonating a user`);
    return problems;
  }

  #clusterProblems(): string[] {
    const name = this.#clusterName;
    const flag = this.#flags.cluster;
    if (flag !== "" && !this.config.clusters.has(flag)) return [`no server found for cluster ${quote(flag)}`];
    const cluster = this.#cluster();
    const problems: string[] = [];
    if (text(cluster, "server") === "")
      problems.push(
        name === "" ? "default cluster has no server defined" : `no server found for cluster ${quote(name)}`,
      );
    if (text(cluster, "certificate-authority") !== "" && text(cluster, "certificate-authority-data") !== "")
      problems.push(
        `certificate-authority-data and certificate-authority are both specified for ${name}. certificate-authority-data will override.`,
      );
    return [...problems, ...this.#unreadable(cluster, "certificate-authority", "certificate-authority", name)];
  }

  #unreadable(fields: Fields, field: string, called: string, name: string): string[] {
    const file = text(fields, field);
    if (file === "") return [];
    try {
      readPlain(this.#process, file);
      return [];
    } catch (error) {
      if (!(error instanceof Errno)) throw error;
      return [`unable to read ${called} ${file} for ${name} due to open ${file}: ${error.message.toLowerCase()}`];
    }
  }

  /** PEM from `x-data` in base64, or from the file `x`. */
  #data(fields: Fields, field: string): string {
    const data = text(fields, `${field}-data`);
    if (data !== "") return Buffer.from(data, "base64").toString("latin1");
    const file = text(fields, field);
    return file === "" ? "" : readPlain(this.#process, file);
  }

  #token(user: Fields): string {
    const file = text(user, "tokenFile");
    const token = text(user, "token");
    if (token !== "" || file === "") return token;
    try {
      return decode(readPlain(this.#process, file)).trim();
    } catch (error) {
      if (error instanceof Errno) throw new GoError(`open ${file}: ${error.message.toLowerCase()}`);
      throw error;
    }
  }
}

/** client-go tools/clientcmd/validation.go validateAuthInfo: what a command that gives credentials needs. */
function execProblems(user: Fields, name: string): string[] {
  const exec = user["exec"] as Fields | undefined;
  if (!exec) return [];
  const problems: string[] = [];
  const must = (what: string): void => {
    problems.push(`${what} must be specified for ${name} to use exec authentication plugin`);
  };
  if (user["auth-provider"] !== undefined)
    problems.push(`authProvider cannot be provided in combination with an exec plugin for ${name}`);
  if (text(exec, "command") === "") must("command");
  if (text(exec, "apiVersion") === "") must("apiVersion");
  const mode = text(exec, "interactiveMode");
  if (mode === "" && !/^client\.authentication\.k8s\.io\/v1beta1$/.test(text(exec, "apiVersion")))
    must("interactiveMode");
  else if (mode !== "" && !["Never", "IfAvailable", "Always"].includes(mode))
    problems.push(`invalid interactiveMode for ${name}: ${quote(mode)}`);
  return problems;
}

/** What Go's TLS cannot make a configuration of (client-go transport/transport.go TLSConfigFor). */
function refuseCertificates({ certificateAuthority, clientCertificate, clientKey, ...config }: RestConfig): void {
  if (certificateAuthority !== "" && config.insecureSkipTlsVerify)
    throw new GoError("specifying a root certificates file with the insecure flag is not allowed");
  if (certificateAuthority !== "" && !/-----BEGIN CERTIFICATE-----/.test(certificateAuthority))
    throw new GoError("unable to load root certificates: unable to parse bytes as PEM block");
  if (clientCertificate !== "" && !/-----BEGIN /.test(clientCertificate))
    throw new GoError("tls: failed to find any PEM data in certificate input");
  if (clientCertificate !== "" && !/-----BEGIN /.test(clientKey))
    throw new GoError("tls: failed to find any PEM data in key input");
  const problem = clientCertificate === "" ? undefined : pairProblem(clientCertificate, clientKey);
  if (problem !== undefined) throw new GoError(problem);
}

/** The same few pairs are looked at with every command. */
const pairs = new Map<string, string | undefined>();

function pairProblem(certificate: string, key: string): string | undefined {
  const both = `${certificate}\n${key}`;
  if (!pairs.has(both)) {
    if (pairs.size >= 64) pairs.clear();
    pairs.set(both, keyPairProblem(certificate, key));
  }
  return pairs.get(both);
}

function text(fields: Fields, name: string): string {
  return (fields[name] as string | undefined) ?? "";
}

/** An entry whose relative paths start at the folder of its file. */
function withPaths(located: Located | undefined, fields: readonly string[]): Record<string, unknown> {
  if (!located) return {};
  const entry: Record<string, unknown> = { ...located.value };
  for (const field of fields) {
    const path = entry[field];
    if (typeof path === "string" && path !== "" && !isAbsolute(path)) entry[field] = join(dirname(located.file), path);
  }
  return entry;
}

/** client-go rest/url_utils.go DefaultServerURL */
function serverUrl(host: string): string {
  const complete = /^[a-z][a-z0-9+.-]*:\/\//i.test(host);
  const url = complete ? host : `http://${host}`;
  const port = complete ? undefined : /:[^:[\]]*$/.exec(host.replace(/\/.*$/s, ""))?.[0];
  if (port !== undefined && !/^:\d*$/.test(port))
    throw new ConnectionError("parse", url, `invalid port ${quote(port)} after host`);
  if (/\s/.test(url) || !/^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(url))
    throw new GoError(`host must be a URL or a host:port pair: ${quote(host)}`);
  return url.replace(/\/+$/, "");
}
