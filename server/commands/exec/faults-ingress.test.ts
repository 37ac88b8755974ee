import { expect, test } from "vitest";
import { fromCalendar } from "../../sim/kernel/index.ts";
import { certificatePem, identity, issueCertificate, KeyRing, privateKeyPem } from "../../sim/kube/pki/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** What a learner sees of an Ingress that does not work, one fault at a time. */

const PUBLISHED =
  "https://raw.githubusercontent.com/kubernetes/ingress-nginx/controller-v1.12.3/deploy/static/provider/baremetal/deploy.yaml";
const IP = "IP=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.clusterIP}')";
const get = (host: string): string => `${IP}; curl -s -o /dev/null -w '%{http_code}\\n' -H 'Host: ${host}' $IP`;
const logged = (pattern: string): string =>
  `kubectl logs -n ingress-nginx deploy/ingress-nginx-controller | grep -F '${pattern}' | tail -1 | cut -d']' -f2-`;

const controller = (async () => {
  const world = await freshCluster();
  await typed(world, [
    `kubectl apply -f ${PUBLISHED} >/dev/null; kubectl create deployment web --image=nginx >/dev/null; kubectl expose deployment web --port=80 >/dev/null; sleep 20`,
  ]);
  return world;
})();

const faulty = async (lines: readonly string[]): Promise<string[]> =>
  typed((await controller).fork({ seed: 1 }), lines);

function expired(host: string): { certificate: string; key: string } {
  const keys = new KeyRing(1).rsa("expired");
  const issued = issueCertificate(
    {
      serial: 7n,
      subject: identity(host),
      notBefore: fromCalendar(2025, 1, 1),
      notAfter: fromCalendar(2025, 2, 1),
      publicKey: keys.public,
      keyUsage: ["digitalSignature", "keyEncipherment", "keyCertSign"],
      ca: true,
      dnsNames: [host],
    },
    keys,
  );
  return { certificate: certificatePem(issued), key: privateKeyPem(keys) };
}

test("no such IngressClass: it is ignored, without address, events or answer", async () => {
  const [, answer, listed, log] = await faulty([
    'kubectl create ingress a --class=ngnix --rule="a.com/*=web:80" >/dev/null; sleep 65',
    get("a.com"),
    "kubectl get ingress a --no-headers | awk '{print $2, $3, $4, $5}'; kubectl describe ingress a | tail -1",
    logged("Ignoring ingress"),
  ]);
  expect(answer).toBe("404\n");
  expect(listed).toMatch(/^ngnix a.com 80 .*\nEvents: +<none>\n$/);
  expect(log).toContain(
    '"Ignoring ingress because of error while validating ingress class" ingress="default/a" error="',
  );
});

test("a class that comes later is noticed", async () => {
  const [before, after] = await faulty([
    `kubectl create ingress a --class=late --rule="a.com/*=web:80" >/dev/null; sleep 5; ${get("a.com")}`,
    `printf 'apiVersion: networking.k8s.io/v1\\nkind: IngressClass\\nmetadata: {name: late}\\nspec: {controller: k8s.io/ingress-nginx}\\n' | kubectl apply -f - >/dev/null; sleep 5; ${get("a.com")}`,
  ]);
  expect([before, after]).toEqual(["404\n", "200\n"]);
});

test("a backend that does not exist: 503, a warning in the log, and the error in describe", async () => {
  const [, answer, described, log] = await faulty([
    'kubectl create ingress a --class=nginx --rule="a.com/*=wbe:80" >/dev/null; sleep 6',
    get("a.com"),
    "kubectl describe ingress a | grep wbe",
    logged("Error obtaining Endpoints"),
  ]);
  expect(answer).toBe("503\n");
  expect(described!.trim()).toBe('/   wbe:80 (<error: services "wbe" not found>)');
  expect(log).toBe(
    ' Error obtaining Endpoints for Service "default/wbe": no object matching key "default/wbe" in local store\n',
  );
});

test("a port that the Service does not have: 503", async () => {
  const [, answer, fixed] = await faulty([
    'kubectl create ingress a --class=nginx --rule="a.com/*=web:8080" >/dev/null; sleep 6',
    get("a.com"),
    `kubectl patch ingress a --type=json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend/service/port/number","value":80}]' >/dev/null; sleep 6; ${get("a.com")}`,
  ]);
  expect([answer, fixed]).toEqual(["503\n", "200\n"]);
});

