import { expect, test } from "vitest";
import { fromCalendar } from "../../sim/kernel/index.ts";
import { turn } from "../../sim/kernel/testing.ts";
import { certificatePem, identity, issueCertificate, KeyRing, privateKeyPem } from "../../sim/kube/pki/index.ts";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { boot, type World } from "../../sim/world/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { freshCluster, typed } from "./testing.ts";

/** The Gateway API by NGINX Gateway Fabric: what the learner sees of its objects, its statuses and its nginx. */

const CRDS = "https://github.com/kubernetes-sigs/gateway-api/releases/download/v1.3.0/standard-install.yaml";
const FABRIC = "https://raw.githubusercontent.com/nginx/nginx-gateway-fabric/v2.0.2/deploy";

const APPS = `for v in 1 2; do kubectl create deployment v$v --image=gcr.io/google-samples/hello-app:$v.0 >/dev/null; kubectl expose deployment v$v --port=80 --target-port=8080 >/dev/null; done
kubectl create deployment who --image=traefik/whoami >/dev/null; kubectl expose deployment who --port=80 >/dev/null
kubectl create service clusterip empty --tcp=80 >/dev/null; kubectl create namespace other >/dev/null
kubectl create deployment far -n other --image=traefik/whoami >/dev/null; kubectl expose deployment far -n other --port=80 >/dev/null`;
const GATEWAY = `kubectl apply -f - >/dev/null <<'E'
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: cafe}
spec:
  gatewayClassName: nginx
  listeners:
  - {name: http, port: 80, protocol: HTTP}
E`;
/** Shell functions: `get PATH…` by the node port of node01, `code` its status only; `conditions KIND NAME [PATH]`; `route NAME SPEC`. */
const HELPERS = `PORT=$(kubectl get svc cafe-nginx -o jsonpath='{.spec.ports[0].nodePort}')
get() { p=$1; shift; curl -s -m 3 -H "Host: cafe.example.com" "$@" http://172.30.2.2:$PORT$p; }
code() { p=$1; shift; get $p -o /dev/null -w '%{http_code}\\n' "$@"; }
conditions() { kubectl get $1 $2 -o jsonpath="{range $3}{.type}={.status} {.reason}: {.message}{'\\\\n'}{end}"; }
of_route() { conditions httproute $1 '.status.parents[*].conditions[*]'; }
route() { printf "apiVersion: gateway.networking.k8s.io/v1\\nkind: HTTPRoute\\nmetadata: {name: $1}\\nspec: $2\\n" | kubectl apply -f - >/dev/null; }`;

const with_ = (script: string): string => `${HELPERS}\n${script}`;
/** Tests that boot a cluster may take longer on a busy machine. */
const BOOTS = 60_000;
const CAFE = "parentRefs: [{name: cafe}]";

let prepared: Promise<World> | undefined;

/** A cluster of the preset with applications and a Gateway, for tests that fork it. */
async function fabric(): Promise<World> {
  prepared ??= (async () => {
    const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-gateway"]!.topology, { seed: 1, turn });
    await typed(world, [`${APPS}\n${GATEWAY}\nsleep 15`]);
    return world;
  })();
  return (await prepared).fork({ seed: 1 });
}

