import type { Dice } from "./dice.ts";
import { type Values, oneOf, NUMBER, DURATION, BOOL, IMAGE, PORT, PAIR, OUT, COMMON, PRINTED, flags } from "./flags.ts";
import { anyPath, fieldSelector, name, output, OBJECTS, path, quoted, selector, target, type } from "./words.ts";

const SORT: Values = (dice) =>
  quoted(
    dice.pick([
      ".metadata.name",
      "{.metadata.name}",
      ".spec.replicas",
      ".nope",
      ".metadata.creationTimestamp",
      ".spec.ports[0].port",
      ".type",
      ".status.phase",
      ".kind",
      ".spec",
      ".metadata.labels",
      "name",
      anyPath(dice),
      path(dice),
    ]),
  );
const GET = {
  "-o": OUT,
  "-l": selector,
  "--field-selector": fieldSelector,
  "--sort-by": SORT,
  "--no-headers": BOOL,
  "--show-labels": BOOL,
  "--show-kind": BOOL,
  "-L": oneOf("app", "app,tier", "", "x/y", "nope"),
  "--ignore-not-found": BOOL,
  "--chunk-size": NUMBER,
  "--subresource": oneOf("status", "scale", "log", "nope", ""),
  "--output-watch-events": BOOL,
  "--server-print": BOOL,
  "--label-columns": oneOf("a", "="),
};

const get = (dice: Dice): string => {
  const what = dice.chance(25) ? `${type(dice)},${type(dice)}` : target(dice);
  return `get ${what}${flags(dice, GET, 16)}${dice.chance(15) ? " -A" : ""}`;
};
/** What `get` prints of one object that is there. */
const printed = (dice: Dice): string => {
  const [kind, names] = dice.pick(OBJECTS);
  return `get ${kind}${dice.chance(70) ? ` ${dice.pick(names)}` : ""} -o ${output(dice)}${dice.chance(10) ? ` --sort-by=${SORT(dice)}` : ""}`;
};
const sorted = (dice: Dice): string =>
  `get ${type(dice)} -A --sort-by=${SORT(dice)}${dice.chance(40) ? ` -o ${output(dice)}` : ""}`;
const describe = (dice: Dice): string =>
  `describe ${target(dice)}${flags(dice, { "-l": selector, "--show-events": BOOL, "--chunk-size": NUMBER }, 10)}`;
const remove = (dice: Dice): string =>
  `delete ${target(dice)}${flags(dice, { "--dry-run": oneOf("server", "client", "x"), "--grace-period": NUMBER, "--force": BOOL, "--now": BOOL, "--cascade": oneOf("orphan", "foreground", "background", "true", "x", ""), "-l": selector, "--field-selector": fieldSelector, "--all": BOOL, "--ignore-not-found": BOOL, "-o": oneOf("name", "yaml", "x"), "--wait": BOOL, "--timeout": DURATION }, 14)} --dry-run=${dice.pick(["server", "client"])}`;

const meta =
  (verb: string) =>
  (dice: Dice): string =>
    `${verb} ${target(dice)} ${Array.from({ length: 1 + dice.below(2) }, () => PAIR(dice)).join(" ")}${flags(dice, { ...PRINTED, "--overwrite": BOOL, "-l": selector, "--resource-version": NUMBER, "--all": BOOL, "--field-selector": fieldSelector, "--local": BOOL, "--field-manager": oneOf("me", "", "a b") }, 8)}`;
