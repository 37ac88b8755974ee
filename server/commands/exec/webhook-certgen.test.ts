import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

const IMAGE = "registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.5.4";
const SETUP = [
  "kubectl create clusterrolebinding all --clusterrole=cluster-admin --serviceaccount=default:default",
  `kubectl create -f - <<'E'
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: hook}
webhooks:
- {name: a.example.com, admissionReviewVersions: [v1], sideEffects: None, failurePolicy: Ignore, clientConfig: {service: {name: s, namespace: default}}}
E`,
];

const run = (name: string, args: string): string =>
  `kubectl run ${name} --image=${IMAGE} --restart=Never -- ${args} >/dev/null; sleep 4; kubectl logs ${name} | sed 's/"time":"[^"]*"/"time":"T"/'; kubectl get pod ${name} -o jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}'`;

test("it makes a certificate once, and gives its authority to the webhooks", async () => {
  const [, , made, again, cert, patched, hook, wrong] = await typed(await freshCluster(), [
    ...SETUP,
    run("a", "create --host=s,s.default.svc --namespace=default --secret-name=tls"),
    run("b", "create --host=other --namespace=default --secret-name=tls"),
    "kubectl get secret tls -o jsonpath='{.data.ca} {.data.cert}'",
    run(
      "c",
      "patch --webhook-name=hook --namespace=default --patch-mutating=false --secret-name=tls --patch-failure-policy=Fail",
    ),
    "kubectl get validatingwebhookconfiguration hook -o jsonpath='{.webhooks[0].failurePolicy} {.webhooks[0].clientConfig.caBundle}'",
    run("d", "patch --webhook-name=hook --namespace=default --secret-name=none"),
  ]);
  expect(made)
    .toBe(`{"err":"secrets \\"tls\\" not found","level":"info","msg":"no secret found","source":"k8s/k8s.go:229","time":"T"}
{"level":"info","msg":"creating new secret","source":"cmd/create.go:28","time":"T"}
0`);
  expect(again).toBe('{"level":"info","msg":"secret already exists","source":"cmd/create.go:34","time":"T"}\n0');
  const [ca, leaf] = cert!.split(" ").map((text) => new X509Certificate(Buffer.from(text, "base64")));
  expect([leaf!.verify(ca!.publicKey), leaf!.subjectAltName]).toEqual([true, "DNS:s, DNS:s.default.svc"]);
  expect(patched)
    .toBe(`{"level":"info","msg":"patching webhook configurations 'hook' mutating=false, validating=true, failurePolicy=Fail","source":"k8s/k8s.go:118","time":"T"}
{"level":"info","msg":"Patched hook(s)","source":"k8s/k8s.go:138","time":"T"}
0`);
  expect(hook).toBe(`Fail ${cert!.split(" ")[0]!}`);
  expect(wrong!.split("\n").slice(1)).toEqual([
    `{"level":"fatal","msg":"no secret with 'none' in 'default'","source":"cmd/patch.go:58","time":"T"}`,
    "1",
  ]);
});
