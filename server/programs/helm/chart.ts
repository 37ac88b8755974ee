import { ingressNginxObjects } from "../../sim/kube/addons/manifests/index.ts";
import type { Manifest } from "./api.ts";
import { isTable, merge, type Values } from "./values.ts";

/** The chart ingress-nginx, as far as it is simulated: which values it knows, and what it makes of them. */
export interface Rendered {
  readonly objects: readonly Manifest[];
  /** Objects that are made and waited for before the others, and after them; all go again. */
  readonly before: readonly Manifest[];
  readonly after: readonly Manifest[];
  readonly notes: string;
}

export const DEFAULT_VALUES: Values = {
  nameOverride: "",
  fullnameOverride: "",
  namespaceOverride: "",
  commonLabels: {},
  controller: {
    name: "controller",
    image: { registry: "registry.k8s.io", image: "ingress-nginx/controller", tag: "", pullPolicy: "IfNotPresent" },
    config: {},
    allowSnippetAnnotations: false,
    watchIngressWithoutClass: false,
    hostNetwork: false,
    hostPort: { enabled: false, ports: { http: 80, https: 443 } },
    electionID: "",
    ingressClass: "nginx",
    ingressClassResource: {
      name: "nginx",
      enabled: true,
      default: false,
      controllerValue: "k8s.io/ingress-nginx",
    },
    publishService: { enabled: true, pathOverride: "" },
    scope: { enabled: false, namespace: "" },
    kind: "Deployment",
    replicaCount: 1,
    extraArgs: {},
    nodeSelector: { "kubernetes.io/os": "linux" },
    tolerations: [],
    podLabels: {},
    podAnnotations: {},
    resources: { requests: { cpu: "100m", memory: "90Mi" } },
    terminationGracePeriodSeconds: 300,
    service: {
      enabled: true,
      type: "LoadBalancer",
      annotations: {},
      labels: {},
      externalTrafficPolicy: "",
      externalIPs: [],
      loadBalancerIP: "",
      loadBalancerSourceRanges: [],
      enableHttp: true,
      enableHttps: true,
      ports: { http: 80, https: 443 },
      nodePorts: { http: "", https: "" },
    },
    admissionWebhooks: { enabled: true, failurePolicy: "Fail" },
  },
};

/** Tables whose entries are the user's own. */
const OPEN = new Set(["controller.config", "controller.extraArgs", "controller.nodeSelector", "controller.podLabels", "controller.podAnnotations", "controller.resources", "controller.service.annotations", "controller.service.labels", "commonLabels"]); // prettier-ignore