const WORKLOADS = ["deploy", "deployments.apps", "sts", "pod"];
const set = (dice: Dice): string => {
  const forms = [
    () => `image ${target(dice, WORKLOADS)} ${dice.pick(["nginx", "*", "nope", "side", ""])}=${IMAGE(dice)}`,
    () =>
      `env ${target(dice, WORKLOADS)} ${dice.pick(["A=c", "B=", "A-", "9=x", "--list", "--from=cm/conf", "--from=secret/key --prefix=P_", "--from=cm/nope", "--keys=a --from=cm/conf", "A", "a b=c", "--resolve --list", "--overwrite=false A=z", "-c side X=y", "-c 'n*' X=y", "-c nope X=y", "--env=E=f", "-e E=f E-", "--from=pod/held", "A- B=c"])}`,
    () =>
      `resources ${target(dice, WORKLOADS)} ${flags(dice, { "--limits": oneOf("cpu=1", "cpu=1,memory=64Mi", "cpu=0", "cpu=x", "memory", "nope=1", "cpu=-1", ""), "--requests": oneOf("cpu=10m", "cpu=2", "memory=1.5Gi", "cpu=1cpu", "a/b=1"), "-c": oneOf("nginx", "side", "*", "nope", "n*") }, 60)}`,
    () =>
      `selector ${target(dice, ["svc", "service"])} ${quoted(dice.pick(["app=web", "a=b,c=d", "app", "app in (x)", "!x", "", "a=b=c", "x!=y"]))}`,
    () => `serviceaccount ${target(dice, WORKLOADS)} ${dice.pick(["default", "nope", "", "Bad_Name"])}`,
    () =>
      `subject ${dice.pick(["clusterrolebinding cluster-admin", "rolebinding nope", "rolebinding"])} ${dice.pick(["--user=jane", "--group=g", "--serviceaccount=default:x", "--serviceaccount=x", ""])}`,
  ];
  return `set ${dice.pick(forms)()}${flags(dice, { ...COMMON, "--all": BOOL, "--local": BOOL, "-l": selector }, 10)}`;
};

const DOCUMENTS = [
  '{"metadata":{"labels":{"a":"b"}}}',
  '{"metadata":{"labels":{"a":null}}}',
  '{"spec":{"replicas":2}}',
  '{"spec":{"replicas":"2"}}',
  '{"spec":{"nope":1}}',
  '{"data":{"a":1}}',
  '{"data":{"z":"y"}}',
  '{"metadata":{"name":"x"}}',
  '{"spec":{"ports":[{"port":80,"targetPort":"x"}]}}',
  '{"spec":{"ports":[{"port":70000}]}}',
  '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","image":"x"}]}}}}',
  '{"spec":{"template":{"spec":{"containers":[{"name":"nginx","$patch":"delete"}]}}}}',
  '{"spec":{"$patch":"replace"}}',
  '{"spec":{"selector":{"x":"y"}}}',
  '{"kind":"Pod"}',
  '{"apiVersion":"v9"}',
  "[]",
  "{}",
  "null",
  "1",
  "{",
  "spec: {replicas: 1}",
  "a: b: c",
  '{"status":{"replicas":1}}',
  '{"metadata":{"annotations":{"a":1}}}',
  '{"metadata":{"finalizers":["x"]}}',
  '{"spec":{"rules":[{"host":"BAD"}]}}',
  '{"spec":{"type":"Nope"}}',
  '{"spec":{"clusterIP":"10.96.7.8"}}',
  '{"spec":{"podSelector":null}}',
  '{"spec":null}',
  '{"metadata":null}',
  '{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}}',
  '{"endpoints":[{"addresses":["x"]}]}',
  '{"metadata":{"$deleteFromPrimitiveList/finalizers":["x"]}}',
  '{"spec":{"$setElementOrder/ports":[{"port":53},{"port":80}]}}',
  '{"spec":{"ports":null}}',
  '{"spec":{"externalName":"a_b"}}',
  '{"spec":{"replicas":-1}}',
  '{"spec":{"strategy":{"type":"Recreate"}}}',
  '{"spec":{"strategy":{"$retainKeys":["type"],"type":"Recreate"}}}',
  '{"immutable":true}',
  '{"metadata":{"resourceVersion":"1"}}',
  '{"metadata":{"uid":"x"}}',
  '{"metadata":{"labels":{"Bad Key":"x"}}}',
  '{"metadata":{"labels":{"a":"bad value"}}}',
  '{"binaryData":{"x":"!!"}}',
];
const POINTERS = [
  "/metadata/labels/a",
  "/metadata/labels",
  "/spec/replicas",
  "/data/a",
  "/data",
  "/spec/ports/0",
  "/spec/ports/-",
  "/spec/ports/9",
  "/spec/nope",
  "/metadata/name",
  "",
  "/",
  "spec",
  "/spec/template/spec/containers/0/image",
  "/metadata/annotations/example.com~1x",
  "/kind",
  "/spec",
  "/spec/ports/0/port",
  "/spec/ports/01",
  "/metadata/labels/~2",
];
const VALUES = ['"x"', "1", "null", "{}", "[]", '{"a":"b"}', "true", '{"port":99,"name":"n"}', '"2"', "-1"];
const operation = (dice: Dice): string => {
  const op = dice.pick(["add", "remove", "replace", "test", "move", "copy", "nope", "add", "replace"]);
  const value = dice.chance(85) ? `,"value":${dice.pick(VALUES)}` : "";
  const from = op === "move" || op === "copy" || dice.chance(5) ? `,"from":"${dice.pick(POINTERS)}"` : "";
  return `{"op":"${op}","path":"${dice.pick(POINTERS)}"${from}${op === "remove" ? "" : value}}`;
};
const patch = (dice: Dice): string => {
  const json = dice.chance(40);
  const kind = json ? "json" : dice.pick(["merge", "strategic", "merge", "strategic", "", "x", "json"]);
  const text =
    json && dice.chance(93)
      ? `[${Array.from({ length: 1 + dice.below(2) }, () => operation(dice)).join(",")}]`
      : dice.pick(DOCUMENTS);
  return `patch ${target(dice)}${kind === "" ? "" : ` --type=${kind}`} -p ${quoted(text)}${flags(dice, { ...PRINTED, "--subresource": oneOf("status", "scale", "x"), "--local": BOOL }, 8)}`;
};

