import { describe, expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import type { JsonObject, WebhookCall, WebhookReply } from "../../api/index.ts";
import { configMaps } from "../index.ts";
import { TestCluster } from "../testing.ts";

const BASE = "/apis/admissionregistration.k8s.io/v1";
const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const WEBHOOK = {
  name: "w.example.com",
  clientConfig: { service: { namespace: "default", name: "hook", path: "/check" } },
  rules: [{ apiGroups: [""], apiVersions: ["v1"], operations: ["*"], resources: ["configmaps"] }],
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
};
const CONFIG_MAP = { metadata: { name: "c" } };

type Answer = (request: JsonObject) => object | { readonly error: string; readonly slow: boolean };

/** A cluster with webhooks that answer so, and what was asked of them. */
function hooked(
  type: "validating" | "mutating",
  answer: Answer,
  ...webhooks: object[]
): { cluster: TestCluster; calls: WebhookCall[]; log: string[] } {
  const calls: WebhookCall[] = [];
  const log: string[] = [];
  const callWebhook = (call: WebhookCall): WebhookReply => {
    calls.push(call);
    const { apiVersion, request } = call.review as { apiVersion: string; request: JsonObject };
    const given = answer(request) as JsonObject;
    if ("error" in given) return given as unknown as WebhookReply;
    return {
      body: JSON.stringify({ apiVersion, kind: "AdmissionReview", response: { uid: request["uid"], ...given } }),
    };
  };
  const cluster = new TestCluster({
    settings: { callWebhook, logWarning: (source, text) => log.push(`${source} ${text}`) },
  });
  cluster.ok("POST", `${BASE}/${type}webhookconfigurations`, {
    metadata: { name: "hooks" },
    webhooks: webhooks.length > 0 ? webhooks : [WEBHOOK],
  });
  return { cluster, calls, log };
}

const patch = (...operations: object[]): object => ({
  allowed: true,
  patchType: "JSONPatch",
  patch: Buffer.from(JSON.stringify(operations)).toString("base64"),
});

test("a configuration gets its defaults", () => {
  const { cluster } = hooked("mutating", () => ({ allowed: true }));
  expect(cluster.ok("GET", `${BASE}/mutatingwebhookconfigurations/hooks`)).toMatchObject({
    metadata: { generation: 1 },
    webhooks: [
      {
        ...WEBHOOK,
        clientConfig: { service: { namespace: "default", name: "hook", path: "/check", port: 443 } },
        rules: [{ ...WEBHOOK.rules[0], scope: "*" }],
        failurePolicy: "Fail",
        matchPolicy: "Equivalent",
        namespaceSelector: {},
        objectSelector: {},
        timeoutSeconds: 10,
        reinvocationPolicy: "Never",
      },
    ],
  });
  expect(cluster.table(`${BASE}/mutatingwebhookconfigurations`).rows.map(({ cells }) => cells)).toEqual([
    ["hooks", 1, "0s"],
  ]);
});

describe("a webhook", () => {
  test("is sent the request", () => {
    const { cluster, calls } = hooked("validating", () => ({ allowed: true }));
    cluster.ok("POST", `${CONFIG_MAPS}?dryRun=All&fieldManager=me`, CONFIG_MAP);
    expect(calls).toEqual([
      {
        config: { service: { namespace: "default", name: "hook", path: "/check", port: 443 } },
        timeoutSeconds: 10,
        review: {
          kind: "AdmissionReview",
          apiVersion: "admission.k8s.io/v1",
          request: {
            uid: expect.any(String) as string,
            kind: { group: "", version: "v1", kind: "ConfigMap" },
            resource: { group: "", version: "v1", resource: "configmaps" },
            requestKind: { group: "", version: "v1", kind: "ConfigMap" },
            requestResource: { group: "", version: "v1", resource: "configmaps" },
            name: "c",
            namespace: "default",
            operation: "CREATE",
            userInfo: { username: "kubernetes-admin", groups: ["kubeadm:cluster-admins", "system:authenticated"] },
            object: expect.objectContaining({ apiVersion: "v1", kind: "ConfigMap" }) as object,
            oldObject: null,
            dryRun: true,
            options: { apiVersion: "meta.k8s.io/v1", kind: "CreateOptions", fieldManager: "me", dryRun: ["All"] },
          },
        },
      },
    ]);
  });

  test.each<[string, object, string]>([
    [
      "words",
      { allowed: false, status: { message: "not today" } },
      '400 admission webhook "w.example.com" denied the request: not today',
    ],
    ["a code and reason", { allowed: false, status: { code: 403, reason: "Forbidden" } }, '403 admission webhook "w.example.com" denied the request: Forbidden'], // prettier-ignore
    ["nothing", { allowed: false }, '400 admission webhook "w.example.com" denied the request without explanation'],
    ["an answer to something else", { allowed: true, uid: "x" }, '500 Internal error occurred: failed calling webhook "w.example.com": received invalid webhook response: expected response.uid="‹uid›", got "x"'], // prettier-ignore
    ["no answer", { error: 'Post "https://hook.default.svc:443/check?timeout=10s": service "hook" not found', slow: false }, '500 Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: Post "https://hook.default.svc:443/check?timeout=10s": service "hook" not found'], // prettier-ignore
  ])("refuses with %s", (_, answer, words) => {
    const { cluster } = hooked("validating", () => answer);
    expect(cluster.refused("POST", CONFIG_MAPS, CONFIG_MAP).replace(/[0-9a-f]{8}-[-0-9a-f]{27}/, "‹uid›")).toBe(words);
  });

  test("that cannot be called may be ignored; the server's log says so", () => {
    const { cluster, log } = hooked("validating", () => ({ error: "refused", slow: false }), { ...WEBHOOK, failurePolicy: "Ignore" }); // prettier-ignore
    cluster.ok("POST", CONFIG_MAPS, CONFIG_MAP);
    expect(log).toEqual([
      'dispatcher.go:225 Failed calling webhook, failing open w.example.com: failed calling webhook "w.example.com": failed to call webhook: refused',
    ]);
  });

  test("that does not answer lets the request wait for as long as it may", () => {
    const { cluster } = hooked("validating", () => ({ error: "context deadline exceeded", slow: true }), { ...WEBHOOK, timeoutSeconds: 3 }, { ...WEBHOOK, name: "v.example.com", timeoutSeconds: 5, failurePolicy: "Ignore" }); // prettier-ignore
    const first = cluster.call("POST", CONFIG_MAPS, CONFIG_MAP);
    expect(first).toMatchObject({ kind: "pending", after: 3 * SECOND });
    if (first.kind !== "pending") return;
    expect(cluster.api.handle(first.request)).toMatchObject({
      object: { message: expect.stringContaining("context deadline exceeded") as string, code: 500 },
    });
    // A client in this process cannot wait.
    expect(() => cluster.client.create(configMaps, { metadata: { name: "d", namespace: "default" } })).toThrow(
      'Internal error occurred: failed calling webhook "w.example.com": failed to call webhook: context deadline exceeded',
    );
  });

  test("changes the object, and the next one sees that", () => {
    const seen: unknown[] = [];
    const { cluster } = hooked(
      "mutating",
      ({ object }) => {
        seen.push((object as JsonObject)["data"]);
        return patch({ op: "add", path: "/data", value: { by: `webhook ${seen.length}` } });
      },
      WEBHOOK,
      { ...WEBHOOK, name: "v.example.com" },
    );
    expect(cluster.ok("POST", CONFIG_MAPS, CONFIG_MAP)).toMatchObject({ metadata: { name: "c" }, data: { by: "webhook 2" } }); // prettier-ignore
    expect(seen).toEqual([undefined, { by: "webhook 1" }]);
  });

  test("warns", () => {
    const { cluster } = hooked("validating", () => ({ allowed: true, warnings: ["careful"] }));
    expect(cluster.warnings("POST", CONFIG_MAPS, CONFIG_MAP)).toEqual(["careful"]);
  });

  test.each<[string, object, number]>([
    ["other objects", { objectSelector: { matchLabels: { a: "b" } } }, 0],
    ["other namespaces", { namespaceSelector: { matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: ["default"] }] } }, 0], // prettier-ignore
    [
      "requests that meet its conditions",
      { matchConditions: [{ name: "not-c", expression: "object.metadata.name != 'c'" }] },
      0,
    ],
    ["everything", {}, 1],
  ])("is called for %s", (_, part, count) => {
    const { cluster, calls } = hooked("validating", () => ({ allowed: true }), { ...WEBHOOK, ...part });
    cluster.ok("POST", CONFIG_MAPS, CONFIG_MAP);
    expect(calls).toHaveLength(count);
  });
});

