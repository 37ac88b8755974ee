import type { Dice } from "./dice.ts";

/** Types by the names that people give them, with objects that fuzz.yaml makes. */
export const OBJECTS: readonly (readonly [string, readonly string[]])[] = [
  ["deploy", ["web"]],
  ["deployments.apps", ["web"]],
  ["sts", ["pg"]],
  ["pod", ["held"]],
  ["po", ["held"]],
  ["svc", ["web", "none", "kubernetes"]],
  ["service", ["web"]],
  ["cm", ["conf", "kube-root-ca.crt"]],
  ["configmaps", ["conf"]],
  ["secret", ["key"]],
  ["ing", ["front"]],
  ["ingress.networking.k8s.io", ["front"]],
  ["netpol", ["deny"]],
  ["endpointslice", ["hand"]],
  ["ep", ["web", "none"]],
  ["node", ["node01", "controlplane"]],
  ["ns", ["shop", "default", "kube-system"]],
  ["sa", ["default"]],
];
const OTHER_TYPES = [
  "rs",
  "ds",
  "jobs",
  "cj",
  "hpa",
  "pvc",
  "pv",
  "sc",
  "role",
  "clusterrole",
  "crd",
  "ev",
  "lease",
  "quota",
  "limits",
  "ingressclass",
  "all",
  "nosuch",
  "pods.v1.",
  "deployments.v1.apps",
  "deploy.v2.apps",
  "pods/log",
  "csr",
  "pc",
  "gateways",
  "cs",
  "",
];
const BAD_NAMES = ["nope", "Web", "web_1", "-x", "a/b", "", "..", "web,none", "*", "a b"];
export const NAMESPACES = ["default", "shop", "kube-system", "nope", "Bad_NS", ""];

export const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;

export function type(dice: Dice): string {
  return dice.chance(70) ? dice.pick(OBJECTS)[0] : dice.pick(OTHER_TYPES);
}

export function name(dice: Dice): string {
  return dice.chance(60) ? dice.pick(OBJECTS[dice.below(OBJECTS.length)]![1]) : dice.pick(BAD_NAMES);
}

/** `TYPE NAME`, `TYPE/NAME`, and now and then what is wrong. */
export function target(dice: Dice, types?: readonly string[]): string {
  const known = types ? OBJECTS.filter(([one]) => types.includes(one)) : OBJECTS;
  if (dice.chance(12)) return `${quoted(type(dice))} ${quoted(name(dice))}`;
  const [kind, names] = dice.pick(known.length > 0 ? known : OBJECTS);
  const which = dice.chance(85) ? dice.pick(names) : name(dice);
  const form = dice.below(12);
  if (form === 0) return `${kind} ${quoted(which)} ${quoted(name(dice))}`;
  if (form === 1) return `${kind}/${quoted(which)} ${quoted(name(dice))}`;
  if (form === 2) return `${kind}/${quoted(which)} ${dice.pick(OBJECTS)[0]}/nope`;
  if (form === 3) return kind;
  return form < 8 ? `${kind} ${quoted(which)}` : `${kind}/${quoted(which)}`;
}

const SELECTORS = [
  "app=web",
  "app",
  "!app",
  "app!=web",
  "app in (web,pg)",
  "app notin (web),tier",
  "tier=fe,app=web",
  "app==web",
  "a=b=c",
  "app in web",
  "app in ()",
  "=x",
  "a b",
  "app>1",
  "app<x",
  "-x=1",
  "app=web,",
  ",",
  "app=Bad Value",
  "a/b/c=d",
  "nope=1",
  "",
];
const FIELDS = [
  "metadata.name=web",
  "metadata.namespace!=kube-system",
  "status.phase=Pending",
  "spec.nodeName=node01",
  "spec.nope=1",
  "metadata.name",
  "metadata.name=web,metadata.namespace=default",
  "type=Opaque",
  "metadata.name==conf",
  "a=b=c",
  "status.phase!=Running",
  "reason=x",
  "=",
  "spec.type=ClusterIP",
  "metadata.labels.app=web",
  "",
];

export const selector = (dice: Dice): string => quoted(dice.pick(SELECTORS));
export const fieldSelector = (dice: Dice): string => quoted(dice.pick(FIELDS));

const FIELD_NAMES = [
  "metadata",
  "name",
  "labels",
  "app",
  "spec",
  "containers",
  "image",
  "status",
  "conditions",
  "type",
  "ports",
  "port",
  "items",
  "data",
  "a",
  "nope",
  "kind",
  "annotations",
  "replicas",
  "rules",
  "host",
  "addresses",
  "endpoints",
  "creationTimestamp",
  "c\\.txt",
  "uid2",
];
const INDEXES = [
  "[0]",
  "[*]",
  "[-1]",
  "[0:1]",
  "[1:]",
  "[5]",
  "[:2]",
  "[0,1]",
  "['name']",
  "[?(@.name)]",
  '[?(@.name=="http")]',
  "[?(@.port>60)]",
  '[?(@.type!="x")]',
  "[?(@.port<=53)]",
  "[a]",
  "[",
  "[]",
  "[::2]",
  "[?(@.image=~/x/)]",
  "[-3:-1]",
  "[?(]",
  ".*",
  "[?(@.a==1)]",
  "[?(@.port==80)].name",
  "[0:0]",
  "[3:1]",
  '["labels"]',
];

/** `.spec.ports[0].name` and much that is none. */
export function path(dice: Dice): string {
  let out = "";
  for (let left = 1 + dice.below(4); left > 0; left--) {
    if (dice.chance(78)) out += `.${dice.pick(FIELD_NAMES)}`;
    else out += dice.pick(INDEXES);
  }
  return out;
}

