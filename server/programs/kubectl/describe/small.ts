import type {
  ConfigMap,
  LimitRange,
  Namespace,
  ResourceQuota,
  Secret,
  ServiceAccount,
} from "../../../sim/kube/api/index.ts";
import { GoError, isReason } from "../errors/go-error.ts";
import { writeAnnotations, writeDatedConditions, writeLabels, type Description } from "./description.ts";
import { writeLimitRanges, writeQuotas } from "./limits.ts";
import type { DescribeSession, Subject } from "./session.ts";

const QUOTAS = { group: "", version: "v1", resource: "resourcequotas", kind: "ResourceQuota" };
const RANGES = { group: "", version: "v1", resource: "limitranges", kind: "LimitRange" };
const SECRETS = { group: "", version: "v1", resource: "secrets", kind: "Secret" };

function writeHead(out: Description, { metadata }: ConfigMap | Secret | ServiceAccount): void {
  out.field("Name", metadata.name);
  out.field("Namespace", metadata.namespace ?? "");
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
}

function bytesOf(base64: string): string {
  return Buffer.from(base64, "base64").toString("latin1");
}

/** kubectl pkg/describe ConfigMapDescriber; it goes through maps in no order, we in that of the keys. */
export async function describeConfigMap(session: DescribeSession, subject: Subject): Promise<string> {
  const map = await session.get<ConfigMap>(subject);
  const out = session.paper();
  writeHead(out, map);
  out.write(0, "\nData\n====\n");
  for (const key of Object.keys(map.data ?? {}).sort()) out.write(0, `${key}:\n----\n${map.data![key]!}\n\n`);
  out.write(0, "\nBinaryData\n====\n");
  for (const key of Object.keys(map.binaryData ?? {}).sort())
    out.line(0, `${key}: ${bytesOf(map.binaryData![key]!).length} bytes`);
  out.line(0, "");
  await session.events(out, map, "ConfigMap");
  return out.text;
}

/** kubectl pkg/describe SecretDescriber: sizes rather than values. */
export async function describeSecret(session: DescribeSession, subject: Subject): Promise<string> {
  const secret = await session.get<Secret>(subject);
  const out = session.paper();
  writeHead(out, secret);
  out.write(0, `\nType:\t${secret.type ?? ""}\n`);
  out.write(0, "\nData\n====\n");
  for (const key of Object.keys(secret.data ?? {}).sort()) {
    const value = bytesOf(secret.data![key]!);
    const isToken = key === "token" && secret.type === "kubernetes.io/service-account-token";
    out.field(key, isToken ? value : `${value.length} bytes`);
  }
  return out.text;
}

/** kubectl pkg/describe ServiceAccountDescriber */
export async function describeServiceAccount(session: DescribeSession, subject: Subject): Promise<string> {
  const account = await session.get<ServiceAccount>(subject);
  const secrets = await session.list<Secret>(SECRETS, subject.namespace).catch((error: unknown) => {
    if (error instanceof GoError) return undefined;
    throw error;
  });
  const out = session.paper();
  writeHead(out, account);
  const tokens = (secrets ?? []).filter(
    ({ type, metadata: { annotations } }) =>
      type === "kubernetes.io/service-account-token" &&
      annotations?.["kubernetes.io/service-account.name"] === account.metadata.name &&
      annotations["kubernetes.io/service-account.uid"] === account.metadata.uid,
  );
  const missing = (name: string): boolean =>
    secrets !== undefined && !secrets.some(({ metadata }) => metadata.name === name);
  const write = (header: string, names: readonly string[]): void => {
    if (names.length === 0) out.line(0, `${header}\t<none>`);
    names.forEach((name, at) =>
      out.line(0, `${at === 0 ? header : " ".repeat(19)}\t${name}${missing(name) ? " (not found)" : ""}`),
    );
  };
  write(
    "Image pull secrets:",
    (account.imagePullSecrets ?? []).map(({ name = "" }) => name),
  );
  write(
    "Mountable secrets: ",
    (account.secrets ?? []).map(({ name = "" }) => name),
  );
  write(
    "Tokens:            ",
    tokens.map(({ metadata }) => metadata.name),
  );
  await session.events(out, account, "ServiceAccount");
  return out.text;
}

/** kubectl pkg/describe NamespaceDescriber. A server that does not know quotas or limit ranges has none to show. */
export async function describeNamespace(session: DescribeSession, subject: Subject): Promise<string> {
  const namespace = await session.get<Namespace>(subject);
  const { metadata, status } = namespace;
  const quotas = await optional(session.list<ResourceQuota>(QUOTAS, subject.name));
  const ranges = await optional(session.list<LimitRange>(RANGES, subject.name));
  const out = session.paper();
  out.field("Name", metadata.name);
  writeLabels(out, "Labels", metadata.labels);
  writeAnnotations(out, "Annotations", metadata.annotations);
  out.field("Status", status.phase ?? "");
  if (status.conditions?.length) writeDatedConditions(out, status.conditions);
  if (quotas) {
    out.line(0, "");
    writeQuotas(out, quotas);
  }
  if (ranges) {
    out.line(0, "");
    writeLimitRanges(out, ranges);
  }
  return out.text;
}

async function optional<T>(asked: Promise<T[]>): Promise<T[] | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isReason(error, "NotFound")) return undefined;
    throw error;
  }
}
