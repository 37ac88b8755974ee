import {
  age,
  AGE,
  forbidden,
  IMMUTABLE,
  invalid,
  invalidEach,
  NAME,
  names,
  parseJson,
  required,
  sameJson,
  tooLong,
  type Column,
  type Draft,
  type FieldErrors,
  type Kind,
  type Secret,
} from "../../api/index.ts";
import { WHEN_IMMUTABLE } from "./configmap.ts";

const COLUMNS: readonly Column[] = [NAME, { name: "Type" }, { name: "Data" }, AGE];
const MAX_BYTES = 1024 * 1024;
const ACCOUNT_NAME = "kubernetes.io/service-account.name";

export const secrets: Kind<Secret> = {
  group: "",
  version: "v1",
  kind: "Secret",
  plural: "secrets",
  singular: "secret",
  namespaced: true,
  columns: COLUMNS,
  cells: ({ metadata, type = "", data = {} }, now) => [
    metadata.name,
    type,
    Object.keys(data).length,
    age(metadata.creationTimestamp, now),
  ],
  nameRule: names.forNames(names.subdomain),
  fields: { type: ({ type = "" }) => type },
  defaults(secret) {
    secret.type ??= "Opaque";
    encodeStrings(secret);
  },
  prepareUpdate(secret, old) {
    if (!secret.type && old.type) secret.type = old.type;
  },
  validate: validateSecret,
  validateUpdate: (next, old) => [...validateChanges(next, old), ...validateSecret(next)],
};

/** `stringData` is for writing only: it becomes data. */
function encodeStrings(secret: Draft<Secret> & { stringData?: Record<string, string> }): void {
  const { stringData } = secret;
  if (!stringData) return;
  for (const [key, text] of Object.entries(stringData))
    (secret.data ??= {})[key] = Buffer.from(text, "utf8").toString("base64");
  delete secret.stringData;
}

/** What a type of Secret must hold (ValidateSecret). */
const NEEDED: Record<string, readonly string[]> = {
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
};

function validateSecret({ metadata, type = "", data = {} }: Secret): FieldErrors {
  const found: FieldErrors = [];
  let bytes = 0;
  for (const key of Object.keys(data).sort()) {
    found.push(...invalidEach(`data[${key}]`, key, names.configKey(key)));
    bytes += Buffer.byteLength(data[key]!, "base64");
  }
  if (bytes > MAX_BYTES) found.push(tooLong("data", MAX_BYTES));
  for (const key of NEEDED[type] ?? []) if (!(key in data)) found.push(required(`data[${key}]`));
  if (type.startsWith("kubernetes.io/dockerc")) {
    const key = NEEDED[type]![0]!;
    // The value is a secret, so the server shows it as such.
    if (key in data && !isJson(data[key]!))
      found.push(invalid(`data[${key}]`, "<secret contents redacted>", jsonError(data[key]!)));
  }
  if (type === "kubernetes.io/basic-auth" && !("username" in data) && !("password" in data))
    found.push(required("data[username]"), required("data[password]"));
  if (type === "kubernetes.io/service-account-token" && !metadata.annotations?.[ACCOUNT_NAME])
    found.push(required(`metadata.annotations[${ACCOUNT_NAME}]`));
  return found;
}

function isJson(base64: string): boolean {
  return jsonError(base64) === "";
}

function jsonError(base64: string): string {
  const parsed = parseJson(Buffer.from(base64, "base64").toString("utf8"));
  return parsed.ok ? "" : parsed.error;
}

function validateChanges(next: Secret, old: Secret): FieldErrors {
  const found: FieldErrors = [];
  if (next.type !== old.type) found.push(invalid("type", next.type, IMMUTABLE));
  if (!old.immutable) return found;
  if (!next.immutable) found.push(forbidden("immutable", WHEN_IMMUTABLE));
  if (!sameJson(next.data, old.data)) found.push(forbidden("data", WHEN_IMMUTABLE));
  return found;
}
