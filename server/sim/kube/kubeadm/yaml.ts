/** What a YAML document of kubeadm can hold. */
export type YamlValue = string | number | boolean | null | undefined | readonly YamlValue[] | YamlObject;

export interface YamlObject {
  readonly [key: string]: YamlValue;
}

/** A document with another one's fields in place of its own, deep inside, too. */
export function withFields(document: YamlObject, fields: YamlObject | undefined): YamlObject {
  const merged: Record<string, YamlValue> = { ...document };
  for (const [key, value] of Object.entries(fields ?? {})) {
    const own = merged[key];
    merged[key] = isObject(own) && isObject(value) ? withFields(own, value) : value;
  }
  return merged;
}

function isObject(value: YamlValue): value is YamlObject {
  return typeof value === "object" && value !== null && !isList(value);
}

/**
 * Writes a document as sigs.k8s.io/yaml does (JSON through yaml.v2): keys in ascending order, sequences not indented
 * below their key, undefined fields left out. Only what kubeadm's own files need: strings of one line, no floats.
 */
export function toYaml(document: YamlObject): string {
  return mapping(document, "").join("");
}

/** The lines of a mapping, the first one without its indentation where it follows `- `. */
function mapping(value: YamlObject, indent: string): string[] {
  const lines: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = value[key];
    if (field !== undefined) lines.push(...entry(`${indent}${scalar(key)}:`, field, indent));
  }
  return lines;
}

function entry(head: string, value: YamlValue, indent: string): string[] {
  if (isList(value)) return value.length === 0 ? [`${head} []\n`] : [`${head}\n`, ...sequence(value, indent)];
  if (typeof value === "object" && value !== null) {
    const lines = mapping(value, `${indent}  `);
    return lines.length === 0 ? [`${head} {}\n`] : [`${head}\n`, ...lines];
  }
  return [`${head} ${scalar(value)}\n`];
}

function sequence(values: readonly YamlValue[], indent: string): string[] {
  return values.flatMap((value) => {
    if (isList(value)) throw new Error("kubeadm writes no sequence of sequences");
    if (typeof value !== "object" || value === null) return [`${indent}- ${scalar(value)}\n`];
    const [first, ...rest] = mapping(value, `${indent}  `);
    return first === undefined ? [`${indent}- {}\n`] : [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
  });
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Texts that YAML 1.1 reads as something else than a text; yaml.v2 puts them in double quotes. */
const NOT_TEXT =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF|[-+]?(?:\d[\d_]*)(?:\.[\d_]*)?(?:[eE][-+]?\d+)?|[-+]?\.[\d_]+|0x[\da-fA-F_]+|0o?[0-7_]+|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)|<<|=|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?)$/;

/** Texts that would be read as syntax; yaml.v2 puts them in single quotes. */
const SYNTAX = /^(?:[-?:](?:\s|$)|[,[\]{}#&*!|>'"%@`])|: |:$| #|^\s|\s$|^---|^\.\.\./;

function scalar(value: string | number | boolean | null | undefined): string {
  if (typeof value !== "string") return String(value);
  if (/[\n\r\t]/.test(value)) throw new Error(`kubeadm writes no text of several lines: ${JSON.stringify(value)}`);
  if (NOT_TEXT.test(value)) return JSON.stringify(value);
  return SYNTAX.test(value) ? `'${value.replaceAll("'", "''")}'` : value;
}