/** A value that the chart does not know, or that we do not: `controller.metrics.enabled`. */
export function unknownValue(values: Values, known: Values = DEFAULT_VALUES, path = ""): string | undefined {
  for (const [name, value] of Object.entries(values)) {
    const here = path === "" ? name : `${path}.${name}`;
    if (!(name in known)) return here;
    const below = known[name];
    if (OPEN.has(here) || !isTable(below) || !isTable(value)) continue;
    const found = unknownValue(value, below, here);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The value at a path, of which it is known what it is. */
function at<T>(values: Values, path: string): T {
  let value: unknown = values;
  for (const name of path.split(".")) value = isTable(value) ? value[name] : undefined;
  return value as T;
}

export interface ChartVersion {
  readonly version: string;
  readonly appVersion: string;
  readonly certgen: string;
}

/** What `helm template` prints as objects. */
export function render(chart: ChartVersion, release: string, releaseNamespace: string, given: Values): Rendered {
  const values = merge(DEFAULT_VALUES, given);
  const text = (path: string): string => String(at<string | number | boolean | undefined>(values, path) ?? "");
  const flag = (path: string): boolean => at<unknown>(values, path) === true || at<unknown>(values, path) === "true";
  const base = text("nameOverride") === "" ? "ingress-nginx" : text("nameOverride");
  const full = text("fullnameOverride") !== "" ? text("fullnameOverride") : release.includes(base) ? release : `${release}-${base}`; // prettier-ignore
  const namespace = text("namespaceOverride") === "" ? releaseNamespace : text("namespaceOverride");
  const controller = `${full}-${text("controller.name")}`;
  const names = (word: string): string =>
    word
      .replaceAll(/\bingress-nginx-controller\b/g, controller)
      .replaceAll(/\bingress-nginx-admission\b/g, `${full}-admission`)
      .replaceAll(/\bingress-nginx-leader\b/g, electionOf(text("controller.electionID"), full));
  const labelled = (labels: Readonly<Record<string, string>>): Record<string, string> => ({
    "helm.sh/chart": `ingress-nginx-${chart.version}`,
    ...labels,
    "app.kubernetes.io/instance": release,
    "app.kubernetes.io/name": base,
    "app.kubernetes.io/managed-by": "Helm",
    ...at<Record<string, string>>(values, "commonLabels"),
  });
  const isLabels = (path: string): boolean => /(?:^|\.)(?:matchLabels|selector)$/.test(path);
  /** Names of the published manifest become those of the release, wherever they stand. */
  const rename = (value: unknown, path = ""): unknown => {
    if (typeof value === "string") {
      if (/(?:^|\.)namespace$/.test(path)) return namespace;
      return value === "ingress-nginx" && /(?:^|\.)(?:name|serviceAccountName)$/.test(path) ? full : path.endsWith("image") ? value : names(value); // prettier-ignore
    }
    if (Array.isArray(value)) return value.map((one) => rename(one, path));
    if (!isTable(value)) return value;
    if (/(?:^|\.)labels$/.test(path)) return labelled(value as Record<string, string>);
    if (isLabels(path) && !("matchLabels" in value))
      return { ...value, "app.kubernetes.io/instance": release, "app.kubernetes.io/name": base };
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, rename(one, path === "" ? name : `${path}.${name}`)])); // prettier-ignore
  };
  const all = ingressNginxObjects(chart.appVersion, chart.certgen)
    .filter(({ kind }) => kind !== "Namespace")
    .map((object) => rename(object) as Manifest);
  const isHook = ({ kind, metadata }: Manifest): boolean => kind !== "ValidatingWebhookConfiguration" && metadata.labels?.["app.kubernetes.io/component"] === "admission-webhook"; // prettier-ignore
  const webhooks = flag("controller.admissionWebhooks.enabled");
  const hooks = webhooks ? all.filter((one) => isHook(one)) : [];
  const objects = all
    .filter((one) => !isHook(one))
    .filter(({ kind, metadata }) => {
      if (kind === "ValidatingWebhookConfiguration" || metadata.name === `${controller}-admission`) return webhooks;
      if (kind === "IngressClass") return flag("controller.ingressClassResource.enabled");
      if (kind === "Service") return flag("controller.service.enabled");
      return true;
    })
    .map((object) => adapt(object, values, { text, flag }));
  const jobs = (verb: string): Manifest[] => hooks.filter(({ kind, metadata }) => kind === "Job" && metadata.name.endsWith(verb)); // prettier-ignore
  const accounts = hooks.filter(({ kind }) => kind !== "Job");
  return {
    objects,
    before: [...accounts, ...jobs("create")],
    after: [...accounts, ...jobs("patch")],
    notes: notes(release, namespace, controller, text("controller.service.type"), text("controller.ingressClassResource.name")), // prettier-ignore
  };
}

function electionOf(given: string, full: string): string {
  return given === "" ? `${full}-leader` : given;
}

type Readers = { readonly text: (path: string) => string; readonly flag: (path: string) => boolean };

