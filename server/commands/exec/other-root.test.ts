import { expect, test } from "vitest";
import { freshCluster, typed } from "./testing.ts";

test("a debugging Pod of a node becomes root there by chroot and nsenter", { timeout: 60_000 }, async () => {
  const out = await typed(await freshCluster(), [
    "kubectl debug node/node01 --image=busybox:1.36 --profile=sysadmin -- sleep 3600 > /dev/null; p=$(kubectl get pod -o name); kubectl wait --for=condition=Ready $p > /dev/null",
    "kubectl exec $p -- chroot /host sh -c 'hostname; systemctl is-active kubelet; crictl ps -q | wc -l; cat /etc/hostname; exit 3'; echo $?",
    "kubectl exec $p -- nsenter -t 1 -m -u -i -n -p -- systemctl stop kubelet; ssh node01 systemctl is-active kubelet",
    "ssh node01 systemctl start kubelet; sleep 2; kubectl exec $p -- chroot /nope; kubectl exec $p -- chroot /host nope; kubectl exec $p -- nsenter -t 99999 -n ip a",
    "kubectl exec $p -- sh -c 'mkdir /tmp/x; chroot /tmp/x sh'",
  ]);
  expect(out.slice(1)).toEqual([
    "node01\nactive\n3\nnode01\n3\ncommand terminated with exit code 3\n",
    // The stream to the container went through the kubelet.
    "inactive\nerror: unexpected EOF\n",
    "chroot: can't change root directory to '/nope': No such file or directory\ncommand terminated with exit code 125\nchroot: can't execute 'nope': No such file or directory\ncommand terminated with exit code 127\nnsenter: can't open '/proc/99999/ns/net': No such file or directory\ncommand terminated with exit code 1\n",
    "drydock: chroot: a root other than a machine's is not simulated\ncommand terminated with exit code 64\n",
  ]);
});

test(
  "nsenter: the network of a container's process on its node; who may less may not",
  { timeout: 60_000 },
  async () => {
    const out = await typed(await freshCluster(), [
      'kubectl run web --image=nginx:1.27.5 --overrides=\'{"spec":{"nodeName":"node01"}}\' > /dev/null; kubectl wait --for=condition=Ready pod/web > /dev/null; ip=$(kubectl get pod web -o jsonpath={.status.podIP})',
      'ssh node01 \'nsenter -t $(pidof nginx | tr " " "\\n" | sort -n | head -1) -n ip -4 -o addr show eth0\' | grep -c $ip',
      "kubectl debug node/node01 --image=busybox:1.36 --profile=general -- sleep 3600 > /dev/null; p=$(kubectl get pod -o name | grep debugger); kubectl wait --for=condition=Ready $p > /dev/null; kubectl exec $p -- nsenter -t 1 -m sh; kubectl exec $p -- chroot /host ip link set lo down; echo $?",
    ]);
    expect(out.slice(1)).toEqual([
      "1\n",
      "2\nnsenter: can't open '/proc/1/ns/mnt': Permission denied\ncommand terminated with exit code 1\nRTNETLINK answers: Operation not permitted\ncommand terminated with exit code 2\n",
    ]);
  },
);
