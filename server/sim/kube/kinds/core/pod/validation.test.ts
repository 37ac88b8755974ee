import { describe, expect, test } from "vitest";
import { TestCluster } from "../../testing.ts";

const cluster = new TestCluster();
const URL = "/api/v1/namespaces/default/pods";

const c = { name: "c", image: "nginx" };

/** What is wrong with a Pod of this spec, without the container that every Pod needs. */
function wrong(spec: object): string {
  const { message, code } = cluster.refusal("POST", URL, {
    metadata: { name: "web" },
    spec: { containers: [c], ...spec },
  });
  expect(code).toBe(422);
  return message.replace('Pod "web" is invalid: ', "");
}

const label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

describe("containers", () => {
  const container = (more: object): object => ({ containers: [{ ...c, ...more }] });

  test.each<[string, object, string]>([
    ["none", { containers: [] }, "spec.containers: Required value"],
    ["nameless", { containers: [{ image: "nginx" }] }, "spec.containers[0].name: Required value"],
    ["named alike", { containers: [c, c] }, `spec.containers[1].name: Duplicate value: "c"`],
    ["badly named", container({ name: "C_1" }), `spec.containers[0].name: Invalid value: "C_1": ${label}`],
    ["dotted", container({ name: "a.b" }), `spec.containers[0].name: Invalid value: "a.b": must not contain dots`],
    ["without image", container({ image: "" }), "spec.containers[0].image: Required value"],
    [
      "with a padded image",
      container({ image: " nginx" }),
      `spec.containers[0].image: Invalid value: " nginx": must not have leading or trailing whitespace`,
    ],
    ["port missing", container({ ports: [{}] }), "spec.containers[0].ports[0].containerPort: Required value"],
    [
      "port too large",
      container({ ports: [{ containerPort: 65536 }] }),
      "spec.containers[0].ports[0].containerPort: Invalid value: 65536: must be between 1 and 65535, inclusive",
    ],
    [
      "port name",
      container({ ports: [{ containerPort: 80, name: "much-too-long-name" }] }),
      `spec.containers[0].ports[0].name: Invalid value: "much-too-long-name": must be no more than 15 characters`,
    ],
    [
      "port names alike",
      container({
        ports: [
          { containerPort: 80, name: "a" },
          { containerPort: 81, name: "a" },
        ],
      }),
      `spec.containers[0].ports[1].name: Duplicate value: "a"`,
    ],
    [
      "host ports alike",
      container({
        ports: [
          { containerPort: 80, hostPort: 80 },
          { containerPort: 81, hostPort: 80 },
        ],
      }),
      `spec.containers[0].ports[1].hostPort: Duplicate value: "TCP//80"`,
    ],
    [
      "host network",
      { hostNetwork: true, ...container({ ports: [{ containerPort: 80, hostPort: 81 }] }) },
      "spec.containers[0].ports[0].hostPort: Invalid value: 81: must match `containerPort` when `hostNetwork` is true",
    ],
    [
      "pull policy",
      container({ imagePullPolicy: "Sometimes" }),
      `spec.containers[0].imagePullPolicy: Unsupported value: "Sometimes": supported values: "Always", "IfNotPresent", "Never"`,
    ],
    ["env name", container({ env: [{ name: "" }] }), "spec.containers[0].env[0].name: Required value"],
    [
      "odd env name",
      container({ env: [{ name: "a=b" }] }),
      `spec.containers[0].env[0].name: Invalid value: "a=b": a valid environment variable name must consist only of printable ASCII characters other than '='`,
    ],
    [
      "env twice",
      container({ env: [{ name: "A", value: "1", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] }),
      `spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when \`value\` is not empty`,
    ],
    [
      "env from nothing",
      container({ env: [{ name: "A", valueFrom: {} }] }),
      'spec.containers[0].env[0].valueFrom: Invalid value: "": must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
    ],
    [
      "env from an odd field",
      container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "spec.host" } } }] }),
      `spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Invalid value: "spec.host": error converting fieldPath: field label not supported: spec.host`,
    ],
    [
      "env from a field of no use",
      container({ env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "status.phase" } } }] }),
      `spec.containers[0].env[0].valueFrom.fieldRef.fieldPath: Unsupported value: "status.phase": supported values: "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"`,
    ],
    [
      "envFrom nothing",
      container({ envFrom: [{}] }),
      'spec.containers[0].envFrom: Invalid value: "": must specify one of: `configMapRef` or `secretRef`',
    ],
    [
      "mount of no volume",
      container({ volumeMounts: [{ name: "x", mountPath: "/x" }] }),
      `spec.containers[0].volumeMounts[0].name: Not found: "x"`,
    ],
    [
      "mounts on one path",
      {
        volumes: [{ name: "x" }],
        ...container({
          volumeMounts: [
            { name: "x", mountPath: "/x" },
            { name: "x", mountPath: "/x" },
          ],
        }),
      },
      `spec.containers[0].volumeMounts[1].mountPath: Invalid value: "/x": must be unique`,
    ],
    [
      "requests above limits",
      container({ resources: { requests: { cpu: 2 }, limits: { cpu: "1" } } }),
      `spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1`,
    ],
    [
      "odd resource",
      container({ resources: { limits: { gpu: "1" } } }),
      `[spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, spec.containers[0].resources.limits[gpu]: Invalid value: "gpu": must be a standard resource for containers, spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource type or fully qualified, spec.containers[0].resources.requests[gpu]: Invalid value: "gpu": must be a standard resource for containers]`,
    ],
    [
      "probe without handler",
      container({ livenessProbe: {} }),
      "spec.containers[0].livenessProbe: Required value: must specify a handler type",
    ],
    [
      "probe with two",
      container({ readinessProbe: { tcpSocket: { port: 80 }, httpGet: { port: 80 } } }),
      "spec.containers[0].readinessProbe.tcpSocket: Forbidden: may not specify more than 1 handler type",
    ],
    [
      "liveness that needs two successes",
      container({ livenessProbe: { tcpSocket: { port: 80 }, successThreshold: 2 } }),
      "spec.containers[0].livenessProbe.successThreshold: Invalid value: 2: must be 1",
    ],
    [
      "negative period",
      container({ readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: -1 } }),
      "spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1: must be greater than or equal to 0",
    ],
    [
      "probe command",
      container({ livenessProbe: { exec: { command: [] } } }),
      "spec.containers[0].livenessProbe.exec.command: Required value",
    ],
    [
      "probe scheme",
      container({ livenessProbe: { httpGet: { port: 80, scheme: "FTP" } } }),
      `spec.containers[0].livenessProbe.httpGet.scheme: Unsupported value: "FTP": supported values: "HTTP", "HTTPS"`,
    ],
    [
      "restart policy of its own",
      container({ restartPolicy: "Always" }),
      "spec.containers[0].restartPolicy: Forbidden: may not be set for non-init containers",
    ],
    [
      "init probe",
      { initContainers: [{ ...c, name: "i", readinessProbe: { tcpSocket: { port: 80 } } }] },
      "spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always",
    ],
    [
      "init restart policy",
      { initContainers: [{ ...c, name: "i", restartPolicy: "Never" }] },
      `spec.initContainers[0].restartPolicy: Unsupported value: "Never": supported values: "Always"`,
    ],
    ["init named as a main one", { initContainers: [c] }, `spec.initContainers[0].name: Duplicate value: "c"`],
    [
      "ephemeral",
      { ephemeralContainers: [{ ...c, name: "e" }] },
      "spec.ephemeralContainers: Forbidden: cannot be set on create",
    ],
  ])("%s", (_, spec, text) => expect(wrong(spec)).toBe(text));
});

