import type { Process, Program } from "../../sim/host/index.ts";
import { rfc3339 } from "../../sim/kernel/index.ts";
import { ApiUnreachable, connectApi, type ApiConnection } from "../../sim/kube/access/connect.ts";
import { inClusterConfig } from "../../sim/kube/access/in-cluster.ts";
import { parseTarget, type JsonObject, type Status } from "../../sim/kube/api/index.ts";
import { generateCertificates } from "./certificates.ts";

const USER_AGENT = "kube-webhook-certgen/v0.0.0 (linux/amd64) kubernetes/$Format";

/** Flags with their defaults, and which must be given (rootfs/cmd/create.go, patch.go). */
const FLAGS = {
  create: { required: ["host", "secret-name", "namespace"], optional: { "cert-name": "cert", "key-name": "key" } },
  patch: {
    required: ["secret-name", "namespace", "webhook-name"],
    optional: { "patch-validating": "true", "patch-mutating": "true", "patch-failure-policy": "" },
  },
} as const;

type Verb = keyof typeof FLAGS;

/** Logged as fatal: the program is over. */
class Fatal extends Error {
  readonly source: string;

  constructor(message: string, source: string) {
    super(message);
    this.source = source;
  }
}

/** Makes the certificate of ingress-nginx' admission webhook, and tells the API server its authority. */
export const kubeWebhookCertgen: Program = {
  name: "kube-webhook-certgen",
  summary: "creates certificates for admission webhooks",
  async run(process, [verb = "", ...args]) {
    const flags = verb === "create" || verb === "patch" ? readFlags(verb, args) : undefined;
    if (!flags) return notSimulated(process, verb === "" ? "help" : `${verb} ${args.join(" ")}`.trim());
    if ("missing" in flags) {
      await process.error(`Error: required flag(s) ${flags.missing} not set\n`);
      return 1;
    }
    try {
      const api = await Api.connect(process);
      await (verb === "create" ? create : patch)(process, api, flags.values);
      return 0;
    } catch (error) {
      if (!(error instanceof Fatal)) throw error;
      await log(process, "fatal", error.message, error.source);
      return 1;
    }
  },
};

async function notSimulated(process: Process, what: string): Promise<number> {
  await process.error(`drydock: kube-webhook-certgen: '${what}' is not simulated\n`);
  return 64;
}

type Flags = Readonly<Record<string, string>>;

function readFlags(verb: Verb, args: readonly string[]): { values: Flags } | { missing: string } | undefined {
  const { required, optional } = FLAGS[verb];
  const values: Record<string, string> = { ...optional };
  for (const arg of args) {
    const [, name = "", value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    if (value === undefined || !([...required, ...Object.keys(optional)] as string[]).includes(name)) return undefined;
    values[name] = value;
  }
  const missing = required.filter((name) => values[name] === undefined).map((name) => JSON.stringify(name));
  return missing.length > 0 ? { missing: missing.join(", ") } : { values };
}

async function create(process: Process, api: Api, flags: Flags): Promise<void> {
  const known = await authorityOf(process, api, flags);
  if (known !== undefined) return log(process, "info", "secret already exists", "cmd/create.go:34");
  await log(process, "info", "creating new secret", "cmd/create.go:28");
  const { ca, cert, key } = generateCertificates(process.kernel, flags["host"]!);
  const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
  const data = { ca: base64(ca), [flags["cert-name"]!]: base64(cert), [flags["key-name"]!]: base64(key) };
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: flags["secret-name"]! }, data };
  const made = await api.call("POST", `/api/v1/namespaces/${flags["namespace"]!}/secrets`, secret);
  if ("refused" in made) throw new Fatal(`failed creating secret: ${made.refused.message ?? ""}`, "k8s/k8s.go:259");
}

async function patch(process: Process, api: Api, flags: Flags): Promise<void> {
  const policy = flags["patch-failure-policy"]!;
  if (policy !== "" && policy !== "Ignore" && policy !== "Fail")
    throw new Fatal(`patch-failure-policy ${policy} is not valid`, "cmd/patch.go:43");
  const ca = await authorityOf(process, api, flags);
  if (ca === undefined)
    throw new Fatal(`no secret with '${flags["secret-name"]!}' in '${flags["namespace"]!}'`, "cmd/patch.go:58");
  const [mutating, validating] = [flags["patch-mutating"] === "true", flags["patch-validating"] === "true"];
  const name = flags["webhook-name"]!;
  const what = `patching webhook configurations '${name}' mutating=${mutating}, validating=${validating}, failurePolicy=${policy}`;
  await log(process, "info", what, "k8s/k8s.go:118");
  if (validating) await change(api, "validatingwebhookconfigurations", name, ca, policy);
  if (mutating) await change(api, "mutatingwebhookconfigurations", name, ca, policy);
  await log(process, "info", "Patched hook(s)", "k8s/k8s.go:138");
}