const REAL_PATHS = [
  ".metadata.name",
  ".kind",
  ".spec.ports[*].port",
  ".metadata.labels",
  ".items[*].metadata.name",
  ".spec.template.spec.containers[*].image",
  ".spec.template.spec.containers[0].env",
  ".data",
  ".spec.rules[0].http.paths[0].backend",
  ".spec.containers[*]['name','image']",
  ".items[0].kind",
  ".spec.selector",
  ".data.c\\.txt",
  ".spec.ports[?(@.port==53)].protocol",
  ".spec",
  ".metadata.labels.app",
  ".apiVersion",
];
export const anyPath = (dice: Dice): string => (dice.chance(50) ? dice.pick(REAL_PATHS) : path(dice));

function jsonpath(dice: Dice): string {
  let out = "";
  for (let left = 1 + dice.below(3); left > 0; left--) {
    const form = dice.below(12);
    if (form < 6) out += `{${anyPath(dice)}}`;
    else if (form === 6) out += `{range .items[*]}{${anyPath(dice)}}{"\\n"}{end}`;
    else if (form === 7) out += `{range ${anyPath(dice)}}{@${dice.chance(50) ? anyPath(dice) : ""}}|{end}`;
    else if (form === 8)
      out += dice.pick([
        '{"\\t"}',
        "{'x'}",
        " text ",
        '{"\\u0041"}',
        '{"a',
        "{}",
        "{@}",
        "{$}",
        "{.}",
        "{1}",
        "{true}",
        "\\n",
        "}",
        "{",
        "{end}",
        "{range}",
        "{nope}",
        "{'it''s'}",
      ]);
    else if (form === 9) out += `{$${anyPath(dice)}}`;
    else if (form === 10) out += anyPath(dice);
    else out += `{${anyPath(dice)}}{"\\n"}{${path(dice)} ${path(dice)}}`;
  }
  return out;
}

function template(dice: Dice): string {
  const field = (): string => anyPath(dice).replace(/\[.*?\]|\\|\.\.|\*/g, "") || ".";
  const forms = [
    () => `{{${field()}}}`,
    () => `{{range .items}}{{${field()}}}{{"\\n"}}{{end}}`,
    () => `{{range $k, $v := ${field()}}}{{$k}}={{$v}};{{end}}`,
    () => `{{with ${field()}}}{{.}}{{else}}none{{end}}`,
    () => `{{if ${field()}}}yes{{else if ${field()}}}maybe{{end}}`,
    () => `{{len ${field()}}}`,
    () => `{{index ${field()} ${dice.pick(["0", '"app"', "5", '"nope"', "1.5", ""])}}}`,
    () =>
      `{{${field()} | ${dice.pick(["len", 'printf "%v"', 'printf "%d"', 'printf "%q"', "html", "js", "urlquery", "base64decode", "not", "print", "println", "nope", "slice"])}}}`,
    () =>
      `{{printf "%${dice.pick(["s", "5s", "-8s|", "05d", "x", "t", "T", "+v", "#v", "f", "z", "U", "c", "e", "%"])}" ${field()}}}`,
    () =>
      `{{${dice.pick(["eq", "ne", "lt", "gt", "le", "ge", "and", "or"])} ${field()} ${dice.pick(['"web"', "1", "true", "nil", ".kind", ""])}}}`,
    () =>
      dice.pick([
        "{{",
        "}}",
        "{{.}}",
        "{{- .kind -}}  x",
        "{{/* c */}}",
        "{{end}}",
        "{{range}}",
        "{{nope}}",
        '{{define "x"}}a{{end}}{{template "x"}}',
        '{{template "y"}}',
        "{{$x}}",
        "{{$x := 1}}{{$x}}",
        "{{.a b}}",
        '{{"a" | printf "%s-%s" "b"}}',
        "{{break}}",
        '{{exists . "kind"}}',
        "{{slice .kind 1 2}}",
        "{{call .kind}}",
        '{{block "a" .}}x{{end}}',
        "{{1 2}}",
        "{{`raw`}}",
        "{{'a'}}",
        "{{0x1F}}",
        "{{1e3}}",
        "{{else}}",
        "{{.kind.x}}",
        "{{(.kind)}}",
        "{{not}}",
        "{{slice .kind 9}}",
      ]),
  ];
  return dice.pick(forms)();
}

function columns(dice: Dice): string {
  const one = (): string => {
    const form = dice.below(14);
    if (form === 0) return "NAME";
    if (form === 1) return `:${anyPath(dice)}`;
    if (form === 2) return `A:{${anyPath(dice)}}`;
    if (form === 3) return `A:`;
    return `${dice.pick(["NAME", "a b", "X", "y"])}:${anyPath(dice)}`;
  };
  return Array.from({ length: 1 + dice.below(3) }, one).join(",");
}

/** The value of `-o`. */
export function output(dice: Dice): string {
  const form = dice.below(20);
  if (form < 6) return quoted(`jsonpath=${jsonpath(dice)}`);
  if (form < 9) return quoted(`go-template=${template(dice)}`);
  if (form < 12) return quoted(`custom-columns=${columns(dice)}`);
  if (form === 12) return quoted(`jsonpath-as-json=${jsonpath(dice)}`);
  if (form === 13)
    return quoted(
      dice.pick([
        "jsonpath",
        "jsonpath=",
        "go-template",
        "template={{.kind}}",
        "custom-columns",
        "custom-columns=",
        "custom-columns-file=nope",
        "jsonpath-file=path.txt",
        "go-template-file=template.txt",
        "custom-columns-file=columns.txt",
        "templatefile=template.txt",
        "kyaml",
        "JSON",
        "YAML",
        "xml",
        "name=1",
        "json=x",
        "wide=",
        "",
      ]),
    );
  return dice.pick(["yaml", "json", "name", "wide", "wide", "name"]);
}