test(
  "by the published manifests the control plane becomes ready and a Gateway gets its nginx",
  async () => {
    const [classes, none, made, gone] = await typed(await freshCluster(), [
      `kubectl apply -f ${CRDS} >/dev/null; kubectl apply -f ${FABRIC}/crds.yaml >/dev/null; kubectl apply -f ${FABRIC}/default/deploy.yaml >/dev/null; sleep 20; kubectl get gatewayclass -o wide --no-headers | awk '{print $1,$2,$3}'; kubectl get deploy,jobs,secrets -n nginx-gateway --no-headers | awk '{print $1,$2,$3}'`,
      "kubectl get deployments,services -o name",
      `${GATEWAY}\nsleep 10; kubectl get gateway --no-headers | awk '{print NF, $1, $2, $3}'; kubectl get deploy,svc,sa,cm,secret -o name; kubectl get svc cafe-nginx --no-headers | awk '{print $2, $4}'; kubectl get pods --no-headers | awk '{print $2, $3}'`,
      "kubectl delete gateway cafe; sleep 3; kubectl get deploy,svc,sa,cm,secret -o name",
    ]);
    expect(classes).toBe(
      "nginx gateway.nginx.org/nginx-gateway-controller True\ndeployment.apps/nginx-gateway 1/1 1\njob.batch/nginx-gateway-cert-generator Complete 1/1\nsecret/agent-tls kubernetes.io/tls 3\nsecret/server-tls kubernetes.io/tls 3\n",
    );
    expect(none).toBe("service/kubernetes\n");
    expect(made).toBe(`4 cafe nginx True
deployment.apps/cafe-nginx
service/cafe-nginx
service/kubernetes
serviceaccount/cafe-nginx
serviceaccount/default
configmap/cafe-nginx-agent-config
configmap/cafe-nginx-includes-bootstrap
configmap/kube-root-ca.crt
secret/cafe-nginx-agent-tls
LoadBalancer <pending>
1/1 Running
`);
    expect(gone).toBe(
      'gateway.gateway.networking.k8s.io "cafe" deleted\nservice/kubernetes\nserviceaccount/default\nconfigmap/kube-root-ca.crt\n',
    );
  },
  BOOTS,
);

test(
  "matches: path before method before headers before parameters, whole segments, 404 without a match",
  async () => {
    const [answers] = await typed(await fabric(), [
      with_(`route web "{${CAFE}, hostnames: [cafe.example.com], rules: [
      {matches: [{path: {type: PathPrefix, value: /a}}], backendRefs: [{name: v1, port: 80}]},
      {matches: [{path: {type: Exact, value: /a}}], backendRefs: [{name: v2, port: 80}]},
      {matches: [{path: {type: PathPrefix, value: /b}}], backendRefs: [{name: v1, port: 80}]},
      {matches: [{path: {type: PathPrefix, value: /b}, headers: [{name: X-Canary, value: always}]}], backendRefs: [{name: v2, port: 80}]},
      {matches: [{path: {type: PathPrefix, value: /b}, method: POST}], backendRefs: [{name: who, port: 80}]},
      {matches: [{path: {type: Exact, value: /q}, queryParams: [{name: v, value: two}]}], backendRefs: [{name: v2, port: 80}]}]}"
sleep 3; of_route web
v() { get "$@" | sed -n 's/^Version: //p;s/^Hostname: who.*/who/p'; }
v /a; v /a/b; v /ab; code /ab; v /b; v /b/c -H 'x-canary: always'; v /b -X POST -H 'x-canary: always'; v '/q?v=two'; code '/q?v=one'; curl -s -o /dev/null -w '%{http_code}\\n' http://172.30.2.2:$PORT/a`),
    ]);
    expect(answers).toBe(
      "Accepted=True Accepted: The route is accepted\nResolvedRefs=True ResolvedRefs: All references are resolved\n" +
        "2.0.0\n1.0.0\n404\n1.0.0\n2.0.0\nwho\n2.0.0\n404\n404\n",
    );
  },
  BOOTS,
);

test("filters: header changes, redirects, rewrites", async () => {
  const [answers] = await typed(await fabric(), [
    with_(`route web "{${CAFE}, rules: [
      {matches: [{path: {value: /old}}], filters: [{type: RequestRedirect, requestRedirect: {scheme: https, statusCode: 301}}]},
      {matches: [{path: {value: /moved}}], filters: [{type: RequestRedirect, requestRedirect: {hostname: new.example.com, port: 8080, path: {type: ReplaceFullPath, replaceFullPath: /here}}}]},
      {matches: [{path: {value: /in}}], filters: [
        {type: URLRewrite, urlRewrite: {hostname: inner.local, path: {type: ReplacePrefixMatch, replacePrefixMatch: /deep}}},
        {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: X-Set, value: s}], add: [{name: X-Add, value: a}], remove: [User-Agent]}},
        {type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: X-Out, value: o}]}}], backendRefs: [{name: who, port: 80}]}]}"
sleep 3; get /old/x?y=1 -i | grep -iE '^(HTTP|Location)'; get /moved/x -i | grep -iE '^(HTTP|Location)'; get '/in/x?y=1' -i -H 'X-Add: z' | grep -iE '^(X-Out|GET|Host:|X-Set|X-Add|User-Agent)'`),
  ]);
  expect(answers!.replaceAll("\r", "")).toBe(`HTTP/1.1 301 Moved Permanently
Location: https://cafe.example.com/old/x?y=1
HTTP/1.1 302 Moved Temporarily
Location: http://new.example.com:8080/here
X-Out: o
GET /deep/x?y=1 HTTP/1.1
Host: inner.local
X-Add: z,a
X-Set: s
`);
});

