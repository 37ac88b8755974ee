import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

const LATEST = "https://github.com/flannel-io/flannel/releases/latest/download/kube-flannel.yml";

test("curl trusts the world's authority, and follows GitHub's way to a release's file", async () => {
  const world = await freshCluster();
  const way = "%{http_code} %{redirect_url}\\n";
  const [none, first, last, distrust] = await typed(world, [
    "curl -s https://example.com",
    `curl -s -o /dev/null -w '${way}' ${LATEST}`,
    `curl -sL ${LATEST} | grep image: | sort -u`,
    "curl -sS --cacert /etc/kubernetes/pki/ca.crt https://example.com 2>&1 | head -1",
  ]);
  expect(none).toBe(
    "<!doctype html>\n<html><head><title>Example Domain</title></head><body><h1>Example Domain</h1></body></html>\n",
  );
  expect(first).toBe("302 https://github.com/flannel-io/flannel/releases/download/v0.27.0/kube-flannel.yml\n");
  expect(last).toBe(
    "        image: ghcr.io/flannel-io/flannel-cni-plugin:v1.7.1-flannel1\n        image: ghcr.io/flannel-io/flannel:v0.27.0\n",
  );
  expect(distrust).toBe("curl: (60) SSL certificate problem: unable to get local issuer certificate\n");
});

test("images with the package ca-certificates trust it, those without do not", async () => {
  const ask = "curl -sS -o /dev/null -w '%{http_code}\\n' https://example.com";
  const [, nginx, agnhost, busybox] = await typed(await freshCluster(), [
    "kubectl run a --image=nginx:1.27; kubectl run b --image=registry.k8s.io/e2e-test-images/agnhost:2.39; kubectl run c --image=busybox:1.28 -- sleep 9999; kubectl wait --for=condition=Ready pod a b c",
    `kubectl exec a -- ${ask}; kubectl exec a -- rm /etc/ssl/certs/ca-certificates.crt; kubectl exec a -- ${ask} 2>&1 | head -1`,
    `kubectl exec b -- ${ask}`,
    "kubectl exec c -- wget -qO- https://example.com | head -1",
  ]);
  expect(nginx).toBe("200\ncurl: (77) error setting certificate file: /etc/ssl/certs/ca-certificates.crt\n");
  expect(agnhost).toBe("200\n");
  expect(busybox).toBe("<!doctype html>\n");
});

test("a site's certificate is for its names only", async () => {
  const [shown] = await typed(await freshCluster(), ["curl -sS https://198.51.100.40/ 2>&1 | head -1"]);
  expect(shown).toBe(
    "curl: (60) SSL: no alternative certificate subject name matches target host name '198.51.100.40'\n",
  );
});

test("plain HTTP leads to HTTPS, and k8s.io to the documentation's examples", async () => {
  const [upgraded, k8s, missing] = await typed(await freshCluster(), [
    "curl -s -o /dev/null -w '%{http_code} %{redirect_url}\\n' http://github.com/flannel-io",
    "curl -sL -o /dev/null -w '%{http_code} %{num_redirects} %{url_effective}\\n' http://k8s.io/examples/application/deployment.yaml",
    "kubectl apply -f https://k8s.io/examples/nothing.yaml; echo $?",
  ]);
  expect(upgraded).toBe("301 https://github.com/flannel-io\n");
  expect(k8s).toBe("200 2 https://kubernetes.io/examples/application/deployment.yaml\n");
  expect(missing).toBe(
    '1\nerror: unable to read URL "https://k8s.io/examples/nothing.yaml", server reported 404 Not Found, status code=404\n',
  );
});

test("flannel's published manifest is what runs already", async () => {
  const [applied] = await typed(await freshCluster(), [`kubectl apply -f ${LATEST}`]);
  expect(applied).toBe(`namespace/kube-flannel unchanged
clusterrole.rbac.authorization.k8s.io/flannel unchanged
clusterrolebinding.rbac.authorization.k8s.io/flannel unchanged
serviceaccount/flannel unchanged
configmap/kube-flannel-cfg unchanged
daemonset.apps/kube-flannel-ds unchanged
`);
});

test("metrics-server of its manifest distrusts kubelets' own certificates until it is told not to look", async () => {
  const url = "https://github.com/kubernetes-sigs/metrics-server/releases/latest/download/components.yaml";
  const patch = JSON.stringify([
    { op: "add", path: "/spec/template/spec/containers/0/args/-", value: "--kubelet-insecure-tls" },
  ]);
  const [, before, , after, gone] = await typed(await freshCluster(), [
    `kubectl apply -f ${url}`,
    "sleep 40; kubectl top nodes",
    `kubectl patch -n kube-system deployment metrics-server --type=json -p '${patch}'`,
    "sleep 60; kubectl top nodes --no-headers | awk '{print $1}'",
    `kubectl delete -f ${url} | tail -1`,
  ]);
  expect(before).toBe("error: Metrics API not available\n");
  expect(after).toBe("controlplane\nnode01\n");
  expect(gone).toBe('apiservice.apiregistration.k8s.io "v1beta1.metrics.k8s.io" deleted\n');
});

test("names that do not exist, and a way that is cut, have kubectl's words", async () => {
  const [unknown, cut] = await typed(await freshCluster(), [
    "kubectl apply -f https://nowhere.example.com/x.yaml",
    "ip route del default; kubectl apply -f https://198.51.100.40/x.yaml",
  ]);
  expect(unknown).toBe(
    "Unable to connect to the server: dial tcp: lookup nowhere.example.com on 127.0.0.53:53: no such host\n",
  );
  expect(cut).toBe("Unable to connect to the server: dial tcp 198.51.100.40:443: connect: network is unreachable\n");
});

test("kubectl trusts whom the bundle says, for the names in the certificate, and gives up in the end", async () => {
  const [name, nobody, silent] = await typed(await freshCluster(), [
    "echo 198.51.100.40 mirror.lab >> /etc/hosts; kubectl apply -f https://mirror.lab/x.yaml",
    `SSL_CERT_FILE=/dev/null kubectl apply -f ${LATEST}`,
    "iptables -A OUTPUT -d 198.51.100.40 -j DROP; start=$(date +%s); kubectl apply -f https://198.51.100.40/x.yaml; echo $(($(date +%s) - start))",
  ]);
  const failed = "Unable to connect to the server: tls: failed to verify certificate: x509: certificate";
  expect(name).toBe(`${failed} is valid for github.com, www.github.com, not mirror.lab\n`);
  expect(nobody).toBe(`${failed} signed by unknown authority\n`);
  expect(silent).toBe("92\nUnable to connect to the server: dial tcp 198.51.100.40:443: i/o timeout\n");
});