const expose = (dice: Dice): string =>
  `expose ${target(dice, [...WORKLOADS, "svc"])}${flags(dice, { "--port": PORT, "--target-port": PORT, "--name": oneOf("new", "web", "Bad_Name", "", "9x"), "--type": oneOf("NodePort", "ClusterIP", "LoadBalancer", "ExternalName", "Nope"), "--protocol": oneOf("UDP", "TCP", "SCTP", "x", "udp"), "--selector": selector, "--labels": PAIR, "--cluster-ip": oneOf("None", "10.96.9.9", "x", "1.2.3.4"), "--external-ip": oneOf("1.2.3.4", "x"), "--session-affinity": oneOf("ClientIP", "None", "x"), "--overrides": oneOf('{"spec":{"clusterIP":"None"}}', "{", "[]", '{"spec":{"x":1}}'), "--override-type": oneOf("merge", "strategic", "json", "x"), "--load-balancer-ip": oneOf("1.2.3.4") }, 22)}${flags(dice, COMMON, 50)}`;
const autoscale = (dice: Dice): string =>
  `autoscale ${target(dice, WORKLOADS)}${flags(dice, { "--min": NUMBER, "--max": NUMBER, "--cpu-percent": NUMBER, "--name": oneOf("h", "Bad_Name", "") }, 55)}${flags(dice, PRINTED, 25)}`;
const scale = (dice: Dice): string =>
  `scale ${target(dice, WORKLOADS)}${flags(dice, { "--replicas": oneOf("0", "0", "0", "-1", "x", "", "1.5"), "--current-replicas": NUMBER, "--resource-version": NUMBER, "--timeout": DURATION, "--all": BOOL, "-l": selector }, 35)}${flags(dice, PRINTED, 25)}`;