test("weights share the requests; a backend that is not there has its share of 500", async () => {
  const [shares, broken] = await typed(await fabric(), [
    with_(`route web "{${CAFE}, rules: [{backendRefs: [{name: v1, port: 80, weight: 80}, {name: v2, port: 80, weight: 20}]}]}"
sleep 3; get '/?n=[1-100]' | sed -n 's/^Version: //p' | sort | uniq -c; kubectl exec deploy/cafe-nginx -c nginx -- grep -A3 split_clients /etc/nginx/conf.d/http.conf`),
    with_(`route web "{${CAFE}, rules: [{matches: [{path: {value: /half}}], backendRefs: [{name: v1, port: 80}, {name: nobody, port: 80}]}, {matches: [{path: {value: /none}}], backendRefs: [{name: nobody, port: 80}]}, {matches: [{path: {value: /empty}}], backendRefs: [{name: empty, port: 80}]}, {matches: [{path: {value: /port}}], backendRefs: [{name: v1, port: 81}]}]}"
sleep 3; code '/half?n=[1-30]' | sort -u; code /none; code /empty; code /port; get /none -i | tr -d '\\r' | grep -v Date; of_route web`),
  ]);
  const [first, second, ...conf] = shares!.split("\n");
  const counts = [first, second].map((line) => line!.trim().split(/\s+/));
  expect(counts.map(([, version]) => version)).toEqual(["1.0.0", "2.0.0"]);
  expect(Number(counts[0]![0])).toBeGreaterThan(68);
  expect(Number(counts[0]![0])).toBeLessThan(92);
  expect(conf.slice(-5).join("\n")).toBe(
    "split_clients $request_id $group_default__web_rule0 {\n    80.00% default_v1_80;\n    20.00% default_v2_80;\n}\n",
  );
  expect(broken).toBe(`200
500
500
503
500
HTTP/1.1 500 Internal Server Error
Server: nginx
Content-Type: text/html
Content-Length: 170
Connection: keep-alive

<html>
<head><title>500 Internal Server Error</title></head>
<body>
<center><h1>500 Internal Server Error</h1></center>
<hr><center>nginx</center>
</body>
</html>
Accepted=True Accepted: The route is accepted
ResolvedRefs=False BackendNotFound: no matching port for Service v1 and port 81
`);
});

test("a backend of another namespace needs a ReferenceGrant there", async () => {
  const [missing, granted] = await typed(await fabric(), [
    with_(
      `route web "{${CAFE}, rules: [{backendRefs: [{name: far, namespace: other, port: 80}]}]}"; sleep 3; code /; of_route web`,
    ),
    with_(
      `printf 'apiVersion: gateway.networking.k8s.io/v1beta1\\nkind: ReferenceGrant\\nmetadata: {name: web, namespace: other}\\nspec: {from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: default}], to: [{group: "", kind: Service, name: far}]}\\n' | kubectl apply -f -; sleep 3; code /; of_route web | tail -1`,
    ),
  ]);
  expect(missing).toBe(`500
Accepted=True Accepted: The route is accepted
ResolvedRefs=False RefNotPermitted: spec.rules[0].backendRefs[0].namespace: Forbidden: Backend ref to Service other/far not permitted by any ReferenceGrant
`);
  expect(granted).toBe(
    "referencegrant.gateway.networking.k8s.io/web created\n200\nResolvedRefs=True ResolvedRefs: All references are resolved\n",
  );
});

