import { expect, test } from "vitest";
import { typed } from "./testing.ts";
import { freshPreset } from "./testing-presets.ts";

/** From one network add-on to another, as the learner sees it (issue 7). */
const FLANNEL = "https://raw.githubusercontent.com/flannel-io/flannel/master/Documentation/kube-flannel.yml";
const CALICO = "https://raw.githubusercontent.com/projectcalico/calico/v3.30.2/manifests/calico.yaml";
const addresses =
  "kubectl get pods -l app=web -o jsonpath='{range .items[*]}{.status.podIP}{\"\\n\"}{end}' | cut -d. -f1-3 | sort -u";

test("from flannel to calico: Pods keep their addresses until they are made anew; what flannel made stays", async () => {
  const out = await typed(await freshPreset("kubeadm"), [
    "kubectl create deployment web --image=nginx --replicas=2; kubectl expose deployment web --port 80; kubectl wait --for=condition=Available deployment/web --timeout=30s > /dev/null",
    `kubectl delete -f ${FLANNEL} > /dev/null; for n in controlplane node01; do ssh $n rm /etc/cni/net.d/10-flannel.conflist; done; kubectl apply -f ${CALICO} | grep -c created; sleep 60`,
    `${addresses}; ip -br link show flannel.1 | cut -d' ' -f1; ip -br addr show cni0 | awk '{print $3}'; ls /etc/cni/net.d`,
    "kubectl rollout restart deployment web > /dev/null; kubectl rollout status deployment web | tail -1",
    `${addresses} | grep -vc '10.244.[01]$'; curl -s -m 3 -o /dev/null -w '%{http_code}\\n' $(kubectl get svc web -o jsonpath={.spec.clusterIP})`,
    "kubectl get ipamblocks --no-headers | wc -l; ip route | grep -c 'proto bird'",
    `kubectl delete -f ${CALICO} > /dev/null; sleep 5; ls /etc/cni/net.d; ip route | grep -c 'proto bird'; ip -br link show tunl0 | cut -d' ' -f1`,
  ]);
  expect(out[2]).toBe("10.244.1\nflannel.1\n10.244.0.1/24\n10-calico.conflist\ncalico-kubeconfig\n");
  expect(out[3]).toBe('deployment "web" successfully rolled out\n');
  expect(out[4]).toBe("1\n200\n");
  expect(out[5]).toBe("2\n2\n");
  expect(out[6]).toBe(
    "10-calico.conflist\ncalico-kubeconfig\n2\ntunl0@NONE\n",
  );
}, 60_000); // prettier-ignore

test("with calico-node gone its plugin still answers; with its objects gone Pods wait and say why", async () => {
  const out = await typed(await freshPreset("kubeadm-calico"), [
    "kubectl -n kube-system delete daemonset calico-node > /dev/null; kubectl run a --image=nginx; kubectl wait --for=condition=Ready pod/a --timeout=20s",
    "kubectl delete clusterinformation default > /dev/null; kubectl run b --image=nginx; sleep 5; kubectl get pod b --no-headers | awk '{print $3}'",
    "kubectl get events --field-selector involvedObject.name=b,reason=FailedCreatePodSandBox -o jsonpath='{.items[0].message}' | sed -E 's/.*plugin type/plugin type/'",
    "ssh node01 rm /var/lib/calico/nodename; kubectl run c --image=nginx --overrides='{\"spec\":{\"nodeName\":\"node01\"}}'; sleep 3; kubectl get events --field-selector involvedObject.name=c,reason=FailedCreatePodSandBox -o jsonpath='{.items[0].message}' | sed -E 's/.*plugin type/plugin type/'",
  ]);
  expect(out[0]).toContain("pod/a condition met");
  expect(out[1]).toContain("ContainerCreating\n");
  expect(out[2]).toBe(
    'plugin type="calico" failed (add): error getting ClusterInformation: resource does not exist: ClusterInformation(default) with error: clusterinformations.crd.projectcalico.org "default" not found',
  );
  expect(out[3]).toContain(
    'plugin type="calico" failed (add): stat /var/lib/calico/nodename: no such file or directory: check that the calico/node container is running and has mounted /var/lib/calico/',
  );
}, 60_000); // prettier-ignore

test("a neighbour that BGP cannot reach: calico-node says so, and its Pods are cut off after a while", async () => {
  const out = await typed(await freshPreset("kubeadm-calico"), [
    "ip route | grep -c 'dev tunl0 proto bird'; ip route del $(ip route | grep 'dev tunl0' | cut -d' ' -f1); sleep 3; ip route | grep -c 'dev tunl0 proto bird'",
    "iptables -I INPUT -p tcp --dport 179 -j DROP; iptables -I OUTPUT -p tcp --dport 179 -j DROP; sleep 400; ip route | grep -c 'dev tunl0 proto bird'",
    "kubectl -n kube-system get pods -l k8s-app=calico-node --no-headers | awk '{print $2}'; kubectl -n kube-system describe pods -l k8s-app=calico-node | grep -o 'calico/node is not ready: BIRD.*' | sort -u",
    "iptables -D INPUT -p tcp --dport 179 -j DROP; iptables -D OUTPUT -p tcp --dport 179 -j DROP; sleep 100; kubectl -n kube-system get pods -l k8s-app=calico-node --no-headers | awk '{print $2}'; ip route | grep -c 'dev tunl0 proto bird'",
  ]);
  expect(out[0]).toBe("1\n1\n");
  expect(out[1]).toBe("0\n");
  expect(out[2]).toBe(
    "0/1\n0/1\ncalico/node is not ready: BIRD is not ready: BGP not established with 172.30.1.2\ncalico/node is not ready: BIRD is not ready: BGP not established with 172.30.2.2\n",
  );
  expect(out[3]).toBe("1/1\n1/1\n1\n");
}, 60_000); // prettier-ignore

test("without its weaver a node's Pods get no addresses", async () => {
  const out = await typed(await freshPreset("kubeadm-weave"), [
    "kubectl -n kube-system delete daemonset weave-net > /dev/null; sleep 5; kubectl run a --image=nginx; sleep 5; kubectl get pod a --no-headers | awk '{print $3}'",
    "kubectl get events --field-selector involvedObject.name=a,reason=FailedCreatePodSandBox -o jsonpath='{.items[0].message}' | sed -E 's/.*plugin type/plugin type/; s/[0-9a-f]{64}/ID/'",
  ]);
  expect(out[0]).toContain("ContainerCreating");
  expect(out[1]).toBe(
    'plugin type="weave-net" name="weave" failed (add): unable to allocate IP address: Post "http://127.0.0.1:6784/ip/ID": dial tcp 127.0.0.1:6784: connect: connection refused',
  );
}, 60_000); // prettier-ignore
