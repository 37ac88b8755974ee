import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

const RAW = "https://raw.githubusercontent.com";
const WEAVE = "https://github.com/weaveworks/weave/releases/download/v2.8.1/weave-daemonset-k8s.yaml";
const GATEWAY = "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.3.0/standard-install.yaml";
const INGRESS = `${RAW}/kubernetes/ingress-nginx/controller-v1.12.3/deploy/static/provider/baremetal/deploy.yaml`;

test("weave's published manifest applies offline (SEEDS C4)", async () => {
  const [applied, pods, deleted] = await typed(await freshCluster(), [
    `kubectl apply -f ${WEAVE}`,
    "sleep 5; kubectl get pods -n kube-system -l name=weave-net -o custom-columns=I:.spec.initContainers[*].name,C:.spec.containers[*].name --no-headers",
    `kubectl delete -f ${WEAVE} | tail -1`,
  ]);
  expect(applied).toBe(`serviceaccount/weave-net created
clusterrole.rbac.authorization.k8s.io/weave-net created
clusterrolebinding.rbac.authorization.k8s.io/weave-net created
role.rbac.authorization.k8s.io/weave-net created
rolebinding.rbac.authorization.k8s.io/weave-net created
daemonset.apps/weave-net created
`);
  expect(pods).toBe("weave-init   weave,weave-npc\nweave-init   weave,weave-npc\n");
  expect(deleted).toBe('daemonset.apps "weave-net" deleted\n');
});

test("ingress-nginx' manifest makes what facts/network.md 5.1 lists; its jobs make the webhook's certificate and are gone", async () => {
  const [applied, service, jobs, log, refused] = await typed(await freshCluster(), [
    `kubectl apply -f ${INGRESS}`,
    "kubectl get svc,ingressclass -n ingress-nginx -o jsonpath='{range .items[*]}{.kind} {.metadata.name} {.spec.type}{.spec.controller}{\"\\n\"}{end}'",
    "sleep 10; kubectl get secret -n ingress-nginx -o name; kubectl get pods -n ingress-nginx --no-headers | awk '{print $2, $3}'; kubectl get jobs -n ingress-nginx",
    "kubectl logs -n ingress-nginx deploy/ingress-nginx-controller",
    "kubectl create ingress x --rule=a/=b:80 2>&1 | sed 's/10\\.[0-9.]*/IP/'",
  ]);
  expect(applied!.split("\n").map((line) => line.replace(" created", ""))).toEqual([
    "namespace/ingress-nginx",
    "serviceaccount/ingress-nginx",
    "serviceaccount/ingress-nginx-admission",
    "role.rbac.authorization.k8s.io/ingress-nginx",
    "role.rbac.authorization.k8s.io/ingress-nginx-admission",
    "clusterrole.rbac.authorization.k8s.io/ingress-nginx",
    "clusterrole.rbac.authorization.k8s.io/ingress-nginx-admission",
    "rolebinding.rbac.authorization.k8s.io/ingress-nginx",
    "rolebinding.rbac.authorization.k8s.io/ingress-nginx-admission",
    "clusterrolebinding.rbac.authorization.k8s.io/ingress-nginx",
    "clusterrolebinding.rbac.authorization.k8s.io/ingress-nginx-admission",
    "configmap/ingress-nginx-controller",
    "service/ingress-nginx-controller",
    "service/ingress-nginx-controller-admission",
    "deployment.apps/ingress-nginx-controller",
    "job.batch/ingress-nginx-admission-create",
    "job.batch/ingress-nginx-admission-patch",
    "ingressclass.networking.k8s.io/nginx",
    "validatingwebhookconfiguration.admissionregistration.k8s.io/ingress-nginx-admission",
    "",
  ]);
  expect(service).toBe(
    "Service ingress-nginx-controller NodePort\nService ingress-nginx-controller-admission ClusterIP\nIngressClass nginx k8s.io/ingress-nginx\n",
  );
  expect(jobs).toBe("secret/ingress-nginx-admission\n1/1 Running\nNo resources found in ingress-nginx namespace.\n");
  expect(log).toContain('nginx.go:271] "Starting NGINX Ingress controller"\n');
  expect(refused).toBe("ingress.networking.k8s.io/x created\n");
});