const LISTENERS = (listeners: string): string =>
  `kubectl patch gateway cafe --type merge -p '{"spec":{"listeners":[${listeners}]}}' >/dev/null; sleep 3`;

test("routes attach by hostname, section and namespace, and say why they do not", async () => {
  const [hostname, section, namespace, counted] = await typed(await fabric(), [
    with_(`${LISTENERS('{"name":"http","port":80,"protocol":"HTTP","hostname":"*.shop.org"}')}
route web "{${CAFE}, hostnames: [cafe.example.com], rules: [{backendRefs: [{name: v1, port: 80}]}]}"; sleep 3; of_route web | grep ^Accepted; code /
kubectl patch httproute web --type merge -p '{"spec":{"hostnames":["a.shop.org"]}}' >/dev/null; sleep 3; of_route web | grep ^Accepted; curl -s -o /dev/null -w '%{http_code}\\n' -H 'Host: a.shop.org' http://172.30.2.2:$PORT/`),
    with_(
      `route web "{parentRefs: [{name: cafe, sectionName: https}], rules: [{backendRefs: [{name: v1, port: 80}]}]}"; sleep 3; of_route web | grep ^Accepted`,
    ),
    with_(`printf 'apiVersion: gateway.networking.k8s.io/v1\\nkind: HTTPRoute\\nmetadata: {name: far, namespace: other}\\nspec: {parentRefs: [{name: cafe, namespace: default}], rules: [{backendRefs: [{name: far, port: 80}]}]}\\n' | kubectl apply -f - >/dev/null; sleep 3
kubectl get httproute far -n other -o jsonpath='{.status.parents[0].conditions[?(@.type=="Accepted")].reason}: {.status.parents[0].conditions[?(@.type=="Accepted")].message}{"\\n"}'
${LISTENERS('{"name":"http","port":80,"protocol":"HTTP","allowedRoutes":{"namespaces":{"from":"Selector","selector":{"matchLabels":{"team":"far"}}}}}')}; kubectl get httproute far -n other -o jsonpath='{.status.parents[0].conditions[?(@.type=="Accepted")].reason}{"\\n"}'; kubectl label ns other team=far >/dev/null; sleep 3; kubectl get httproute far -n other -o jsonpath='{.status.parents[0].conditions[?(@.type=="Accepted")].reason}{"\\n"}'; code /`),
    "kubectl get gateway cafe -o jsonpath='{.status.listeners[0].attachedRoutes} {.status.listeners[0].supportedKinds[*].kind}'",
  ]);
  expect(hostname).toBe(
    "Accepted=False NoMatchingListenerHostname: Listener hostname does not match the Route hostnames\n404\nAccepted=True Accepted: The route is accepted\n200\n",
  );
  expect(section).toBe("Accepted=False NoMatchingParent: Listener is not found for this parent ref\n");
  expect(namespace).toBe(
    "NotAllowedByListeners: Route is not allowed by any listener\nNotAllowedByListeners\nAccepted\n200\n",
  );
  expect(counted).toBe("1 HTTPRoute GRPCRoute");
});