describe("is invalid:", () => {
  const cluster = new TestCluster();
  test.each<[object, string]>([
    [{ name: "x" }, '[webhooks[0].name: Invalid value: "x": should be a domain with at least three segments separated by dots, webhooks[0].sideEffects: Required value: must specify one of None, NoneOnDryRun, webhooks[0].clientConfig: Required value: exactly one of url or service is required, webhooks[0].admissionReviewVersions: Required value: must specify one of v1, v1beta1]'], // prettier-ignore
    [{ ...WEBHOOK, sideEffects: "Some" }, 'webhooks[0].sideEffects: Unsupported value: "Some": supported values: "None", "NoneOnDryRun"'], // prettier-ignore
    [{ ...WEBHOOK, timeoutSeconds: 31 }, "webhooks[0].timeoutSeconds: Invalid value: 31: the timeout value must be between 1 and 30 seconds"], // prettier-ignore
    [{ ...WEBHOOK, clientConfig: { url: "http://a@h/x?y=1" } }, `[webhooks[0].clientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path], webhooks[0].clientConfig.url: Invalid value: "a": user information is not permitted in the URL, webhooks[0].clientConfig.url: Invalid value: "y=1": query parameters are not permitted in the URL]`], // prettier-ignore
    [{ ...WEBHOOK, clientConfig: { service: { name: "", namespace: "default", path: "x//y", port: 70_000 } } }, `[webhooks[0].clientConfig.service.name: Required value: service name is required, webhooks[0].clientConfig.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive, webhooks[0].clientConfig.service.path: Invalid value: "x//y": must start with a '/', webhooks[0].clientConfig.service.path: Invalid value: "x//y": segment[0] may not be empty, webhooks[0].clientConfig.service.path: Invalid value: "x//y": segment[1] may not be empty]`], // prettier-ignore
    [{ ...WEBHOOK, admissionReviewVersions: ["v2", "v2"] }, '[webhooks[0].admissionReviewVersions[1]: Invalid value: "v2": duplicate version, webhooks[0].admissionReviewVersions: Invalid value: []string{"v2", "v2"}: must include at least one of v1, v1beta1]'], // prettier-ignore
    [{ ...WEBHOOK, matchConditions: [{ name: "a b", expression: "params.x" }] }, `[webhooks[0].matchConditions[0].expression: Invalid value: "params.x": compilation failed: ERROR: <input>:1:1: undeclared reference to 'params' (in container '')\n | params.x\n | ^, webhooks[0].matchConditions[0].name: Invalid value: "a b": name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')]`], // prettier-ignore
  ])("%j", (webhook, words) => {
    const body = { metadata: { name: "hooks" }, webhooks: [webhook] };
    expect(cluster.refused("POST", `${BASE}/validatingwebhookconfigurations`, body)).toBe(
      `422 ValidatingWebhookConfiguration.admissionregistration.k8s.io "hooks" is invalid: ${words}`,
    );
  });
});
