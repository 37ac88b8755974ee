import { expect, test } from "vitest";
import { turn } from "../../sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { boot, type World } from "../../sim/world/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { typed } from "./testing.ts";

/** NGINX Gateway Fabric: copies of requests, what is not simulated, configurations that nginx refuses. */

const SETUP = `for d in main copy; do kubectl create deployment $d --image=nginx:1.27 >/dev/null; kubectl expose deployment $d --port=80 >/dev/null; done
kubectl apply -f - >/dev/null <<'E'
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: cafe}
spec: {gatewayClassName: nginx, listeners: [{name: http, port: 80, protocol: HTTP}]}
E
sleep 15`;
/** `route RULES`; `get PATH…` prints the status; `conditions KIND NAME PATH`; `seen DEPLOYMENT`: what its nginx was asked, and answered. */
const HELPERS = `PORT=$(kubectl get svc cafe-nginx -o jsonpath='{.spec.ports[0].nodePort}')
route() { printf "apiVersion: gateway.networking.k8s.io/v1\\nkind: HTTPRoute\\nmetadata: {name: web}\\nspec: {parentRefs: [{name: cafe}], rules: $1}\\n" | kubectl apply -f - >/dev/null; sleep 3; }
get() { p=$1; shift; curl -s -m 3 -o /dev/null -w '%{http_code}\\n' "$@" "http://172.30.2.2:$PORT$p"; }
conditions() { kubectl get $1 $2 -o jsonpath="{range $3}{.type}={.status} {.reason}: {.message}{'\\\\n'}{end}"; }
seen() { kubectl logs deploy/$1 | sed -n 's/.*"\\(GET [^ ]*\\) HTTP[^"]*" \\([0-9]*\\).*/\\1 \\2/p'; }`;
const script = (text: string): string => `${HELPERS}\n${text}`;

let prepared: Promise<World> | undefined;

async function fabric(): Promise<World> {
  prepared ??= (async () => {
    const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-gateway"]!.topology, { seed: 1, turn });
    await typed(world, [SETUP]);
    return world;
  })();
  return (await prepared).fork({ seed: 1 });
}

test("a mirror gets a copy of each request, and the client does not see its answer", async () => {
  const [whole, conf, part] = await typed(await fabric(), [
    script(`route "[{matches: [{path: {value: /index.html}}], filters: [{type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}}}], backendRefs: [{name: main, port: 80}]},
  {matches: [{path: {value: /x}, headers: [{name: a, value: b}]}], filters: [{type: RequestMirror, requestMirror: {backendRef: {name: nobody, port: 80}}}], backendRefs: [{name: main, port: 80}]}]"
get '/index.html?y=1'; get /x -H 'a: b'; get /_ngf-internal-mirror-copy-default/web-0; seen main; seen copy; conditions httproute web '.status.parents[0].conditions[*]'`),
    "kubectl exec deploy/cafe-nginx -c nginx -- grep -E 'location|mirror|internal;' /etc/nginx/conf.d/http.conf | grep -B1 -A1 mirror",
    script(`route "[{filters: [{type: RequestMirror, requestMirror: {backendRef: {name: copy, port: 80}, percent: 25}}], backendRefs: [{name: main, port: 80}]}]"
get '/?n=[1-100]' | sort | uniq -c | awk '{print $1, $2}'; seen copy | grep -c n=`),
  ]);
  expect(whole).toBe(`200
404
404
GET /index.html?y=1 200
GET /x 404
GET /index.html?y=1 200
Accepted=True Accepted: The route is accepted
ResolvedRefs=False BackendNotFound: spec.rules[1].filters[0].requestMirror.backendRef.name: Not found: "nobody"
`);
  expect(conf!.split("\n").filter((line) => /mirror|--/.test(line))).toEqual([
    "    location = /_ngf-internal-mirror-copy-default/web-0 {",
    "    location = /_ngf-internal-mirror-nobody-default/web-1 {",
    "        mirror /_ngf-internal-mirror-copy-default/web-0;",
    "        mirror /_ngf-internal-mirror-copy-default/web-0;",
    "--",
    "        mirror /_ngf-internal-mirror-nobody-default/web-1;",
  ]);
  const [all, copies] = part!.trim().split("\n");
  expect(all).toBe("100 200");
  expect(Number(copies)).toBeGreaterThan(12);
  expect(Number(copies)).toBeLessThan(38);
});

