import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

const SETUP = [
  "kubectl create deployment web --image=nginx --replicas=2",
  "kubectl expose deployment web --port=80",
  "kubectl run c --image=busybox:1.36 --command -- sleep 3600",
  "kubectl wait --for=condition=Ready pod/c pod -l app=web > /dev/null; kubectl wait --for=condition=Ready pod/c",
];
/** By address, so that only the way to the Service counts; and by name, through CoreDNS. */
const BY_ADDRESS = "kubectl exec c -- wget -T 3 -qO- $(kubectl get svc web -o jsonpath={.spec.clusterIP}) | head -1";
const BY_NAME = "kubectl exec c -- wget -T 3 -qO- web | head -1";
const PAGE = "<!DOCTYPE html>\n";
const FAILED = "command terminated with exit code 1\n";

let world: World;

beforeEach(async () => {
  world = await freshCluster();
});

async function after(...lines: string[]): Promise<string[]> {
  return (await typed(world, [...SETUP, ...lines])).slice(SETUP.length);
}

test("the first minutes of a cluster: a deployment, its Service, and a Pod that asks it", async () => {
  const [created, exposed, page, rest] = await typed(world, [
    "kubectl create deployment web --image=nginx --replicas=2",
    "kubectl expose deployment web --port=80",
    "kubectl run t --image=busybox:1.28 -it --rm --restart=Never -- wget -T 5 -qO- web",
    "kubectl get pods",
  ]);
  expect(created).toBe("deployment.apps/web created\n");
  expect(exposed).toBe("service/web exposed\n");
  expect(page).toMatch(/^<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!<\/title>\n/);
  expect(page).toMatch(/<\/html>\npod "t" deleted\n$/);
  expect(rest).toMatch(
    /^NAME {19}READY {3}STATUS {4}RESTARTS {3}AGE\n(web-[a-z0-9]+-[a-z0-9]{5} {3}1\/1 {5}Running {3}0 {10}\d+s\n){2}$/,
  );
});

describe("kube-proxy's rules", () => {
  test("without KUBE-SERVICES on the client's node its Services are gone, those of other nodes are not", async () => {
    const [before, flushed, byAddress, fromNode] = await after(
      BY_ADDRESS,
      "ssh node01 iptables -t nat -F KUBE-SERVICES",
      BY_ADDRESS,
      "curl -sm 3 $(kubectl get svc web -o jsonpath={.spec.clusterIP}) | head -1",
    );
    expect([before, flushed]).toEqual([PAGE, ""]);
    expect(byAddress).toBe(`wget: download timed out\n${FAILED}`);
    expect(fromNode).toBe(PAGE);
  });

  test("they stay when kube-proxy's Pod is killed, and the next one takes over", async () => {
    const [deleted, while_, now] = await after(
      "kubectl -n kube-system delete pod -l k8s-app=kube-proxy --wait=false",
      BY_NAME,
      "sleep 10; kubectl -n kube-system get pods -l k8s-app=kube-proxy --no-headers",
    );
    expect(deleted).toMatch(/^(pod "kube-proxy-[a-z0-9]{5}" deleted\n){2}$/);
    expect(while_).toBe(PAGE);
    expect(now).toMatch(/^(kube-proxy-[a-z0-9]{5} {3}1\/1 {3}Running {3}0 {5}\d+s\n){2}$/);
  });

  test("no rule is written for a new Service while no kube-proxy runs", async () => {
    const out = await after(
      `kubectl -n kube-system patch daemonset kube-proxy -p '{"spec":{"template":{"spec":{"nodeSelector":{"no":"such"}}}}}' > /dev/null; sleep 40`,
      "kubectl expose deployment web --port=80 --name=late; sleep 3",
      "iptables-save -t nat | grep -c late",
      "iptables-save -t nat | grep -c 'default/web '",
    );
    expect(out.slice(1)).toEqual(["service/late exposed\n", "0\n", expect.stringMatching(/^[1-9]\d*\n$/)]);
  });
});

test("without its kubelet a node becomes NotReady, its containers run on, and nobody gets into them", async () => {
  const [stopped, nodes, page, exec, started] = await after(
    "ssh node01 systemctl stop kubelet; sleep 50",
    "kubectl get nodes --no-headers | awk '{print $1, $2}'",
    "curl -sm 3 $(kubectl get svc web -o jsonpath={.spec.clusterIP}) -o /dev/null -w '%{http_code}\\n'",
    "kubectl exec c -- true",
    "ssh node01 systemctl start kubelet; sleep 30; kubectl get nodes --no-headers | awk '{print $1, $2}'",
  );
  expect(stopped).toBe("");
  expect(nodes).toBe("controlplane Ready\nnode01 NotReady\n");
  // Its endpoints are not ready any more: kube-proxy refuses.
  expect(page).toBe("000\n");
  expect(exec).toBe(
    "Error from server: error dialing backend: dial tcp 172.30.2.2:10250: connect: connection refused\n",
  );
  expect(started).toBe("controlplane Ready\nnode01 Ready\n");
});

