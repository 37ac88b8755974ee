import { expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** SEEDS rows I1 and I2: an Ingress controller, and the rules that it serves. */

const PUBLISHED =
  "https://raw.githubusercontent.com/kubernetes/ingress-nginx/controller-v1.12.3/deploy/static/provider/baremetal/deploy.yaml";
const APPS = [
  "kubectl create deployment web --image=nginx >/dev/null; kubectl expose deployment web --port=80 >/dev/null",
  "kubectl create deployment pay --image=gcr.io/google-samples/hello-app:1.0 >/dev/null; kubectl expose deployment pay --port=8282 --target-port=8080 >/dev/null",
  "kubectl create deployment who --image=traefik/whoami >/dev/null; kubectl expose deployment who --port=80 >/dev/null",
].join("; ");
/** Shell functions: `get HOST PATH…` by the NodePort of node01, `code` its status only. */
const HELPERS = `NODE=$(kubectl get node node01 -o jsonpath='{.status.addresses[0].address}')
PORT=$(kubectl get svc -A -o jsonpath='{.items[?(@.spec.type=="NodePort")].spec.ports[0].nodePort}')
get() { h=$1; p=$2; shift 2; curl -s --connect-timeout 3 -H "Host: $h" "$@" "http://$NODE:$PORT$p"; }
code() { h=$1; p=$2; shift 2; get $h $p -o /dev/null -w '%{http_code}' "$@"; }`;

const with_ = (script: string): string => `${HELPERS}\n${script}`;

/** One cluster with the controller of the published manifest and three applications, for tests that fork it. */
let prepared: Promise<World> | undefined;

async function controlled(): Promise<World> {
  prepared ??= (async () => {
    const world = await freshCluster();
    await typed(world, [`kubectl apply -f ${PUBLISHED} >/dev/null; ${APPS}; sleep 20`]);
    return world;
  })();
  return (await prepared).fork({ seed: 1 });
}

test("I1: without a controller an Ingress routes nothing and has no address", async () => {
  const [listed, answered] = await typed(await freshCluster(), [
    `${APPS}; kubectl create ingress a --rule="foo.com/=web:80" >/dev/null; sleep 70; kubectl get ingress a --no-headers`,
    "curl -s -m 2 http://172.30.1.2:80/; echo $?",
  ]);
  expect(listed!.trim().split(/\s+/)).toEqual(["a", "<none>", "foo.com", "80", expect.stringMatching(/^7\ds$/)]);
  expect(answered).toBe("7\n");
});

test("I1: by the published manifest its jobs end, and the controller becomes ready", async () => {
  const [pods, logs, pages] = await typed(await controlled(), [
    "kubectl get pods,jobs -n ingress-nginx --no-headers | awk '{print $2, $3}'; kubectl get ingressclass nginx -o jsonpath='{.spec.controller}'",
    "kubectl logs -n ingress-nginx deploy/ingress-nginx-controller | sed -n '1,8p;9,$s/^[IWE][0-9]* [0-9:.]* *[0-9]* //p' | grep -v Event",
    with_('get nobody.com / -i | tr -d "\\r"; code nobody.com /healthz'),
  ]);
  expect(pods).toBe("1/1 Running\nk8s.io/ingress-nginx");
  expect(logs!.split("\n").slice(0, 5)).toEqual([
    "-".repeat(79),
    "NGINX Ingress controller",
    "  Release:       v1.12.3",
    expect.stringMatching(/^ {2}Build: {9}\w+$/),
    "  Repository:    https://github.com/kubernetes/ingress-nginx",
  ]);
  expect(logs).toContain('nginx.go:317] "Starting NGINX process"');
  expect(logs).toContain('controller.go:216] "Backend successfully reloaded"');
  expect(pages!.replace(/Date: .*\n/, "")).toBe(
    "HTTP/1.1 404 Not Found\nContent-Type: text/html\nContent-Length: 146\nConnection: keep-alive\n\n" +
      "<html>\n<head><title>404 Not Found</title></head>\n<body>\n<center><h1>404 Not Found</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n200",
  );
});

const BY_HAND = `kubectl apply -f - >/dev/null <<'E'
apiVersion: v1
kind: Namespace
metadata: {name: ingress-space}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: nginx-configuration, namespace: ingress-space}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: ingress-serviceaccount, namespace: ingress-space}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: ingress}
rules:
- {apiGroups: [""], resources: [configmaps, endpoints, nodes, pods, secrets, namespaces, services], verbs: [get, list, watch]}
- {apiGroups: [""], resources: [events], verbs: [create, patch]}
- {apiGroups: [coordination.k8s.io], resources: [leases], verbs: [get, create, update, list, watch]}
- {apiGroups: [discovery.k8s.io], resources: [endpointslices], verbs: [get, list, watch]}
- {apiGroups: [networking.k8s.io], resources: [ingresses, ingressclasses], verbs: [get, list, watch]}
- {apiGroups: [networking.k8s.io], resources: [ingresses/status], verbs: [update]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress-controller, namespace: ingress-space}
spec:
  replicas: 1
  selector: {matchLabels: {name: nginx-ingress}}
  template:
    metadata: {labels: {name: nginx-ingress}}
    spec:
      serviceAccountName: ingress-serviceaccount
      containers:
      - name: nginx-ingress-controller
        image: IMAGE
        args:
        - /nginx-ingress-controller
        - --configmap=$(POD_NAMESPACE)/nginx-configuration
        - --watch-ingress-without-class=true
        env:
        - {name: POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
        - {name: POD_NAMESPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}
        ports:
        - {name: http, containerPort: 80}
        - {name: https, containerPort: 443}
---
apiVersion: v1
kind: Service
metadata: {name: nginx-ingress, namespace: ingress-space}
spec:
  type: NodePort
  selector: {name: nginx-ingress}
  ports:
  - {port: 80, targetPort: 80, nodePort: 30080, protocol: TCP, name: http}
  - {port: 443, targetPort: 443, protocol: TCP, name: https}
E`;
const GRANT =
  "kubectl create clusterrolebinding ingress --clusterrole=ingress --serviceaccount=ingress-space:ingress-serviceaccount >/dev/null";
const LOGS = "kubectl logs -n ingress-space deploy/ingress-controller";

test("I1: by hand it needs rights, and then serves Ingresses without a class", async () => {
  const lines = [
    `${APPS}; ${BY_HAND.replace("IMAGE", "registry.k8s.io/ingress-nginx/controller:v1.12.3")}
sleep 15; ${LOGS} | grep -E "^[FE]" | tail -1 | cut -c32-`,
    `${GRANT}; kubectl delete pod -n ingress-space --all --now >/dev/null; sleep 15; kubectl create ingress a --rule="/*=web:80" >/dev/null; sleep 8; curl -s 172.30.2.2:30080 | grep title`,
  ];
  const [refused, served] = await typed(await freshCluster(), lines);
  expect(refused).toContain(
    `Unexpected error obtaining ingress-nginx pod: unable to get POD information: pods "ingress-controller-`,
  );
  expect(refused).toContain(
    'is forbidden: User "system:serviceaccount:ingress-space:ingress-serviceaccount" cannot get resource "pods" in API group "" in the namespace "ingress-space"',
  );
  expect(served).toBe("<title>Welcome to nginx!</title>\n");
});

test("I1: without POD_NAME it crashes and says why", async () => {
  const manifest = BY_HAND.replace("IMAGE", "registry.k8s.io/ingress-nginx/controller:v1.12.3").replace(
    /.*POD_NAME,.*\n/,
    "",
  );
  const [pods, log] = await typed(await freshCluster(), [
    `${manifest}
${GRANT}; sleep 12; kubectl get pods -n ingress-space --no-headers | awk '{print $2, $3}'`,
    `${LOGS} | tail -1 | cut -d']' -f2-`,
  ]);
  expect(pods).toMatch(/^0\/1 (?:Error|CrashLoopBackOff)\n$/);
  expect(log).toBe(
    " Unexpected error obtaining ingress-nginx pod: unable to get POD information (missing POD_NAME or POD_NAMESPACE environment variable\n",
  );
});

test("I1: the old image of the notes cannot list extensions/v1beta1 any more", async () => {
  const image = "quay.io/kubernetes-ingress-controller/nginx-ingress-controller:0.21.0";
  const [log] = await typed(await freshCluster(), [
    `${BY_HAND.replace("IMAGE", image).replace(/.*watch-ingress-without-class.*\n/, "")}
${GRANT}; sleep 8; ${LOGS} | tail -1 | cut -d']' -f2-`,
  ]);
  expect(log).toBe(
    " k8s.io/ingress-nginx/internal/ingress/controller/store/store.go:181: Failed to list *v1beta1.Ingress: the server could not find the requested resource\n",
  );
});

test("I2: hosts, paths, the default backend, and 404 where nothing matches", async () => {
  const [made, answers, described] = await typed(await controlled(), [
    `kubectl create ingress pay --class=nginx --rule="/pay=pay:8282"; kubectl create ingress foo --class=nginx --rule="foo.com/who*=who:80" --rule="foo.com/=web:80" --rule="*.bar.com/*=who:80"; sleep 8`,
    with_(
      "for u in x.com/pay x.com/pay/1 x.com/payx foo.com/ foo.com/who foo.com/who/1 foo.com/whox a.bar.com/q bar.com/q a.b.bar.com/q; do printf '%s %s\\n' $u $(code ${u%%/*} /${u#*/}); done; get x.com /pay | head -1; get foo.com /who/1 | grep GET | tr -d '\\r'",
    ),
    "kubectl describe ingress pay | sed -n '/Rules/,$p' | sed 's/([0-9.]*:8080)/(IP:8080)/; s/ [0-9]*s  *nginx-i/ AGE nginx-i/'; kubectl get ingress foo --no-headers | awk '{print $2, $3}'",
  ]);
  expect(made).toBe("ingress.networking.k8s.io/pay created\ningress.networking.k8s.io/foo created\n");
  expect(answers!.split("\n")).toEqual([
    "x.com/pay 200",
    "x.com/pay/1 404",
    "x.com/payx 404",
    "foo.com/ 200",
    "foo.com/who 200",
    "foo.com/who/1 200",
    "foo.com/whox 404",
    "a.bar.com/q 200",
    "bar.com/q 404",
    "a.b.bar.com/q 404",
    "Hello, world!",
    "GET /who/1 HTTP/1.1",
    "",
  ]);
  expect(described).toContain("Rules:\n  Host        Path  Backends\n  ----        ----  --------\n");
  expect(described).toContain("/pay   pay:8282 (IP:8080)");
  expect(described).toContain("Normal  Sync");
  expect(described).toContain("nginx foo.com,*.bar.com");
});

test("I2: an address within a minute, and a default backend for all that is left", async () => {
  const [address, answer] = await typed(await controlled(), [
    `kubectl create ingress d --class=nginx --default-backend=pay:8282 >/dev/null; sleep 65; kubectl get ingress d -o jsonpath='{.status.loadBalancer.ingress}'`,
    with_("get anything.org /at/all | head -1"),
  ]);
  expect(address).toBe('[{"ip":"172.30.2.2"}]');
  expect(answer).toBe("Hello, world!\n");
});

test("I2: rewrite-target with what an expression has caught", async () => {
  const ingress = `kubectl apply -f - <<'E'
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: r
  annotations: {nginx.ingress.kubernetes.io/rewrite-target: /$2, nginx.ingress.kubernetes.io/use-regex: "true"}
spec:
  ingressClassName: nginx
  rules:
  - host: r.com
    http:
      paths:
      - {path: /something(/|$)(.*), pathType: ImplementationSpecific, backend: {service: {name: who, port: {number: 80}}}}
E`;
  const [made, answers, prefix] = await typed(await controlled(), [
    `${ingress}
sleep 6`,
    with_(
      "get r.com /something/new/x | grep GET | tr -d '\\r'; get r.com /something | grep GET | tr -d '\\r'; code r.com /other",
    ),
    ingress
      .replace("ImplementationSpecific", "Prefix")
      .replace("name: r\n", "name: s\n")
      .replace("r.com", "s.com")
      .replace("<<'E'", "2>&1 <<'E' | sed 's/.*request: //'"),
  ]);
  expect(made).toBe("ingress.networking.k8s.io/r created\n");
  expect(answers).toBe("GET /new/x HTTP/1.1\nGET / HTTP/1.1\n404");
  expect(prefix).toBe("ingress contains invalid paths: path /something(/|$)(.*) cannot be used with pathType Prefix\n");
});

test("I2: TLS by name, 308 to https, and the fake certificate for others", async () => {
  const [, redirected, secure, others] = await typed(await controlled(), [
    'openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=s.com -addext subjectAltName=DNS:s.com -keyout k.pem -out c.pem 2>/dev/null; kubectl create secret tls s --cert=c.pem --key=k.pem >/dev/null; kubectl create ingress s --class=nginx --rule="s.com/*=who:80,tls=s" >/dev/null; sleep 8',
    with_("get s.com /a/ -i | tr -d '\\r' | sed -n '1p;/^Location/p'"),
    "IP=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.clusterIP}'); curl -si --cacert c.pem --resolve s.com:443:$IP https://s.com/a | tr -d '\\r' | grep -E '^HTTP|^strict|^GET|^X-Forwarded-(Proto|Port)'",
    "IP=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.clusterIP}'); curl -svk https://$IP 2>&1 | grep -E 'subject:|< HTTP'; curl -s https://$IP; echo $?",
  ]);
  expect(redirected).toBe("HTTP/1.1 308 Permanent Redirect\nLocation: https://s.com/a\n");
  expect(secure).toBe(
    "HTTP/2 200 \nstrict-transport-security: max-age=31536000; includeSubDomains\nGET /a HTTP/1.1\nX-Forwarded-Port: 443\nX-Forwarded-Proto: https\n",
  );
  expect(others).toBe("*  subject: O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate\n< HTTP/2 404 \n60\n");
});

test("I2: annotations have their effect", async () => {
  const ingress = (name: string, ...annotations: string[]): string =>
    `kubectl create ingress ${name} --class=nginx --rule="${name}.com/*=who:80" ${annotations.map((text) => `--annotation nginx.ingress.kubernetes.io/${text}`).join(" ")} >/dev/null`;
  const [, answers, canaries, conf] = await typed(await controlled(), [
    [
      "printf 'joe:%s\\n' $(openssl passwd -apr1 pw) > auth; kubectl create secret generic basic --from-file=auth >/dev/null",
      ingress("basic", "auth-type=basic", "auth-secret=basic", "auth-realm=Hello"),
      ingress("lost", "auth-type=basic", "auth-secret=nothing"),
      ingress("limit", "limit-rps=1"),
      ingress("range", "whitelist-source-range=1.2.3.0/24"),
      ingress("sticky", "affinity=cookie"),
      ingress("cors", "enable-cors=true"),
      ingress("moved", "permanent-redirect=http://x.org"),
      ingress("app", "app-root=/app"),
      ingress("body", "proxy-body-size=1k"),
      ingress("vhost", "upstream-vhost=inner.local"),
      ingress("main"),
      'kubectl create ingress canary --class=nginx --rule="main.com/*=pay:8282" --annotation nginx.ingress.kubernetes.io/canary=true --annotation nginx.ingress.kubernetes.io/canary-by-header=X-New >/dev/null',
      "sleep 8",
    ].join("; "),
    with_(`echo $(code basic.com /) $(code basic.com / -u joe:pw) $(code basic.com / -u joe:no) $(code lost.com /)
for i in 1 2 3 4 5 6 7 8; do code limit.com /; done; echo
echo $(code range.com /) $(code moved.com /) $(get app.com / -o /dev/null -w '%{redirect_url}') $(get body.com / -o /dev/null -w '%{http_code}' -d "$(printf '%2000s' x)")
get sticky.com / -i | grep -c '^Set-Cookie: INGRESSCOOKIE=.*; Path=/; HttpOnly'
get cors.com / -i -X OPTIONS | tr -d '\\r' | grep -E '^HTTP|Allow-Origin|Max-Age'
get vhost.com / | grep ^Host: | tr -d '\\r'`),
    with_("get main.com / | head -1 | cut -c1-8; get main.com / -H 'X-New: always' | head -1"),
    "kubectl exec -n ingress-nginx deploy/ingress-nginx-controller -- nginx -t",
  ]);
  expect(answers!.split("\n")).toEqual([
    "401 200 401 503",
    "200200200200200200503503",
    "403 301 http://app.com/app 413",
    "1",
    "HTTP/1.1 204 No Content",
    "Access-Control-Allow-Origin: *",
    "Access-Control-Max-Age: 1728000",
    "Host: inner.local",
    "",
  ]);
  expect(canaries).toBe("Hostname\nHello, world!\n");
  expect(conf).toBe(
    "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\nnginx: configuration file /etc/nginx/nginx.conf test is successful\n",
  );
});

test("I2: the webhook refuses what cannot be served", async () => {
  const [twice, snippet, invalid] = await typed(await controlled(), [
    'kubectl create ingress a --class=nginx --rule="foo.com/pay=pay:8282"; sleep 1; kubectl create ingress b --class=nginx --rule="foo.com/pay=web:80"',
    'kubectl create ingress c --class=nginx --rule="c.com/=web:80" --annotation nginx.ingress.kubernetes.io/configuration-snippet="deny all;"',
    'kubectl create ingress d --class=nginx --rule="d.com/=web:80" --annotation nginx.ingress.kubernetes.io/ssl-redirect=maybe',
  ]);
  const denied =
    'error: failed to create ingress: admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: ';
  expect(twice).toBe(
    `ingress.networking.k8s.io/a created\n${denied}host "foo.com" and path "/pay" is already defined in ingress default/a\n`,
  );
  expect(snippet).toBe(
    `${denied}nginx.ingress.kubernetes.io/configuration-snippet annotation cannot be used. Snippet directives are disabled by the Ingress administrator\n`,
  );
  expect(invalid).toBe(`${denied}annotation nginx.ingress.kubernetes.io/ssl-redirect contains invalid value\n`);
});

test("I1: by helm search hub, repo add, install, and away again", async () => {
  const lines = [
    "helm search hub ingress | head -1; helm repo add ingress-nginx https://kubernetes.github.io/ingress-nginx; helm search repo ingress | tail -1",
    "helm install my ingress-nginx/ingress-nginx -n space --wait --timeout 2m --create-namespace --set controller.service.type=NodePort --set controller.service.nodePorts.http=30080 | sed -n '1p;3,8p'; helm list -n space --no-headers -q; kubectl get secret -n space sh.helm.release.v1.my.v1 -o jsonpath='{.type}'",
    `kubectl create deployment web --image=nginx >/dev/null; kubectl expose deployment web --port=80 >/dev/null; kubectl get deploy,svc -n space -o name; sleep 15; kubectl create ingress a --class=nginx --rule="/*=web:80" >/dev/null; sleep 8; curl -s node01:30080 | grep title`,
    "helm uninstall my -n space; sleep 14; kubectl get all,ingressclass,validatingwebhookconfiguration -n space",
  ];
  const [found, installed, served, gone] = await typed(await freshCluster(), lines);
  expect(found).toBe(
    "URL                                               \tCHART VERSION\tAPP VERSION\tDESCRIPTION                                       \n" +
      '"ingress-nginx" has been added to your repositories\n' +
      "ingress-nginx/ingress-nginx\t4.12.3       \t1.12.3     \tIngress controller for Kubernetes using NGINX a...\n",
  );
  expect(installed).toBe(
    "NAME: my\nNAMESPACE: space\nSTATUS: deployed\nREVISION: 1\nTEST SUITE: None\nNOTES:\nThe ingress-nginx controller has been installed.\nmy\nhelm.sh/release.v1",
  );
  expect(served).toContain(
    "deployment.apps/my-ingress-nginx-controller\nservice/my-ingress-nginx-controller\nservice/my-ingress-nginx-controller-admission\n",
  );
  expect(served!.endsWith("<title>Welcome to nginx!</title>\n")).toBe(true);
  expect(gone).toBe('release "my" uninstalled\nNo resources found\n');
});

test("helm --wait gives up on a load balancer that nobody provides", async () => {
  const [out] = await typed(await freshCluster(), [
    "helm repo add ingress-nginx https://kubernetes.github.io/ingress-nginx >/dev/null; helm install my ingress-nginx/ingress-nginx --wait --timeout 30s; echo $?; helm list -q; helm status my | grep STATUS",
  ]);
  expect(out).toBe("1\nmy\nSTATUS: failed\nError: INSTALLATION FAILED: context deadline exceeded\n");
});