const GENERATORS: Readonly<Record<string, Readonly<Record<string, Values>>>> = {
  deployment: { "--image": IMAGE, "--replicas": NUMBER, "--port": PORT },
  job: { "--image": IMAGE, "--from": oneOf("cronjob/x", "cj/nope", "job/x", "x") },
  cronjob: {
    "--image": IMAGE,
    "--schedule": oneOf("* * * * *", "@daily", "x", "60 * * * *", "", "* * * *"),
    "--restart": oneOf("Never", "OnFailure", "Always", "x"),
  },
  configmap: {
    "--from-literal": oneOf("a=b", "a", "=b", "a=b=c", "a b=c", "", "a/b=c", "..=x"),
    "--from-file": oneOf("path.txt", "k=path.txt", "nope", "=path.txt", "a b=path.txt", "k="),
    "--from-env-file": oneOf("path.txt", "nope", ""),
    "--append-hash": BOOL,
  },
  "secret generic": {
    "--from-literal": oneOf("a=b", "a", "=b", "a=b=c"),
    "--type": oneOf("Opaque", "kubernetes.io/tls", "x", "kubernetes.io/basic-auth", "kubernetes.io/dockerconfigjson"),
    "--from-file": oneOf("path.txt", "nope"),
    "--append-hash": BOOL,
  },
  "secret tls": { "--cert": oneOf("path.txt", "nope", ""), "--key": oneOf("path.txt", "nope") },
  "secret docker-registry": {
    "--docker-username": oneOf("u", ""),
    "--docker-password": oneOf("p", ""),
    "--docker-server": oneOf("r.example.com", ""),
    "--docker-email": oneOf("e@x", ""),
  },
  ingress: {
    "--rule": oneOf(
      "a.example.com/=web:80",
      "a.example.com/x*=web:http,tls=s",
      "/=web:80",
      "a=b",
      "*.example.com/a=web:80",
      "a/b",
      "/x=web:80,tls",
      "BAD/=web:80",
      "a.example.com/=web:70000",
      "",
      "a.example.com/*=web:80,tls=,x=y",
    ),
    "--default-backend": oneOf("web:80", "web", "web:http", ":80", "web:x y"),
    "--class": oneOf("nginx", "", "Bad_Class"),
    "--annotation": oneOf("a=b", "a", "=b"),
  },
  "service clusterip": {
    "--tcp": oneOf("80", "80:8080", "x", "80:x", "0", "70000", "", "80:80:80", "-1", "80,443"),
    "--clusterip": oneOf("None", "10.96.9.9", "x"),
  },
  "service nodeport": { "--tcp": oneOf("80", "80:8080", "x", "80:http"), "--node-port": NUMBER },
  "service loadbalancer": { "--tcp": oneOf("80", "80:8080", "x") },
  "service externalname": { "--external-name": oneOf("a.example.com", "", "a_b", "-x"), "--tcp": oneOf("80") },
  namespace: {},
  serviceaccount: {},
  role: {
    "--verb": oneOf("get", "get,list", "*", "x", "", "use"),
    "--resource": oneOf("pods", "deploy.apps", "nope", "pods/log", "pods,svc", "deployments.extensions", "", "*"),
    "--resource-name": oneOf("a", ""),
  },
  clusterrole: {
    "--verb": oneOf("get", "get,list", "*", "x"),
    "--resource": oneOf("pods", "nodes", "nope"),
    "--non-resource-url": oneOf("/healthz", "x", "/a*", "*"),
    "--aggregation-rule": oneOf("a=b", "x"),
    "--resource-name": oneOf("a"),
  },
  rolebinding: {
    "--role": oneOf("x", ""),
    "--clusterrole": oneOf("view", ""),
    "--user": oneOf("jane", ""),
    "--group": oneOf("g"),
    "--serviceaccount": oneOf("default:x", "x", "a:b:c", ":"),
  },
  clusterrolebinding: {
    "--clusterrole": oneOf("view", ""),
    "--user": oneOf("jane"),
    "--group": oneOf("g"),
    "--serviceaccount": oneOf("default:x", "x"),
  },
  quota: {
    "--hard": oneOf("cpu=1", "pods=2,services=1", "x", "cpu=x", "cpu=", "", "a=b=c", "count/pods=-1"),
    "--scopes": oneOf("BestEffort", "x", "BestEffort,NotTerminating", "Terminating,NotTerminating"),
  },
  priorityclass: {
    "--value": NUMBER,
    "--description": oneOf("d"),
    "--global-default": BOOL,
    "--preemption-policy": oneOf("Never", "x"),
  },
  poddisruptionbudget: {
    "--selector": selector,
    "--min-available": oneOf("1", "50%", "x", "-1", "101%"),
    "--max-unavailable": oneOf("1", "x%", "50%"),
  },
  token: {
    "--duration": oneOf("10m", "1s", "x", "-1h", "0"),
    "--audience": oneOf("a"),
    "--bound-object-kind": oneOf("Pod", "x", "Secret"),
    "--bound-object-name": oneOf("held", "x"),
  },
};
const NEW = ["new", "n2", "web", "Bad_Name", "", "-x", "a.b", "conf", "shop", "default"];
const create = (dice: Dice): string => {
  const generator = dice.pick(Object.keys(GENERATORS).filter((one) => one !== "token" || dice.chance(20)));
  const dry =
    generator === "token"
      ? ""
      : ` --dry-run=${dice.pick(["client", "server", "server"])} -o ${dice.pick(["yaml", "json", "name", output(dice)])}`;
  return `create ${generator} ${quoted(dice.pick(NEW))}${flags(dice, GENERATORS[generator]!, 50)}${dice.chance(85) ? dry : flags(dice, PRINTED, 25)}`;
};
const run = (dice: Dice): string =>
  `run ${quoted(dice.pick(NEW))}${flags(dice, { "--image": IMAGE, "--port": PORT, "--expose": BOOL, "--env": oneOf("A=b", "A", "=b", "9=x", "A=b=c"), "--labels": PAIR, "--restart": oneOf("Never", "OnFailure", "x", ""), "--command": BOOL, "--overrides": oneOf('{"spec":{"hostNetwork":true}}', "{", '{"apiVersion":"v1","spec":{"containers":[]}}'), "--override-type": oneOf("merge", "strategic", "json", "x"), "--annotations": PAIR, "--image-pull-policy": oneOf("Always", "x"), "--rm": BOOL, "--privileged": BOOL, "--pod-running-timeout": DURATION }, 22)} --dry-run=${dice.pick(["client", "server"])}${dice.chance(60) ? ` -o ${dice.pick(["yaml", "json", "name"])}` : ""}${dice.pick(["", "", " -- sleep 1", " -- sh -c 'a b'", " --", " a b"])}`;