describe("the rest of the spec", () => {
  test.each<[string, object, string]>([
    ["volumes alike", { volumes: [{ name: "x" }, { name: "x" }] }, `spec.volumes[1].name: Duplicate value: "x"`],
    [
      "volume of two kinds",
      { volumes: [{ name: "x", emptyDir: {}, hostPath: { path: "/x" } }] },
      "spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type",
    ],
    ["secret volume", { volumes: [{ name: "x", secret: {} }] }, "spec.volumes[0].secret.secretName: Required value"],
    ["config volume", { volumes: [{ name: "x", configMap: {} }] }, "spec.volumes[0].configMap.name: Required value"],
    [
      "claim volume",
      { volumes: [{ name: "x", persistentVolumeClaim: { claimName: "" } }] },
      "spec.volumes[0].persistentVolumeClaim.claimName: Required value",
    ],
    [
      "mode",
      { volumes: [{ name: "x", configMap: { name: "m", defaultMode: 512 } }] },
      "spec.volumes[0].configMap.defaultMode: Invalid value: 512: must be a number between 0 and 0777 (octal), both inclusive",
    ],
    [
      "restart policy",
      { restartPolicy: "Sometimes" },
      `spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "OnFailure", "Never"`,
    ],
    [
      "DNS policy",
      { dnsPolicy: "Mine" },
      `spec.dnsPolicy: Unsupported value: "Mine": supported values: "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"`,
    ],
    [
      "no DNS",
      { dnsPolicy: "None" },
      "spec.dnsConfig: Required value: must provide `dnsConfig` when `dnsPolicy` is None",
    ],
    [
      "no name server",
      { dnsPolicy: "None", dnsConfig: {} },
      "spec.dnsConfig.nameservers: Required value: must provide at least one DNS nameserver when `dnsPolicy` is None",
    ],
    [
      "four name servers",
      { dnsConfig: { nameservers: ["1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"] } },
      `spec.dnsConfig.nameservers: Invalid value: []string{"1.1.1.1", "1.1.1.2", "1.1.1.3", "1.1.1.4"}: must not have more than 3 nameservers`,
    ],
    [
      "host alias",
      { hostAliases: [{ ip: "300.1.1.1", hostnames: ["A"] }] },
      `[spec.hostAliases[0].ip: Invalid value: "300.1.1.1": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff), spec.hostAliases[0].hostnames[0]: Invalid value: "A": ${subdomain}]`,
    ],
    ["node name", { nodeName: "Node" }, `spec.nodeName: Invalid value: "Node": ${subdomain}`],
    ["host name", { hostname: "a.b" }, `spec.hostname: Invalid value: "a.b": must not contain dots`],
    [
      "deadline",
      { activeDeadlineSeconds: 0 },
      "spec.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive",
    ],
    [
      "toleration without key",
      { tolerations: [{ operator: "Equal", value: "x" }] },
      'spec.tolerations[0].operator: Invalid value: "Equal": operator must be Exists when `key` is empty, which means "match all values and all keys"',
    ],
    [
      "toleration of existence with value",
      { tolerations: [{ key: "a", operator: "Exists", value: "x" }] },
      `spec.tolerations[0].operator: Invalid value: core.Toleration{Key:"a", Operator:"Exists", Value:"x", Effect:"", TolerationSeconds:(*int64)(nil)}: value must be empty when \`operator\` is 'Exists'`,
    ],
    [
      "toleration for a while",
      { tolerations: [{ key: "a", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 5 }] },
      `spec.tolerations[0].effect: Invalid value: "NoSchedule": effect must be 'NoExecute' when \`tolerationSeconds\` is set`,
    ],
    [
      "toleration of an odd effect",
      { tolerations: [{ key: "a", operator: "Exists", effect: "Never" }] },
      `spec.tolerations[0].effect: Unsupported value: "Never": supported values: "NoSchedule", "PreferNoSchedule", "NoExecute"`,
    ],
    [
      "affinity without terms",
      { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } } } },
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms: Required value: must have at least one node selector term",
    ],
    [
      "affinity greater than two",
      {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: "a", operator: "Gt", values: ["1", "2"] }] }],
            },
          },
        },
      },
      "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: Required value: must be specified single value when `operator` is 'Lt' or 'Gt'",
    ],
    [
      "affinity without topology",
      {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { a: "b" } }, topologyKey: "" },
            ],
          },
        },
      },
      `[spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Required value: can not be empty, spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must be non-empty, spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: Invalid value: "": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')]`,
    ],
    [
      "weight",
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 101, preference: { matchExpressions: [{ key: "a", operator: "Exists" }] } },
            ],
          },
        },
      },
      "spec.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: Invalid value: 101: must be in the range 1-100",
    ],
    [
      "spread",
      {
        topologySpreadConstraints: [
          { maxSkew: 0, topologyKey: "z", whenUnsatisfiable: "Never", labelSelector: {} },
          { maxSkew: 1, topologyKey: "z", whenUnsatisfiable: "Never", labelSelector: {} },
        ],
      },
      `[spec.topologySpreadConstraints[0].maxSkew: Invalid value: 0: must be greater than zero, spec.topologySpreadConstraints[0].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway", spec.topologySpreadConstraints[0].{topologyKey, whenUnsatisfiable}: Duplicate value: "{z, Never}", spec.topologySpreadConstraints[1].whenUnsatisfiable: Unsupported value: "Never": supported values: "DoNotSchedule", "ScheduleAnyway"]`,
    ],
  ])("%s", (_, spec, text) => expect(wrong(spec)).toBe(text));
});