test("listeners that cannot be served say why, and others go on", async () => {
  const [conflict, certificate, kinds, protocol] = await typed(await fabric(), [
    with_(`${LISTENERS('{"name":"a","port":80,"protocol":"HTTP"},{"name":"b","port":80,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"x"}]}},{"name":"c","port":8080,"protocol":"HTTP"}')}
conditions gateway cafe '.status.conditions[*]'; conditions gateway cafe '.status.listeners[0].conditions[*]'; kubectl get svc cafe-nginx -o jsonpath='{.spec.ports[*].name}'`),
    with_(`${LISTENERS('{"name":"b","port":443,"protocol":"HTTPS","tls":{"certificateRefs":[{"name":"x"}]}}')}
conditions gateway cafe '.status.conditions[*]'; conditions gateway cafe '.status.listeners[0].conditions[*]'; kubectl get gateway --no-headers | awk '{print $4}'
kubectl patch gateway cafe --type json -p '[{"op":"add","path":"/spec/listeners/0/tls/certificateRefs/0/namespace","value":"other"}]' >/dev/null; sleep 3; conditions gateway cafe '.status.listeners[0].conditions[*]' | head -1`),
    with_(
      `${LISTENERS('{"name":"a","port":80,"protocol":"HTTP","allowedRoutes":{"kinds":[{"kind":"TLSRoute"}]}}')}; conditions gateway cafe '.status.listeners[0].conditions[*]'`,
    ),
    with_(
      `${LISTENERS('{"name":"a","port":53,"protocol":"UDP"}')}; conditions gateway cafe '.status.listeners[0].conditions[*]' | head -1`,
    ),
  ]);
  const PORT =
    "Multiple listeners for the same port 80 specify incompatible protocols; ensure only one protocol per port";
  expect(conflict).toBe(`Programmed=True Programmed: Gateway is programmed
Accepted=True ListenersNotValid: Gateway has at least one valid listener
Accepted=False ProtocolConflict: ${PORT}
Conflicted=True ProtocolConflict: ${PORT}
Programmed=False Invalid: ${PORT}
port-80 port-8080`);
  const SECRET = 'tls.certificateRefs[0]: Invalid value: {"Namespace":"default","Name":"x"}: secret does not exist';
  expect(certificate).toBe(`Accepted=False ListenersNotValid: Gateway has no valid listeners
Programmed=False Invalid: Gateway has no valid listeners
Accepted=False InvalidCertificateRef: ${SECRET}
ResolvedRefs=False InvalidCertificateRef: ${SECRET}
Programmed=False Invalid: ${SECRET}
False
Accepted=False RefNotPermitted: Certificate ref to secret other/x not permitted by any ReferenceGrant
`);
  const KIND = 'Unsupported route kind for protocol HTTP "gateway.networking.k8s.io/TLSRoute"';
  expect(kinds).toBe(`ResolvedRefs=False InvalidRouteKinds: ${KIND}\nProgrammed=False Invalid: ${KIND}\n`);
  expect(protocol).toBe(
    'Accepted=False UnsupportedProtocol: protocol: Unsupported value: "UDP": supported values: "HTTP", "HTTPS", "TLS"\n',
  );
});

const HOST = "cafe.example.com";

/** Makes the Secret `cafe` anew, with a certificate of its own that is good for these years; c.pem and k.pem in the home directory. */
function secret(from: number, to: number): string {
  const keys = new KeyRing(1).rsa(`${from}`);
  const issued = issueCertificate(
    {
      serial: 7n,
      subject: identity(HOST),
      notBefore: fromCalendar(from, 1, 1),
      notAfter: fromCalendar(to, 2, 1),
      publicKey: keys.public,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
      ca: true,
      dnsNames: [HOST],
    },
    keys,
  );
  return `cat > c.pem <<'E'\n${certificatePem(issued)}E\ncat > k.pem <<'E'\n${privateKeyPem(keys)}E\nkubectl create secret tls cafe --cert=c.pem --key=k.pem --dry-run=client -o yaml | kubectl apply -f - >/dev/null`;
}

test("TLS ends at the Gateway: by name, with the Secret's certificate, also one that has expired", async () => {
  const S = `S=$(kubectl get svc cafe-nginx -o jsonpath='{.spec.ports[0].nodePort}'); s() { curl -sS -m 3 --cacert c.pem --resolve ${HOST}:$S:172.30.2.2 https://${HOST}:$S/ "$@" 2>&1; }`;
  const [served, expired] = await typed(await fabric(), [
    with_(`${secret(2025, 2030)}\n${LISTENERS(`{"name":"tls","port":443,"protocol":"HTTPS","hostname":"${HOST}","tls":{"certificateRefs":[{"name":"cafe"}]}}`)}
route web "{${CAFE}, rules: [{backendRefs: [{name: who, port: 80}]}]}"; sleep 15; ${S}; s | grep -E 'X-Forwarded-(Proto|Port)'; curl -sk -m 3 https://172.30.2.2:$S/; echo $?; s -o /dev/null -w '%{http_code}\\n' -H 'Host: other.com'`),
    with_(`${secret(2024, 2025)}\nsleep 3; ${S}; s | head -1; kubectl get gateway --no-headers | awk '{print $4}'`),
  ]);
  expect(served!.replaceAll("\r", "")).toBe("X-Forwarded-Port: 443\nX-Forwarded-Proto: https\n35\n404\n");
  expect(expired).toBe("curl: (60) SSL certificate problem: certificate has expired\nTrue\n");
});