const wait = (dice: Dice): string =>
  `wait ${target(dice)} --for=${quoted(dice.pick(["condition=Ready", "condition=Available", "condition=available=false", "delete", "create", "jsonpath={.metadata.name}=web", `jsonpath={${anyPath(dice)}}`, `jsonpath={${anyPath(dice)}}=web`, "jsonpath=.kind", "jsonpath='{.status.phase}'=Pending", "condition", "x=y", "", "condition=PodScheduled=False", "jsonpath={.status.phase}=Pending=x", "jsonpath={", "Delete", "jsonpath={.a}{.b}"]))} --timeout=${dice.pick(["1s", "1s", "0", "-1", "x", "0s"])}${flags(dice, { "-l": selector, "--all": BOOL, "-o": oneOf("name", "yaml", "x"), "--field-selector": fieldSelector, "--local": BOOL }, 7)}`;
const rollout = (dice: Dice): string =>
  `rollout ${dice.pick(["status --watch=false", "history", "undo --dry-run=server", "restart --dry-run=server", "pause --dry-run=server", "resume --dry-run=server", "undo --dry-run=client", "pause --dry-run=client", "nope", "history --revision=1", "history --revision=x", "history --revision=9", "undo --to-revision=1", "undo --to-revision=9", "status --timeout=1s", "status --revision=3 --timeout=1s"])} ${target(dice, [...WORKLOADS, "svc"])}${flags(dice, { "-o": OUT, "-l": selector }, 10)}`;
const events = (dice: Dice): string =>
  `events${flags(dice, { "--for": oneOf("deploy/web", "pod/held", "x", "nope/x", "a/b/c", "node/node01", ""), "--types": oneOf("Warning", "Normal", "x", "", "warning,Normal"), "-o": oneOf("yaml", "name", "x", "json", "jsonpath={.items[*].reason}"), "-A": oneOf(""), "--no-headers": BOOL }, 25)} -n ${dice.pick(["shop", "nope", "default"])}`;