/** Gives every webhook of a configuration the authority, and the policy if one is said. */
async function change(api: Api, plural: string, name: string, caBundle: string, policy: string): Promise<void> {
  const path = `/apis/admissionregistration.k8s.io/v1/${plural}/${name}`;
  const found = await api.call("GET", path);
  if ("refused" in found)
    throw new Fatal(`failed getting validating webhook: ${found.refused.message ?? ""}`, "k8s/k8s.go:146");
  const webhooks = (found.object["webhooks"] as JsonObject[] | undefined) ?? [];
  const changed = webhooks.map((webhook) => ({
    ...webhook,
    clientConfig: { ...(webhook["clientConfig"] as JsonObject), caBundle },
    ...(policy === "" ? {} : { failurePolicy: policy }),
  }));
  const put = await api.call("PUT", path, { ...found.object, webhooks: changed });
  if ("refused" in put)
    throw new Fatal(`failed patching validating webhook: ${put.refused.message ?? ""}`, "k8s/k8s.go:160");
}

/** `ca` of the Secret, in base64; undefined if there is no such Secret. */
async function authorityOf(process: Process, api: Api, flags: Flags): Promise<string | undefined> {
  const found = await api.call("GET", `/api/v1/namespaces/${flags["namespace"]!}/secrets/${flags["secret-name"]!}`);
  if ("refused" in found) {
    const { message = "", reason } = found.refused;
    if (reason !== "NotFound") throw new Fatal(`error getting secret: ${message}`, "k8s/k8s.go:232");
    await log(process, "info", "no secret found", "k8s/k8s.go:229", message);
    return undefined;
  }
  const ca = (found.object["data"] as Readonly<Record<string, string>> | undefined)?.["ca"];
  if (ca === undefined) throw new Fatal("got secret, but it did not contain a 'ca' key", "k8s/k8s.go:237");
  return ca;
}

/** logrus in JSON, its fields by name. */
async function log(
  process: Process,
  level: "info" | "fatal",
  msg: string,
  source: string,
  err?: string,
): Promise<void> {
  const time = rfc3339(process.now);
  await process.error(`${JSON.stringify({ ...(err === undefined ? {} : { err }), level, msg, source, time })}\n`);
}

/** The API server as the Pod's service account sees it. */
class Api {
  readonly #process: Process;
  readonly #connection: ApiConnection;

  private constructor(process: Process, connection: ApiConnection) {
    this.#process = process;
    this.#connection = connection;
  }

  static async connect(process: Process): Promise<Api> {
    const config = inClusterConfig(process.host, process.env, USER_AGENT);
    if ("error" in config) throw new Fatal(`error building kubernetes config: ${config.error}`, "cmd/root.go:74");
    try {
      return new Api(process, await connectApi(process, config));
    } catch (error) {
      if (error instanceof ApiUnreachable) throw new Fatal(`error getting secret: ${error.message}`, "k8s/k8s.go:232");
      throw error;
    }
  }

  async call(
    method: string,
    path: string,
    body?: JsonObject,
  ): Promise<{ object: JsonObject } | { refused: Partial<Status> }> {
    const { cluster, user } = this.#connection;
    await this.#connection.carry(this.#process);
    if (!user) return { refused: { reason: "Unauthorized", message: "Unauthorized" } };
    const json = "application/json";
    let request = {
      ...parseTarget(method, path),
      accept: json,
      contentType: body ? json : "",
      userAgent: USER_AGENT,
      user,
      body,
    };
    for (;;) {
      const response = cluster.api.handle(request);
      if (response.kind === "pending") {
        await this.#process.sleep(response.after);
        request = response.request as typeof request;
      } else if (response.kind !== "object") return { refused: { message: `unexpected answer to ${method} ${path}` } };
      else if (response.code >= 400) return { refused: response.object as Partial<Status> };
      else return { object: response.object as JsonObject };
    }
  }
}
