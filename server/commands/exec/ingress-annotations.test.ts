import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

/** Annotations by which ingress-nginx asks other servers, and those that it does not take here. */

const NOTE = "nginx.ingress.kubernetes.io";
const PUBLISHED =
  "https://raw.githubusercontent.com/kubernetes/ingress-nginx/controller-v1.12.3/deploy/static/provider/baremetal/deploy.yaml";
const PREPARE = `kubectl apply -f ${PUBLISHED} >/dev/null; sleep 20
kubectl create deployment who --image=traefik/whoami >/dev/null; kubectl expose deployment who --port=80 >/dev/null
kubectl create configmap gate --from-literal=default.conf='server { listen 80;
  location / { if ($http_x_token = "") { return 401; } if ($http_x_token = "bad") { return 403; } add_header X-User joe; return 200; } }' >/dev/null
kubectl apply -f - >/dev/null <<'E'
apiVersion: v1
kind: Pod
metadata: {name: gate, labels: {app: gate}}
spec:
  containers: [{name: nginx, image: nginx, volumeMounts: [{name: conf, mountPath: /etc/nginx/conf.d}]}]
  volumes: [{name: conf, configMap: {name: gate}}]
E
kubectl expose pod gate --port=80 >/dev/null
kubectl run shadow --image=nginx --port=80 --expose >/dev/null
kubectl create ingress closed --class=nginx --rule="closed.com/*=who:80" --annotation ${NOTE}/auth-url=http://gate.default.svc.cluster.local --annotation ${NOTE}/auth-response-headers=X-User >/dev/null
kubectl create ingress signin --class=nginx --rule="signin.com/*=who:80" --annotation ${NOTE}/auth-url=http://gate.default.svc.cluster.local --annotation ${NOTE}/auth-signin=https://login.example.com/start >/dev/null
kubectl create ingress twice --class=nginx --rule="twice.com/*=who:80" --annotation ${NOTE}/mirror-target='http://shadow.default.svc.cluster.local/copy' >/dev/null
sleep 20
NODE=$(kubectl get node node01 -o jsonpath='{.status.addresses[0].address}')
PORT=$(kubectl get svc -n ingress-nginx ingress-nginx-controller -o jsonpath='{.spec.ports[0].nodePort}')
get() { h=$1; p=$2; shift 2; curl -s -m 5 -H "Host: $h" "$@" "http://$NODE:$PORT$p"; }
code() { h=$1; p=$2; shift 2; get $h $p -o /dev/null -w '%{http_code} %{redirect_url}\\n' "$@"; }`;

test("auth-url, auth-signin and mirror-target have their effect; what is not simulated is refused", async () => {
  const [asked, signin, mirrored, refused, conf] = await typed(await freshCluster(), [
    `${PREPARE}
code closed.com /; code closed.com / -H 'X-Token: bad'; get closed.com /x -H 'X-Token: good' | tr -d '\\r' | grep -E '^(GET|X-User)'`,
    "code signin.com '/deep?a=1'; code signin.com / -H 'X-Token: good'",
    'code twice.com /one; sleep 2; kubectl logs shadow | grep -o \'"GET[^"]*" [0-9]*\'',
    `kubectl annotate ingress twice ${NOTE}/auth-tls-secret=default/ca; kubectl annotate ingress twice ${NOTE}/backend-protocol=GRPC`,
    "kubectl -n ingress-nginx exec deploy/ingress-nginx-controller -- sh -c 'nginx -t 2>&1 | tail -1; grep -c _external-auth /etc/nginx/nginx.conf'",
  ]);
  expect(asked).toBe("401 \n403 \nGET /x HTTP/1.1\nX-User: joe\n");
  expect(signin).toBe("302 https://login.example.com/start?rd=http://signin.com%2Fdeep%3Fa%3D1\n200 \n");
  expect(mirrored).toBe('200 \n"GET /copy HTTP/1.0" 404\n');
  const denied =
    'admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: drydock: nginx-ingress-controller: annotation';
  expect(refused).toContain(`${denied} ${NOTE}/auth-tls-secret is not simulated`);
  expect(refused).toContain(`${denied} ${NOTE}/backend-protocol is not simulated`);
  expect(conf).toContain("test is successful\n");
});