const explain = (dice: Dice): string =>
  `explain ${quoted(`${type(dice)}${dice.pick(["", ".spec", ".metadata", ".spec.ports", ".spec.template.spec.containers", ".nope", "..", ".spec.rules.http.paths", ".spec.ingress.from.ipBlock", ".status", ".endpoints", ".data", ".spec.containers[0]", ".metadata.labels.x", ".spec.template.spec.containers.ports.containerPort", ".spec.strategy.rollingUpdate"])}`)}${flags(dice, { "--recursive": BOOL, "--api-version": oneOf("v1", "apps/v1", "networking.k8s.io/v1", "x", "a/b/c", "discovery.k8s.io/v1"), "--output": oneOf("plaintext", "x", "") }, 14)}`;
const resources = (dice: Dice): string =>
  `${dice.pick(["api-resources", "api-resources", "api-versions"])}${flags(dice, { "-o": oneOf("wide", "name", "yaml", "x", "json"), "--api-group": oneOf("apps", "", "nope", "networking.k8s.io", "discovery.k8s.io"), "--namespaced": BOOL, "--sort-by": oneOf("name", "kind", "x", ""), "--verbs": oneOf("list", "list,get", "nope", "", "patch,deletecollection"), "--no-headers": BOOL, "--categories": oneOf("all", "x", "api-extensions"), "--cached": BOOL }, 25)}`;
const canI = (dice: Dice): string =>
  `auth ${dice.pick(["can-i", "can-i", "can-i", "can-i", "whoami"])} ${quoted(dice.pick(["get", "list", "*", "create", "nope", "use", "--list", "delete", "watch"]))} ${quoted(dice.pick(["pods", "deploy", "nope", "*", "pods/log", "svc/web", "/healthz", "/x*", "deployments.apps", "nodes", "", "pods/web/x", "nope.apps"]))}${flags(dice, { "--as": oneOf("jane", "system:serviceaccount:default:default", "", "system:anonymous", "system:node:node01"), "--as-group": oneOf("g", "system:masters"), "--subresource": oneOf("log", "x"), "-q": BOOL, "-A": oneOf(""), "-o": OUT, "--no-headers": BOOL }, 14)}`;
const config = (dice: Dice): string =>
  `config ${dice.pick(["view", "view --minify", "view --raw=false", "get-contexts", "get-clusters", "get-users", "use-context nope", "get-contexts nope", "get-contexts -o name", "set-context --current", "delete-context nope", "delete-cluster nope", "delete-user nope", "rename-context a b", "set a.b c", "set contexts.x.namespace y", "unset a", "unset contexts.nope", "nope", "view --flatten=x", "set users.a.token t --set-raw-bytes=maybe", "set clusters.x.insecure-skip-tls-verify maybe", "set-credentials u --token=a --username=b", "set-cluster c --insecure-skip-tls-verify=x", "set-cluster c --certificate-authority=/nope --embed-certs", "set-credentials u --auth-provider=x --exec-command=y", "set-credentials u --exec-env=x", "unset a.b.c.d", "set clusters.my.x y"])} --kubeconfig=${dice.pick(["/nope/kc", "path.txt", "/tmp/nothing-here", "app.yaml", "columns.txt"])}${flags(dice, { "-o": oneOf("yaml", "json", "name", "x", "jsonpath={.kind}", "jsonpath={.contexts}", "go-template={{.kind}}", "custom-columns=A:.kind") }, 20)}`;
const node = (dice: Dice): string =>
  `${dice.pick(["cordon", "uncordon", "drain", "drain", "taint nodes", "taint node"])} ${dice.pick(["node01", "nope", "node01 nope", "", "node/node01", "-l nope=1", "node01 -l a=b", "pod/held"])}${dice.chance(60) ? ` ${quoted(dice.pick(["a=b:NoSchedule", "a:NoExecute-", "a-", "a=b:Nope", "a", "a=b:NoSchedule,c=d:NoExecute", ":NoSchedule", "a=b c:NoSchedule", "a=b:PreferNoSchedule", "a:NoSchedule", "/a=b:NoSchedule", "a=b:NoSchedule-"]))}` : ""}${flags(dice, { "--ignore-daemonsets": BOOL, "--force": BOOL, "--delete-emptydir-data": BOOL, "--grace-period": NUMBER, "--timeout": DURATION, "--pod-selector": selector, "--overwrite": BOOL, "--disable-eviction": BOOL }, 12)} --dry-run=${dice.pick(["server", "client"])}`;