/** Lets the values have their say about one object. */
function adapt(object: Manifest, values: Values, { text, flag }: Readers): Manifest {
  const list = (path: string): readonly unknown[] => at<readonly unknown[] | undefined>(values, path) ?? [];
  const map = (path: string): Readonly<Record<string, string>> => at(values, path);
  const spec = object["spec"] as Values;
  if (object.kind === "ConfigMap") {
    const snippets = flag("controller.allowSnippetAnnotations") ? { "allow-snippet-annotations": "true" } : {};
    const config = Object.fromEntries(Object.entries(map("controller.config")).map(([name, value]) => [name, `${value}`])); // prettier-ignore
    return { ...object, data: { ...snippets, ...config } };
  }
  if (object.kind === "IngressClass") {
    const name = text("controller.ingressClassResource.name");
    const standard = flag("controller.ingressClassResource.default");
    const annotations = standard ? { annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } } : {};
    return { ...object, metadata: { ...object.metadata, name, ...annotations }, spec: { controller: text("controller.ingressClassResource.controllerValue") } }; // prettier-ignore
  }
  if (object.kind === "ValidatingWebhookConfiguration") {
    const hooks = (object["webhooks"] as readonly Values[]).map((hook) => ({ ...hook, failurePolicy: text("controller.admissionWebhooks.failurePolicy") })); // prettier-ignore
    return { ...object, webhooks: hooks };
  }
  if (object.kind === "Service" && !object.metadata.name.endsWith("-admission")) {
    const type = text("controller.service.type");
    const policy = text("controller.service.externalTrafficPolicy");
    const wanted = { http: "controller.service.enableHttp", https: "controller.service.enableHttps" } as const;
    const ports = (spec["ports"] as readonly (Values & { readonly name: "http" | "https" })[])
      .filter(({ name }) => flag(wanted[name]))
      .map((port) => {
        const nodePort = text(`controller.service.nodePorts.${port.name}`);
        const number = Number(text(`controller.service.ports.${port.name}`));
        return { ...port, port: number, ...(nodePort !== "" && type !== "ClusterIP" ? { nodePort: Number(nodePort) } : {}) }; // prettier-ignore
      });
    const { externalTrafficPolicy: _, ...rest } = spec;
    const optional = (name: string, value: unknown): Values => (value === "" || (Array.isArray(value) && value.length === 0) ? {} : { [name]: value }); // prettier-ignore
    return {
      ...object,
      metadata: {
        ...object.metadata,
        labels: { ...object.metadata.labels, ...map("controller.service.labels") },
        ...(Object.keys(map("controller.service.annotations")).length > 0 ? { annotations: map("controller.service.annotations") } : {}), // prettier-ignore
      },
      spec: {
        ...rest,
        type,
        ports,
        ...optional("externalTrafficPolicy", policy),
        ...optional("externalIPs", list("controller.service.externalIPs")),
        ...optional("loadBalancerIP", text("controller.service.loadBalancerIP")),
        ...optional("loadBalancerSourceRanges", list("controller.service.loadBalancerSourceRanges")),
      },
    };
  }
  if (object.kind === "Deployment") return adaptWorkload(object, values, { text, flag });
  return object;
}

function adaptWorkload(object: Manifest, values: Values, { text, flag }: Readers): Manifest {
  const map = (path: string): Values => at<Values>(values, path);
  const spec = object["spec"] as Values & { readonly template: Values & { readonly metadata: Values; readonly spec: Values } }; // prettier-ignore
  const pod = spec.template.spec;
  const [container] = pod["containers"] as readonly (Values & { readonly args: readonly string[]; readonly ports: readonly Values[]; readonly image: string; readonly volumeMounts: unknown })[]; // prettier-ignore
  const webhooks = flag("controller.admissionWebhooks.enabled");
  const extra = Object.entries(map("controller.extraArgs") as Readonly<Record<string, string>>).map(([name, value]) => `--${name}${value === "" ? "" : `=${value}`}`); // prettier-ignore
  const args = [
    ...container!.args
      .filter((word) => webhooks || !word.startsWith("--validating-webhook"))
      .filter(
        (word) =>
          !word.startsWith("--publish-service") ||
          (flag("controller.publishService.enabled") && flag("controller.service.enabled")),
      ) // prettier-ignore
      .map((word) => {
        if (word.startsWith("--controller-class=")) return `--controller-class=${text("controller.ingressClassResource.controllerValue")}`; // prettier-ignore
        return word.startsWith("--ingress-class=") ? `--ingress-class=${text("controller.ingressClass")}` : word;
      }),
    ...(flag("controller.scope.enabled") ? [`--watch-namespace=${text("controller.scope.namespace") || "$(POD_NAMESPACE)"}`] : []), // prettier-ignore
    ...(flag("controller.watchIngressWithoutClass") ? ["--watch-ingress-without-class=true"] : []),
    ...extra,
  ];
  const hostPorts = flag("controller.hostPort.enabled");
  const ports = container!.ports
    .filter(({ name }) => webhooks || name !== "webhook")
    .map((port) => (hostPorts && port["name"] !== "webhook" ? { ...port, hostPort: Number(text(`controller.hostPort.ports.${String(port["name"])}`)) } : port)); // prettier-ignore
  const tag = text("controller.image.tag");
  const own = container!.image.slice(container!.image.lastIndexOf(":") + 1);
  const { volumeMounts, ...bare } = container!;
  const { volumes, ...barePod } = pod;
  const tolerations = at<readonly unknown[]>(values, "controller.tolerations");
  const replicas = Number(text("controller.replicaCount"));
  const isDaemon = text("controller.kind") === "DaemonSet";
  const { strategy, ...bareSpec } = spec;
  return {
    ...object,
    kind: isDaemon ? "DaemonSet" : "Deployment",
    spec: {
      ...bareSpec,
      ...(isDaemon ? { updateStrategy: strategy } : { strategy, replicas }),
      template: {
        metadata: {
          ...spec.template.metadata,
          labels: { ...(spec.template.metadata["labels"] as Values), ...map("controller.podLabels") },
          ...(Object.keys(map("controller.podAnnotations")).length > 0 ? { annotations: map("controller.podAnnotations") } : {}), // prettier-ignore
        },
        spec: {
          ...barePod,
          ...(webhooks ? { volumes } : {}),
          ...(flag("controller.hostNetwork") ? { hostNetwork: true } : {}),
          ...(tolerations.length > 0 ? { tolerations } : {}),
          nodeSelector: map("controller.nodeSelector"),
          terminationGracePeriodSeconds: Number(text("controller.terminationGracePeriodSeconds")),
          containers: [
            {
              ...bare,
              args,
              ports,
              image: `${text("controller.image.registry")}/${text("controller.image.image")}:${tag === "" ? own : tag}`,
              imagePullPolicy: text("controller.image.pullPolicy"),
              resources: map("controller.resources"),
              ...(webhooks ? { volumeMounts } : {}),
            },
          ],
        },
      },
    },
  };
}