describe("update", () => {
  const own = new TestCluster();
  own.ok("POST", URL, {
    metadata: { name: "web" },
    spec: {
      containers: [c],
      tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }],
    },
  });
  const patch = (spec: object): string =>
    own.refused("PATCH", `${URL}/web`, { spec }, { contentType: "application/merge-patch+json" });
  const FORBIDDEN =
    '422 Pod "web" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n';

  test("image, deadline and further tolerations may change", () => {
    const { spec } = own.ok<{ spec: { containers: { image: string }[] } }>(
      "PATCH",
      `${URL}/web`,
      [
        { op: "replace", path: "/spec/containers/0/image", value: "nginx:2" },
        { op: "add", path: "/spec/activeDeadlineSeconds", value: 60 },
        { op: "add", path: "/spec/tolerations/-", value: { key: "b", operator: "Exists" } },
      ],
      { contentType: "application/json-patch+json" },
    );
    expect(spec.containers[0]!.image).toBe("nginx:2");
  });

  test("other fields may not", () => {
    expect(patch({ hostname: "other" })).toContain(FORBIDDEN);
    expect(patch({ containers: [{ ...c, command: ["sh"] }] })).toContain(FORBIDDEN);
  });

  test("no container comes or goes", () => {
    expect(patch({ containers: [c, { ...c, name: "d" }] })).toBe(
      '422 Pod "web" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers',
    );
  });

  test("tolerations stay", () => {
    expect(patch({ tolerations: [] })).toContain(
      "spec.tolerations: Forbidden: existing toleration can not be modified except its tolerationSeconds",
    );
  });
});