const logs = (dice: Dice): string =>
  `${dice.pick(["logs", "logs", "exec", "attach", "port-forward", "cp", "debug", "top"])} ${dice.pick(["held", "pod/held", "deploy/web", "nope", "svc/none", "", "cm/conf", "sts/pg", "pods", "nodes", "held:/x /tmp/y", "pod nope", "pod -A --sort-by=x", "node nope", "svc/web", "job/nope", "-l nope=1"])}${flags(dice, { "-c": oneOf("main", "nope", ""), "--tail": NUMBER, "--since": DURATION, "--since-time": oneOf("x", "2026-01-01T00:00:00Z"), "--previous": BOOL, "--limit-bytes": NUMBER, "--all-containers": BOOL, "--image": IMAGE, "--timestamps": BOOL }, 12)}${dice.pick(["", " -- true", " 8080:80", " 80:x", " a b", ""])}`;
const misc = (dice: Dice): string =>
  dice.pick([
    () =>
      `${dice.pick(["nope", "gte", "vesion", "plugin list", "plugin nope", "plugin", "alpha", "options nope", "version -o x", "version --client -o json", "version --nope", "completion nope", "completion", "cluster-info nope", "cluster-info dump -o x", "api-resources x", "api-versions x", "help nope", "get", "create", "create -f nope", "describe", "delete", "apply", "edit", "replace", "set", "rollout", "top", "auth", "certificate", "certificate approve", "certificate approve nope", "certificate deny", "config", "kuberc", "kuberc set", "wait", "label", "annotate", "scale", "expose", "run", "diff", "kustomize nope", "proxy --port=x", "attach", "auth reconcile", "auth reconcile -f nope", "auth reconcile -f net.yaml --dry-run=client", "alpha nope", "kustomize", "cp a", "cp", "cp a b c", "debug", "drain", "cordon", "taint", "events nope"])}${flags(dice, { "-f": oneOf("nope.yaml", "-", "", "http://127.0.0.1:1/x", "columns.txt"), "-o": oneOf("x", "name"), "-R": oneOf(""), "-k": oneOf("nope", ".") }, 14)}`,
    () => `${name(dice)} ${name(dice)}`,
    () =>
      `get --raw ${quoted(dice.pick(["/healthz", "/nope", "/api", "/api/v1/namespaces/default/configmaps/nope", "x", "/apis/apps", "/version", "/api/v1/nope", "/apis/nope/v1", "/livez?verbose", "/readyz/ping", "/api/v1/namespaces/x/pods", "/api/v1/pods?labelSelector=a%20b", "/api/v1/pods?fieldSelector=x", "/apis/networking.k8s.io/v1/ingresses?limit=x", "/openapi/v3/nope", "/api/v1/namespaces/default/services/web/proxy/", "/metrics/nope", "/api/v1/namespaces/default/services?limit=-1", "/api/v1/pods?timeoutSeconds=x", "/api/v1/pods?watch=maybe", "/apis/apps/v1/namespaces/default/deployments/web/scale", "/apis/apps/v1/namespaces/default/deployments/web/nope", "/api/v1/pods?resourceVersion=x", "/api/v1/pods?resourceVersionMatch=Exact", "/api/v1/pods?continue=x", "/api/v1/namespaces/default/pods/held/log?tailLines=x"]))}${flags(dice, { "-o": OUT }, 5)}`,
  ])();

export const VERBS: Readonly<Record<string, readonly [weight: number, make: (dice: Dice) => string]>> = {
  get: [8, get],
  printed: [14, printed],
  sorted: [4, sorted],
  describe: [4, describe],
  delete: [5, remove],
  label: [5, meta("label")],
  annotate: [4, meta("annotate")],
  set: [8, set],
  patch: [12, patch],
  expose: [7, expose],
  autoscale: [4, autoscale],
  scale: [4, scale],
  create: [14, create],
  run: [4, run],
  wait: [3, wait],
  rollout: [4, rollout],
  events: [2, events],
  explain: [4, explain],
  resources: [2, resources],
  auth: [4, canI],
  config: [3, config],
  node: [4, node],
  logs: [3, logs],
  misc: [5, misc],
};