function notes(release: string, namespace: string, controller: string, type: string, className: string): string {
  const watch = `kubectl get service --namespace ${namespace} ${controller} --output wide --watch`;
  const how: Readonly<Record<string, string>> = {
    LoadBalancer: `It may take a few minutes for the load balancer IP to be available.\nYou can watch the status by running '${watch}'\n`,
    NodePort: `Get the application URL by running these commands:\n  export HTTP_NODE_PORT=$(kubectl get service --namespace ${namespace} ${controller} --output jsonpath="{.spec.ports[0].nodePort}")\n  export HTTPS_NODE_PORT=$(kubectl get service --namespace ${namespace} ${controller} --output jsonpath="{.spec.ports[1].nodePort}")\n  export NODE_IP="$(kubectl get nodes --output jsonpath="{.items[0].status.addresses[1].address}")"\n\n  echo "Visit http://\${NODE_IP}:\${HTTP_NODE_PORT} to access your application via HTTP."\n  echo "Visit https://\${NODE_IP}:\${HTTPS_NODE_PORT} to access your application via HTTPS."\n`,
    ClusterIP: `Get the application URL by running these commands:\n  export POD_NAME="$(kubectl get pods --namespace ${namespace} --selector app.kubernetes.io/name=ingress-nginx,app.kubernetes.io/instance=${release},app.kubernetes.io/component=controller --output jsonpath="{.items[0].metadata.name}")"\n  kubectl port-forward --namespace ${namespace} "\${POD_NAME}" 8080:80\n  echo "Visit http://127.0.0.1:8080 to access your application."\n`,
  };
  return `The ingress-nginx controller has been installed.
${how[type] ?? ""}
An example Ingress that makes use of the controller:
  apiVersion: networking.k8s.io/v1
  kind: Ingress
  metadata:
    name: example
    namespace: foo
  spec:
    ingressClassName: ${className}
    rules:
      - host: www.example.com
        http:
          paths:
            - pathType: Prefix
              backend:
                service:
                  name: exampleService
                  port:
                    number: 80
              path: /
    # This section is only required if TLS is to be enabled for the Ingress
    tls:
      - hosts:
        - www.example.com
        secretName: example-tls

If TLS is enabled for the Ingress, a Secret containing the certificate and key must also be provided:

  apiVersion: v1
  kind: Secret
  metadata:
    name: example-tls
    namespace: foo
  data:
    tls.crt: <base64 encoded cert>
    tls.key: <base64 encoded key>
  type: kubernetes.io/tls
`;
}