test("the Gateway API's kinds are established with their columns, defaults and rules (facts/network.md 6.1)", async () => {
  const gateway = (listeners: string): string =>
    `printf 'apiVersion: gateway.networking.k8s.io/v1\\nkind: Gateway\\nmetadata: {name: web}\\nspec: {gatewayClassName: nginx, listeners: [${listeners}]}\\n' | kubectl apply -f -`;
  const [before, applied, established, refused, accepted, shown, resources] = await typed(await freshCluster(), [
    gateway("{name: http, port: 80, protocol: HTTP}"),
    `kubectl apply -f ${GATEWAY} | cut -d/ -f2`,
    `kubectl wait --for=condition=established -f ${GATEWAY} | wc -l`,
    gateway("{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}"),
    gateway("{name: http, port: 80, protocol: HTTP}"),
    "kubectl get gtw web -o jsonpath='{.spec.listeners[0].allowedRoutes} {.status.conditions[*].type} {.status.conditions[*].message}'; kubectl get gateway --no-headers",
    "kubectl api-resources --api-group=gateway.networking.k8s.io --no-headers",
  ]);
  expect(before)
    .toBe(`error: resource mapping not found for name: "web" namespace: "" from "STDIN": no matches for kind "Gateway" in version "gateway.networking.k8s.io/v1"
ensure CRDs are installed first
`);
  expect(applied).toBe(
    ["gatewayclasses", "gateways", "grpcroutes", "httproutes", "referencegrants"]
      .map((plural) => `${plural}.gateway.networking.k8s.io created\n`)
      .join(""),
  );
  expect(established).toBe("5\n");
  expect(refused).toBe(
    'The Gateway "web" is invalid: spec.listeners: Invalid value: "array": Combination of port, protocol and hostname must be unique for each listener\n',
  );
  expect(accepted).toBe("gateway.gateway.networking.k8s.io/web created\n");
  expect(shown!.replace(/\d+s/, "AGE").replaceAll(/ +/g, " ")).toBe(
    '{"namespaces":{"from":"Same"}} Accepted Programmed Waiting for controller Waiting for controllerweb nginx Unknown AGE\n',
  );
  expect(resources!.replaceAll(/ +/g, " ")).toBe(`gatewayclasses gc gateway.networking.k8s.io/v1 false GatewayClass
gateways gtw gateway.networking.k8s.io/v1 true Gateway
grpcroutes gateway.networking.k8s.io/v1 true GRPCRoute
httproutes gateway.networking.k8s.io/v1 true HTTPRoute
referencegrants refgrant gateway.networking.k8s.io/v1beta1 true ReferenceGrant
`);
});

test("MetalLB, NGINX Gateway Fabric, the local path provisioner and calico apply without an error, and go again", async () => {
  const urls = [
    `${RAW}/metallb/metallb/v0.15.2/config/manifests/metallb-native.yaml`,
    GATEWAY,
    `${RAW}/nginx/nginx-gateway-fabric/v2.0.2/deploy/crds.yaml`,
    `${RAW}/nginx/nginx-gateway-fabric/v2.0.2/deploy/default/deploy.yaml`,
    `${RAW}/rancher/local-path-provisioner/v0.0.31/deploy/local-path-storage.yaml`,
    `${RAW}/projectcalico/calico/v3.30.2/manifests/calico.yaml`,
  ];
  const world = await freshCluster();
  const applied = await typed(
    world,
    urls.map((url) => `kubectl apply -f ${url} | grep -vc ' created$'`),
  );
  expect(applied).toEqual(urls.map(() => "0\n"));
  const [classes, again] = await typed(world, [
    "kubectl get gatewayclass,storageclass -o name",
    `kubectl apply -f ${urls[5]!} | grep -v ' unchanged$'; kubectl diff -f ${urls[5]!}`,
  ]);
  expect(classes).toBe("gatewayclass.gateway.networking.k8s.io/nginx\nstorageclass.storage.k8s.io/local-path\n");
  // It says readOnly: false, which no server keeps.
  expect(again).toBe("daemonset.apps/calico-node configured\n");
});

test("the documentation's examples run: dnsutils looks names up, a Deployment comes up behind its Service", async () => {
  const [dnsutils, lookup, pods] = await typed(await freshCluster(), [
    "kubectl apply -f https://k8s.io/examples/admin/dns/dnsutils.yaml && kubectl wait --for=condition=Ready pod/dnsutils",
    "kubectl exec -i -t dnsutils -- nslookup kubernetes.default 2>/dev/null | tr -d '\\r' | grep Name",
    "kubectl apply -f https://k8s.io/examples/service/networking/run-my-nginx.yaml -f https://k8s.io/examples/service/networking/nginx-svc.yaml; kubectl rollout status deployment/my-nginx | tail -1",
  ]);
  expect(dnsutils).toBe("pod/dnsutils created\npod/dnsutils condition met\n");
  expect(lookup).toBe("Name:\tkubernetes.default.svc.cluster.local\n");
  expect(pods).toBe(
    'deployment.apps/my-nginx created\nservice/my-nginx created\ndeployment "my-nginx" successfully rolled out\n',
  );
});
