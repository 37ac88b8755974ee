import { encode } from "../../../../kernel/index.ts";
import { isObject, type JsonObject, type JsonValue } from "../../json.ts";
import { parseQuantityAmount } from "./quantity-amount.ts";
import { goFields } from "./structs.ts";

/**
 * A value as apimachinery/pkg/util/dump ForHash prints it: go-spew's `%#v` of the Go structure that the JSON stands for, with
 * sorted keys, no methods and no addresses. The names of ReplicaSets and the hashes of Pod templates come from it.
 */
export function dumpForHash(id: string, value: JsonObject): string {
  return encode(typed(`#${id}`, value, true));
}

/** The value of a type; with its type before it, unless what it stands in has said that. */
function typed(type: string, value: JsonValue | undefined, shown: boolean): string {
  if (type.startsWith("*")) {
    if (value === undefined || value === null) return shown ? `(${goName(type)})<nil>` : "<nil>";
    return `${shown ? `(${goName(type)})` : "<*>"}${plain(type.slice(1), value)}`;
  }
  return (shown ? `(${goName(type)})` : "") + plain(type, value);
}

/** How Go names a type: `#apps/v1.DeploymentSpec` is `v1.DeploymentSpec`, `v1.Protocol=string` is `v1.Protocol`. */
function goName(type: string): string {
  const named = /^([\w.]+)=/.exec(type)?.[1];
  if (named !== undefined) return named;
  return type.replaceAll(/#(?:[\w.]+\/)?/g, "").replaceAll(/=[\w.[\]*]+/g, "");
}

function plain(type: string, value: JsonValue | undefined): string {
  if (type.startsWith("#")) return struct(type.slice(1), isObject(value!) ? value : {});
  switch (type) {
    case "v1.Time":
    case "v1.MicroTime":
      if (value !== undefined && value !== null) throw new Error("a time that is given has no stable dump");
      return "{Time:(time.Time){wall:(uint64)0 ext:(int64)0 loc:(*time.Location)<nil>}}";
    case "resource.Quantity":
      return quantity(value);
    case "intstr.IntOrString":
      return typeof value === "string"
        ? `{Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)${value}}`
        : `{Type:(intstr.Type)0 IntVal:(int32)${(value as number | undefined) ?? 0} StrVal:(string)}`;
    default:
  }
  const underlying = type.replace(/^[\w.]+=/, "");
  if (underlying.startsWith("[]"))
    return Array.isArray(value) && value.length > 0
      ? `[${value.map((item) => typed(underlying.slice(2), item, false)).join(" ")}]`
      : "<nil>";
  if (underlying.startsWith("map[")) {
    if (!isObject(value!) || Object.keys(value).length === 0) return "<nil>";
    const of = underlying.slice(underlying.indexOf("]") + 1);
    return `map[${Object.keys(value)
      .sort()
      .map((key) => `${key}:${typed(of, value[key], false)}`)
      .join(" ")}]`;
  }
  if (underlying === "string") return (value as string | undefined) ?? "";
  if (underlying === "bool") return value === true ? "true" : "false";
  return String((value as number | undefined) ?? 0);
}

function struct(id: string, object: JsonObject): string {
  const shown = goFields(id).map(
    ({ name, json, inline, type }) => `${name}:${typed(type, inline ? object : object[json], true)}`,
  );
  return `{${shown.join(" ")}}`;
}

function quantity(value: JsonValue | undefined): string {
  const text = (value as string | null | undefined) ?? "";
  const { amount, scale, format } = parseQuantityAmount(text);
  return `{i:(resource.int64Amount){value:(int64)${amount} scale:(resource.Scale)${scale}} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)${text} Format:(resource.Format)${format}}`;
}