describe("the node's network", () => {
  test("with cni0 down the node's Pods are cut off; up again, all is well", async () => {
    const [, down, , up] = await after(
      "ssh node01 ip link set cni0 down",
      BY_ADDRESS,
      "ssh node01 ip link set cni0 up",
      BY_NAME,
    );
    expect(down).toMatch(new RegExp(`^wget: .*\\n${FAILED}$`));
    expect(up).toBe(PAGE);
  });

  test("without the route to the other node's Pods those are unreachable, the own ones are not", async () => {
    const [, dns, own] = await after("ssh node01 ip route del 10.244.0.0/24", BY_NAME, BY_ADDRESS);
    expect(dns).toBe(`wget: bad address 'web'\n${FAILED}`);
    expect(own).toBe(PAGE);
  });

  test("a node that does not forward takes nothing from its Pods", async () => {
    const [, off, , on] = await after(
      "ssh node01 'echo 0 > /proc/sys/net/ipv4/ip_forward'",
      BY_NAME,
      "ssh node01 'echo 1 > /proc/sys/net/ipv4/ip_forward'",
      BY_NAME,
    );
    expect(off).toBe(`wget: bad address 'web'\n${FAILED}`);
    expect(on).toBe(PAGE);
  });
});

test("CoreDNS' Pods come again when they are deleted; without any, names are gone and addresses are not", async () => {
  const [deleted, again, , name, address] = await after(
    "kubectl -n kube-system delete pod -l k8s-app=kube-dns",
    `sleep 5; ${BY_NAME}`,
    "kubectl -n kube-system scale deployment coredns --replicas=0; sleep 40",
    BY_NAME,
    BY_ADDRESS,
  );
  expect(deleted).toMatch(/^(pod "coredns-674b8bbfcf-[a-z0-9]{5}" deleted\n){2}$/);
  expect(again).toBe(PAGE);
  expect(name).toBe(`wget: bad address 'web'\n${FAILED}`);
  expect(address).toBe(PAGE);
});

test("a control plane without its API server's manifest is down until the manifest is back", async () => {
  const [down, lost, up, restarts] = await after(
    "mv /etc/kubernetes/manifests/kube-apiserver.yaml /tmp; sleep 40; kubectl get nodes 2>&1 | tail -1",
    "cat /var/log/pods/*scheduler*/*/0.log | tail -1 | cut -d']' -f2",
    "mv /tmp/kube-apiserver.yaml /etc/kubernetes/manifests/; sleep 40; kubectl get nodes --no-headers | awk '{print $1, $2}'",
    "kubectl -n kube-system get pods --no-headers | awk '/kube-(sch|con)/ {print $1, $3, $4}'",
  );
  // Leaders that cannot renew for ten seconds give up, and their kubelet starts them again.
  expect(lost).toBe(' "Leaderelection lost"\n');
  expect(restarts).toBe("kube-controller-manager-controlplane Running 1\nkube-scheduler-controlplane Running 1\n");
  expect(down).toBe(
    "The connection to the server 172.30.1.2:6443 was refused - did you specify the right host or port?\n",
  );
  expect(up).toBe("controlplane Ready\nnode01 Ready\n");
});

test("a container changes its network only with NET_ADMIN", async () => {
  const withCapability = JSON.stringify({
    spec: {
      containers: [
        {
          name: "admin",
          image: "busybox:1.36",
          command: ["sleep", "3600"],
          securityContext: { capabilities: { add: ["NET_ADMIN"] } },
        },
      ],
    },
  });
  const [refused, , done] = await after(
    "kubectl exec c -- ip link set eth0 down",
    `kubectl run admin --image=busybox:1.36 --overrides='${withCapability}'; kubectl wait --for=condition=Ready pod/admin`,
    "kubectl exec admin -- ip link set eth0 down; kubectl exec admin -- wget -T 2 -qO- 10.244.0.1",
  );
  expect(refused).toBe(`ip: ioctl 0x8914 failed: Operation not permitted\n${FAILED}`);
  expect(done).toBe(`wget: can't connect to remote host (10.244.0.1): Network is unreachable\n${FAILED}`);
});

test("a program whose standard error is closed goes on", async () => {
  expect(await typed(world, ["kubectl -n default get ep kubernetes -o name 2>&-; echo $?"])).toEqual([
    "endpoints/kubernetes\n0\n",
  ]);
});
