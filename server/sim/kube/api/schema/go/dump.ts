import { parseQuantity } from "../../quantity.ts";
import { goStructs } from "./structs.ts";

/** How one Go type prints a value of JSON; undefined is the zero value. `typed` is false where its name was printed already. */
type Print = (value: unknown, typed: boolean) => string;

/**
 * A value as `spew` prints the Go structure of it with `%#v`, indented by nothing and without calling methods: what Kubernetes
 * hashes (pkg/util/hash DeepHashObject over k8s.io/utils/dump ForHash; github.com/davecgh/go-spew/spew/format.go).
 */
export function dumpForHash(type: string, value: unknown): string {
  return printerOf(`#${type}`)(value, true);
}

const printers = new Map<string, Print>();

function printerOf(type: string): Print {
  let known = printers.get(type);
  if (!known) {
    // A type may contain itself.
    printers.set(type, (value, typed) => printers.get(type)!(value, typed));
    printers.set(type, (known = makePrinter(type)));
  }
  return known;
}

function makePrinter(type: string): Print {
  if (type.startsWith("*")) return pointer(type);
  if (type.startsWith("[]")) return slice(type);
  if (type.startsWith("map[")) return map(type);
  const named = type.indexOf("=");
  if (named > 0) return renamed(type.slice(0, named), printerOf(type.slice(named + 1)));
  if (type.startsWith("#")) return struct(type.slice(1));
  const special = SPECIAL[type];
  if (special) return special;
  const zero = type === "string" ? "" : type === "bool" ? "false" : "0";
  return (value, typed) => `${typed ? `(${type})` : ""}${scalar(value ?? zero)}`;
}

function scalar(value: unknown): string {
  return typeof value === "string" ? value : String(value);
}

/** `v1.PodSpec` of `#v1.PodSpec`, `v1.ObjectMeta` of `#meta/v1.ObjectMeta`: as reflect names the type. */
function goName(type: string): string {
  const named = type.indexOf("=");
  const bare = named > 0 ? type.slice(0, named) : type;
  return bare.replace(/#(?:[^\s[\]*/]*\/)?/g, "");
}

function renamed(name: string, print: Print): Print {
  return (value, typed) => `${typed ? `(${name})` : ""}${print(value, false)}`;
}

function pointer(type: string): Print {
  const name = goName(type);
  const print = printerOf(type.slice(1));
  return (value, typed) => {
    const head = typed ? `(${name})` : "<*>";
    return value === undefined || value === null ? `${typed ? head : ""}<nil>` : head + print(value, false);
  };
}

function slice(type: string): Print {
  const name = goName(type);
  const print = printerOf(type.slice(2));
  return (value, typed) => {
    const head = typed ? `(${name})` : "";
    const items = value as readonly unknown[] | null | undefined;
    return items?.length ? `${head}[${items.map((item) => print(item, false)).join(" ")}]` : `${head}<nil>`;
  };
}

function map(type: string): Print {
  const name = goName(type);
  const print = printerOf(type.slice(type.indexOf("]") + 1));
  return (value, typed) => {
    const head = typed ? `(${name})` : "";
    const members = value as Readonly<Record<string, unknown>> | null | undefined;
    const keys = Object.keys(members ?? {}).sort();
    return keys.length === 0
      ? `${head}<nil>`
      : `${head}map[${keys.map((key) => `${key}:${print(members![key], false)}`).join(" ")}]`;
  };
}

function struct(id: string): Print {
  const name = goName(`#${id}`);
  const fields = (goStructs()[id] ?? []).map((field) => {
    const [goField = "", tag = "", ...type] = field.split(" ");
    const [json = "", ...options] = tag.split(",");
    return { goField, json, inline: json === "" && options.includes("i"), print: printerOf(type.join(" ")) };
  });
  return (value, typed) => {
    const members = (value ?? {}) as Readonly<Record<string, unknown>>;
    const shown = fields.map(
      ({ goField, json, inline, print }) => `${goField}:${print(inline ? members : members[json], true)}`,
    );
    return `${typed ? `(${name})` : ""}{${shown.join(" ")}}`;
  };
}

/** Types whose JSON is not that of their fields. */
const SPECIAL: Record<string, Print> = {
  "v1.Time": (_, typed) =>
    `${typed ? "(v1.Time)" : ""}{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}`,
  "intstr.IntOrString": (value, typed) => {
    const text = typeof value === "string";
    const number = text ? 0 : scalar(value ?? 0);
    return `${typed ? "(intstr.IntOrString)" : ""}{Type:(intstr.Type)${text ? 1 : 0} IntVal:(int32)${number} StrVal:(string)${text ? value : ""}}`;
  },
  "resource.Quantity": (value, typed) => `${typed ? "(resource.Quantity)" : ""}${quantity(scalar(value ?? "0"))}`,
};

const DECIMAL: Record<string, number> = { n: -9, u: -6, m: -3, "": 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

/** A canonical quantity as ParseQuantity holds it: a whole number and a power of ten, and the text that it was read from. */
function quantity(text: string): string {
  const match = /^(-?\d+)([A-Za-z]*)$/.exec(text);
  const [, digits = "0", suffix = ""] = match ?? [];
  const binary = BINARY.indexOf(suffix);
  const exponent = /^[eE](\d+)$/.exec(suffix)?.[1];
  const value = binary < 0 ? BigInt(digits) : BigInt(digits) << BigInt(10 * (binary + 1));
  const scale = binary >= 0 ? 0 : exponent === undefined ? (DECIMAL[suffix] ?? 0) : Number(exponent);
  const parsed = parseQuantity(text);
  const format = typeof parsed === "string" ? "DecimalSI" : parsed.format;
  return `{i:(resource.int64Amount){value:(int64)${value} scale:(resource.Scale)${scale}} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${text} Format:(resource.Format)${format}}`;
}