test("rules that nginx cannot be given are dropped and told", async () => {
  const [some, all] = await typed(await fabric(), [
    with_(
      `route web "{${CAFE}, rules: [{matches: [{path: {type: RegularExpression, value: /a.*}}], backendRefs: [{name: v1, port: 80}]}, {matches: [{path: {value: /b}}], backendRefs: [{name: v2, port: 80}]}]}"; sleep 3; of_route web; code /b`,
    ),
    with_(
      `route web "{${CAFE}, rules: [{matches: [{path: {type: RegularExpression, value: /a.*}}], backendRefs: [{name: v1, port: 80}]}]}"; sleep 3; of_route web | grep ^Accepted`,
    ),
  ]);
  const PATH =
    'spec.rules[0].matches[0].path.type: Unsupported value: "RegularExpression": supported values: "Exact", "PathPrefix"';
  expect(some).toBe(`Accepted=True Accepted: The route is accepted
ResolvedRefs=True ResolvedRefs: All references are resolved
PartiallyInvalid=True UnsupportedValue: Dropped Rule(s): ${PATH}
200
`);
  expect(all).toBe(`Accepted=False UnsupportedValue: All rules are invalid: ${PATH}\n`);
});

test("nginx lives without its control plane, which learns of changes when it is back", async () => {
  const [down, up] = await typed(await fabric(), [
    with_(`route web "{${CAFE}, rules: [{backendRefs: [{name: v1, port: 80}]}]}"; sleep 3; kubectl -n nginx-gateway scale deploy nginx-gateway --replicas=0 >/dev/null; sleep 5
kubectl patch httproute web --type json -p '[{"op":"replace","path":"/spec/rules/0/backendRefs/0/name","value":"v2"}]' >/dev/null; sleep 3; get / | grep Version; kubectl logs deploy/cafe-nginx -c nginx | grep -c 'level=ERROR'`),
    with_(
      "kubectl -n nginx-gateway scale deploy nginx-gateway --replicas=1 >/dev/null; sleep 15; get / | grep Version",
    ),
  ]);
  expect(down).toMatch(/^Version: 1\.0\.0\n[1-9]\d*\n$/);
  expect(up).toBe("Version: 2.0.0\n");
});

test("a class that nobody looks after, a class that is not there", async () => {
  const [answers] = await typed(await fabric(), [
    with_(`printf 'apiVersion: gateway.networking.k8s.io/v1\\nkind: GatewayClass\\nmetadata: {name: second}\\nspec: {controllerName: gateway.nginx.org/nginx-gateway-controller}\\n---\\napiVersion: gateway.networking.k8s.io/v1\\nkind: Gateway\\nmetadata: {name: lost}\\nspec: {gatewayClassName: typo, listeners: [{name: http, port: 80, protocol: HTTP}]}\\n' | kubectl apply -f - >/dev/null; sleep 3
conditions gatewayclass nginx '.status.conditions[*]'; conditions gatewayclass second '.status.conditions[*]'; kubectl get gateway lost --no-headers | awk '{print $1,$2,$3}'; kubectl delete gatewayclass nginx >/dev/null; sleep 3; conditions gateway cafe '.status.conditions[*]'`),
  ]);
  expect(answers).toBe(`Accepted=True Accepted: GatewayClass is accepted
SupportedVersion=True SupportedVersion: Gateway API CRD versions are supported
ResolvedRefs=True ResolvedRefs: ParametersRef resource is resolved
Accepted=False GatewayClassConflict: The resource is ignored due to a conflicting GatewayClass resource
lost typo Unknown
Accepted=False Invalid: GatewayClass doesn't exist
Programmed=False Invalid: GatewayClass doesn't exist
`);
});