test("no endpoints: 503; a target port that nobody listens at: 502 after three tries", async () => {
  const [empty, warned, refused, log] = await faulty([
    `kubectl create ingress a --class=nginx --rule="a.com/*=web:80" >/dev/null; kubectl scale deploy web --replicas=0 >/dev/null; sleep 8; ${get("a.com")}`,
    logged("any active Endpoint"),
    `kubectl scale deploy web --replicas=1 >/dev/null; kubectl patch svc web -p '{"spec":{"ports":[{"port":80,"targetPort":81}]}}' >/dev/null; sleep 8; ${get("a.com")}`,
    "kubectl logs -n ingress-nginx deploy/ingress-nginx-controller | tail -1 | sed 's/.*default-web-80/default-web-80/; s/[0-9.]*:81/IP:81/g; s/ [0-9a-f]*$//'",
  ]);
  expect(empty).toBe("503\n");
  expect(warned).toBe(' Service "default/web" does not have any active Endpoint.\n');
  expect(refused).toBe("502\n");
  expect(log).toBe("default-web-80] [] IP:81, IP:81, IP:81 0, 0, 0 0.000, 0.000, 0.000 502, 502, 502\n");
});

test("an expired certificate is served, and the log and the client say so", async () => {
  const { certificate, key } = expired("s.com");
  const [, , answer, log] = await faulty([
    `cat > c.pem <<'E'\n${certificate}E\ncat > k.pem <<'E'\n${key}E\nkubectl create secret tls s --cert=c.pem --key=k.pem >/dev/null`,
    'kubectl create ingress s --class=nginx --rule="s.com/*=web:80,tls=s" >/dev/null; sleep 6',
    `${IP}; curl -sS --cacert c.pem --resolve s.com:443:$IP https://s.com/; echo $?`,
    logged("expired"),
  ]);
  expect(answer).toBe(
    "60\ncurl: (60) SSL certificate problem: certificate has expired\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.\n",
  );
  expect(log).toMatch(/^ SSL certificate for server "s.com" expired \(20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC\)\n$/);
});

test("a Secret that is missing: the fake certificate instead", async () => {
  const [, subject, log] = await faulty([
    'kubectl create ingress s --class=nginx --rule="s.com/*=web:80,tls=nope" >/dev/null; sleep 6',
    `${IP}; curl -svk --resolve s.com:443:$IP https://s.com/ 2>&1 | grep subject:`,
    logged("Error getting SSL certificate"),
  ]);
  expect(subject).toBe("*  subject: O=Acme Co; CN=Kubernetes Ingress Controller Fake Certificate\n");
  expect(log).toBe(
    ' Error getting SSL certificate "default/nope": local SSL certificate default/nope was not found. Using default certificate\n',
  );
});

test("with the controller gone the webhook refuses new Ingresses", async () => {
  const [refused] = await faulty([
    'kubectl scale deploy -n ingress-nginx ingress-nginx-controller --replicas=0 >/dev/null; sleep 20; kubectl create ingress a --class=nginx --rule="a.com/*=web:80" 2>&1 | sed "s/tcp [0-9.]*:/tcp IP:/"',
  ]);
  expect(refused).toBe(
    'error: failed to create ingress: Internal error occurred: failed calling webhook "validate.nginx.ingress.kubernetes.io": failed to call webhook: Post "https://ingress-nginx-controller-admission.ingress-nginx.svc:443/networking/v1/ingresses?timeout=10s": dial tcp IP:443: connect: connection refused\n',
  );
});

test("a Service of type ExternalName leads to what its name means in the cluster", async () => {
  const [, answer, unknown] = await faulty([
    'kubectl create service externalname other --external-name=web.default.svc.cluster.local --tcp=80 >/dev/null; kubectl create ingress a --class=nginx --rule="a.com/*=other:80" >/dev/null; sleep 5',
    get("a.com"),
    `kubectl patch service other -p '{"spec":{"externalName":"nobody.default.svc.cluster.local"}}' >/dev/null; sleep 5; ${get("a.com")}`,
  ]);
  expect([answer, unknown]).toEqual(["200\n", "502\n"]);
});
