import type { Failure } from "../output/failure.ts";
import { typeName, type Json } from "../output/golang/kind.ts";
import { quote } from "../output/golang/quote.ts";

type Type =
  | "string"
  | "bytes"
  | "bool"
  | "map"
  | "any"
  | { readonly list: Type }
  | { readonly struct: string; readonly fields: Fields };
type Fields = Readonly<Record<string, Type>>;

const STRINGS: Type = { list: "string" };
const EXTENSIONS: Type = { list: { struct: "NamedExtension", fields: { name: "string", extension: "any" } } };

const named = (struct: string, field: string, type: Type): Type => ({
  list: { struct, fields: { name: "string", [field]: type } },
});

/** client-go tools/clientcmd/api/v1 types.go: what Go's decoder insists on. */
const CONFIG: Fields = {
  kind: "string",
  apiVersion: "string",
  preferences: { struct: "Preferences", fields: { colors: "bool", extensions: EXTENSIONS } },
  clusters: named("NamedCluster", "cluster", {
    struct: "Cluster",
    fields: {
      server: "string",
      "tls-server-name": "string",
      "insecure-skip-tls-verify": "bool",
      "certificate-authority": "string",
      "certificate-authority-data": "bytes",
      "proxy-url": "string",
      "disable-compression": "bool",
      extensions: EXTENSIONS,
    },
  }),
  users: named("NamedAuthInfo", "user", {
    struct: "AuthInfo",
    fields: {
      "client-certificate": "string",
      "client-certificate-data": "bytes",
      "client-key": "string",
      "client-key-data": "bytes",
      token: "string",
      tokenFile: "string",
      as: "string",
      "as-uid": "string",
      "as-groups": STRINGS,
      "as-user-extra": "map",
      username: "string",
      password: "string",
      "auth-provider": "map",
      exec: "map",
      extensions: EXTENSIONS,
    },
  }),
  contexts: named("NamedContext", "context", {
    struct: "Context",
    fields: { cluster: "string", user: "string", namespace: "string", extensions: EXTENSIONS },
  }),
  "current-context": "string",
  extensions: EXTENSIONS,
};

const SCHEME = "k8s.io/client-go/tools/clientcmd/api/latest/latest.go:50";

/** Why a document is no kubeconfig, in the decoder's words; nothing if it is one. */
export function checkConfig(value: Json): Failure | undefined {
  if (value === null) return undefined;
  const unlike = notAnObject(value);
  if (unlike) return unlike;
  const { kind = "Config", apiVersion = "v1" } = value as { kind?: string; apiVersion?: string };
  if ((kind !== "" && kind !== "Config") || (apiVersion !== "" && apiVersion !== "v1"))
    return {
      error: `no kind ${quote(kind)} is registered for version ${quote(apiVersion)} in scheme ${quote(SCHEME)}`,
    };
  const error = mismatch(value, { struct: "Config", fields: CONFIG }, "Config", []);
  return error === undefined ? undefined : { error };
}

/** Why a document has no version and kind: it is no object (apimachinery pkg/runtime/serializer/json/meta.go). */
export function notAnObject(value: Json): Failure | undefined {
  if (typeof value === "object" && !Array.isArray(value)) return undefined;
  return {
    error: `couldn't get version/kind; json parse error: json: cannot unmarshal ${jsonType(value)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
  };
}

function mismatch(value: Json, type: Type, struct: string, path: readonly string[]): string | undefined {
  if (value === null || type === "any") return undefined;
  const wrong = (): string =>
    `json: cannot unmarshal ${jsonType(value)} into Go struct field ${struct}.${path.join(".")} of type ${goName(type)}`;
  if (type === "bytes") {
    if (typeof value !== "string") return wrong();
    const at = illegalBase64(value);
    return at === undefined ? undefined : `illegal base64 data at input byte ${at}`;
  }
  if (type === "string") return typeof value === "string" ? undefined : wrong();
  if (type === "bool") return typeof value === "boolean" ? undefined : wrong();
  if (type === "map") return typeof value === "object" && !Array.isArray(value) ? undefined : wrong();
  if ("list" in type) {
    if (!Array.isArray(value)) return wrong();
    for (const item of value as readonly Json[]) {
      const found = mismatch(item, type.list, struct, path);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (typeof value !== "object" || Array.isArray(value)) return wrong();
  for (const [name, inner] of Object.entries(value as Record<string, Json>)) {
    const field = type.fields[name];
    const found = field && mismatch(inner, field, type.struct, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where Go's decoder of base64 stops; undefined if it reads all. */
export function illegalBase64(text: string): number | undefined {
  const packed = text.replaceAll(/[\r\n]/g, "");
  const wrong = packed.search(/[^A-Za-z0-9+/]/);
  const end = wrong < 0 ? packed.length : wrong;
  const padding = packed.slice(end);
  if (end % 4 === 0 && padding === "") return undefined;
  if ((end % 4 === 2 && padding === "==") || (end % 4 === 3 && padding === "=")) return undefined;
  return end;
}

function goName(type: Type): string {
  if (type === "bytes") return "[]uint8";
  if (typeof type === "string") return type === "map" ? "map[string]interface {}" : type;
  return "list" in type ? `[]${goName(type.list)}` : `v1.${type.struct}`;
}

function jsonType(value: Json): string {
  const name = typeName(value);
  if (name.startsWith("[]")) return "array";
  if (name.startsWith("map")) return "object";
  return name === "int64" || name === "float64" ? "number" : name;
}
