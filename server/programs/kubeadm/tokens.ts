import { createHash } from "node:crypto";
import type { Process } from "../../sim/host/index.ts";
import { DAY, parseRfc3339, rfc3339, type Time } from "../../sim/kernel/index.ts";
import { parseGoDuration } from "../../sim/kube/api/index.ts";
import { parseCertificatesPem, publicKeyInfo } from "../../sim/kube/pki/index.ts";
import { TabWriter } from "../kubectl/output/tabwriter.ts";
import { AdminApi, KubeadmError } from "./api.ts";
import { shortDuration, TABLE } from "./table.ts";

const SECRETS = "/api/v1/namespaces/kube-system/secrets";
const TOKEN = /^([a-z0-9]{6})\.([a-z0-9]{16})$/;
const GROUP = "system:bootstrappers:kubeadm:default-node-token";

export interface TokenOptions {
  readonly kubeconfig?: string;
  readonly ttl?: string;
  readonly description?: string;
  readonly usages?: string;
  readonly groups?: string;
  readonly printJoinCommand: boolean;
}

interface Secret {
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** `kubeadm token create|list|delete|generate` (cmd/kubeadm/app/cmd/token.go). */
export async function token(process: Process, words: readonly string[], options: TokenOptions): Promise<number> {
  const [verb = "", ...names] = words;
  switch (verb) {
    case "generate":
      await process.print(`${newToken(process)}\n`);
      return 0;
    case "create":
      return create(process, names[0], options);
    case "list":
      return list(process, options);
    case "delete":
      return remove(process, names, options);
    default:
      throw new KubeadmError(verb === "" ? "missing subcommand; \"token\" is not meant to be run on its own" : `invalid subcommand: "${verb}"`); // prettier-ignore
  }
}

export function newToken(process: Process): string {
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  const word = (length: number): string =>
    Array.from({ length }, () => letters[process.kernel.random.below("kubeadm/token", letters.length)]).join("");
  return `${word(6)}.${word(16)}`;
}

async function create(process: Process, given: string | undefined, options: TokenOptions): Promise<number> {
  const text = given ?? newToken(process);
  const [, id, secret] = TOKEN.exec(text) ?? [];
  if (id === undefined)
    throw new KubeadmError(`the bootstrap token "${text}" was not of the form "\\A([a-z0-9]{6})\\.([a-z0-9]{16})\\z"`);
  const ttl = options.ttl === undefined ? DAY : options.ttl === "0" ? 0 : parseGoDuration(options.ttl);
  if (typeof ttl !== "number")
    throw new KubeadmError(
      `invalid argument "${options.ttl}" for "--ttl" flag: time: invalid duration "${options.ttl}"`,
    );
  const usages = (options.usages ?? "signing,authentication").split(",");
  const data: Record<string, string> = {
    "token-id": id,
    "token-secret": secret!,
    ...(options.description ? { description: options.description } : {}),
    ...(ttl === 0 ? {} : { expiration: rfc3339(process.kernel.now + ttl) }),
    ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, "true"])),
    "auth-extra-groups": options.groups ?? GROUP,
  };
  const api = await AdminApi.connect(process, options.kubeconfig);
  const encode = (value: string): string => Buffer.from(value).toString("base64");
  try {
    await api.call("POST", SECRETS, {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
      type: "bootstrap.kubernetes.io/token",
      data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, encode(value)])),
    });
  } catch (error) {
    if (!(error instanceof KubeadmError)) throw error;
    if (/already exists/.test(error.message)) throw new KubeadmError(`a token with id "${id}" already exists`);
    throw new KubeadmError(`failed to create or update bootstrap token with name bootstrap-token-${id}: unable to create Secret: ${error.message}`); // prettier-ignore
  }
  await process.print(`${options.printJoinCommand ? joinCommand(api, text) : text}\n`);
  return 0;
}

/** One line, with the blank that is left of the template's line end (cmd/util/join.go). */
function joinCommand(api: AdminApi, text: string): string {
  const authorities = parseCertificatesPem(api.config.certificateAuthority ?? "");
  const hashes = "error" in authorities ? [] : authorities.map(({ publicKey }) => createHash("sha256").update(publicKeyInfo(publicKey)).digest("hex")); // prettier-ignore
  const address = api.config.server.replace(/^https:\/\//, "");
  return `kubeadm join ${address} --token ${text} ${hashes.map((hash) => `--discovery-token-ca-cert-hash sha256:${hash} `).join("")}`;
}

async function list(process: Process, options: TokenOptions): Promise<number> {
  const api = await AdminApi.connect(process, options.kubeconfig);
  const found = await api.call("GET", `${SECRETS}?fieldSelector=type%3Dbootstrap.kubernetes.io%2Ftoken`);
  const secrets = (found["items"] ?? []) as unknown as readonly Secret[];
  // The header is printed with the first token.
  if (secrets.length === 0) return 0;
  const table = new TabWriter(TABLE);
  table.write("TOKEN\tTTL\tEXPIRES\tUSAGES\tDESCRIPTION\tEXTRA GROUPS\n");
  for (const secret of secrets) table.write(`${row(secret, process.kernel.now).join("\t")}\n`);
  await process.print(table.take());
  return 0;
}

function row({ data = {} }: Secret, now: Time): string[] {
  const value = (key: string): string => Buffer.from(data[key] ?? "", "base64").toString();
  const expires = parseRfc3339(value("expiration"));
  const usages = Object.keys(data)
    .filter((key) => key.startsWith("usage-bootstrap-") && value(key) === "true")
    .map((key) => key.slice("usage-bootstrap-".length))
    .sort();
  return [
    `${value("token-id")}.${value("token-secret")}`,
    expires === undefined ? "<forever>" : shortDuration(expires - now),
    expires === undefined ? "<never>" : rfc3339(expires),
    usages.join(",") || "<none>",
    value("description") || "<none>",
    value("auth-extra-groups") || "<none>",
  ];
}

async function remove(process: Process, names: readonly string[], options: TokenOptions): Promise<number> {
  if (names.length === 0)
    throw new KubeadmError('missing subcommand; "token delete" is missing token of form "\\A([a-z0-9]{6})\\z"');
  for (const name of names) {
    const [, id] = /^([a-z0-9]{6})(?:\.[a-z0-9]{16})?$/.exec(name) ?? [];
    if (id === undefined)
      throw new KubeadmError(`given token didn't match pattern "\\A([a-z0-9]{6})\\z" or "\\A([a-z0-9]{6})\\z"`);
    const api = await AdminApi.connect(process, options.kubeconfig);
    try {
      await api.call("DELETE", `${SECRETS}/bootstrap-token-${id}`);
    } catch (error) {
      if (!(error instanceof KubeadmError)) throw error;
      throw new KubeadmError(`failed to delete bootstrap token "${id}": ${error.message}`);
    }
    await process.print(`bootstrap token "${id}" deleted\n`);
  }
  return 0;
}