test("what is not simulated is said once; a SnippetsFilter is none that the controller knows", async () => {
  const [said, unresolved] = await typed(await fabric(), [
    script(`kubectl patch nginxproxy -n nginx-gateway nginx-gateway-proxy-config --type merge -p '{"spec":{"rewriteClientIP":{"mode":"XForwardedFor"},"kubernetes":{"deployment":{"pod":{"terminationGracePeriodSeconds":5}}}}}' >/dev/null
printf 'apiVersion: gateway.nginx.org/v1alpha1\\nkind: ClientSettingsPolicy\\nmetadata: {name: big}\\nspec: {targetRef: {group: gateway.networking.k8s.io, kind: Gateway, name: cafe}, body: {maxSize: 50m}}\\n' | kubectl apply -f - >/dev/null
route "[{backendRefs: [{name: main, port: 80}]}]"; kubectl logs -n nginx-gateway deploy/nginx-gateway | grep drydock`),
    script(`route "[{filters: [{type: ExtensionRef, extensionRef: {group: gateway.nginx.org, kind: SnippetsFilter, name: limit}}], backendRefs: [{name: main, port: 80}]}]"
get /; conditions httproute web '.status.parents[0].conditions[*]'
route "[{filters: [{type: ExtensionRef, extensionRef: {group: example.com, kind: SnippetsFilter, name: limit}}], backendRefs: [{name: main, port: 80}]}]"
conditions httproute web '.status.parents[0].conditions[*]'`),
  ]);
  const PROXY = "NginxProxy nginx-gateway/nginx-gateway-proxy-config: spec.";
  const all = [`${PROXY}kubernetes.deployment.pod.terminationGracePeriodSeconds`, `${PROXY}rewriteClientIP`, "ClientSettingsPolicy default/big"]; // prettier-ignore
  expect(said).toBe(all.map((what) => `drydock: nginx-gateway-fabric: ${what} is not simulated\n`).join(""));
  const AT = "spec.rules[0].filters[0].extensionRef";
  expect(unresolved).toBe(`500
Accepted=True Accepted: The route is accepted
ResolvedRefs=False InvalidFilter: ${AT}: Not found: {"group":"gateway.nginx.org","kind":"SnippetsFilter","name":"limit"}
ResolvedRefs=True ResolvedRefs: All references are resolved
Accepted=False UnsupportedValue: All rules are invalid: ${AT}: Unsupported value: "example.com": supported values: "gateway.nginx.org"
`);
});

test("a configuration that nginx refuses is taken back, and the Gateway says why", async () => {
  const INTO = "kubectl exec deploy/cafe-nginx -c nginx -- sh -c";
  const [refused, mended] = await typed(await fabric(), [
    script(`route "[{matches: [{path: {value: /index.html}}], backendRefs: [{name: main, port: 80}]}]"
${INTO} 'echo "upstream default_copy_80 { server 10.0.0.1; }" > /etc/nginx/conf.d/own.conf'
route "[{matches: [{path: {value: /index.html}}], backendRefs: [{name: copy, port: 80}]}]"
get /index.html; seen main; seen copy; kubectl get gateway cafe --no-headers | awk '{print $4}'
for at in '.status.conditions[*]' '.status.listeners[0].conditions[*]'; do conditions gateway cafe "$at"; done; conditions httproute web '.status.parents[0].conditions[*]'
${INTO} 'grep -c default_copy_80 /etc/nginx/conf.d/http.conf || true'; kubectl logs deploy/cafe-nginx -c nginx | grep -c 'rolling back'; kubectl logs -n nginx-gateway deploy/nginx-gateway | grep -c 'Failed to update NGINX configuration'`),
    script(`${INTO} 'rm /etc/nginx/conf.d/own.conf'; route "[{matches: [{path: {value: /}}], backendRefs: [{name: copy, port: 80}]}]"
get /index.html; seen copy; conditions gateway cafe '.status.conditions[*]'; conditions httproute web '.status.parents[0].conditions[*]'`),
  ]);
  const error = `msg: Config apply failed, rolling back config; error: failed validating config NGINX config test failed exit status 1: DATE [emerg] 5#5: duplicate upstream "default_copy_80" in /etc/nginx/conf.d/own.conf:1
nginx: [emerg] duplicate upstream "default_copy_80" in /etc/nginx/conf.d/own.conf:1
nginx: configuration file /etc/nginx/nginx.conf test failed
`;
  const LOADED = "is not programmed due to a failure to reload nginx with the configuration";
  expect(refused!.replaceAll(/\d{4}\/\d\d\/\d\d [\d:]{8}/g, "DATE")).toBe(`200
GET /index.html 200
False
Accepted=True Accepted: Gateway is accepted
Programmed=False Invalid: The Gateway ${LOADED}: ${error}
Accepted=True Accepted: Listener is accepted
ResolvedRefs=True ResolvedRefs: All references are resolved
Conflicted=False NoConflicts: No conflicts
Programmed=False Invalid: The Listener ${LOADED}: ${error}
ResolvedRefs=True ResolvedRefs: All references are resolved
Accepted=False GatewayNotProgrammed: The Gateway ${LOADED}. NGINX may still be configured for this Route. However, future updates to this resource will not be configured until the Gateway is programmed again: ${error}
0
1
1
`);
  expect(mended).toBe(`200
GET /index.html 200
Accepted=True Accepted: Gateway is accepted
Programmed=True Programmed: Gateway is programmed
Accepted=True Accepted: The route is accepted
ResolvedRefs=True ResolvedRefs: All references are resolved
`);
});
