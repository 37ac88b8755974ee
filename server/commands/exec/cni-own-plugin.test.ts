import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** What happens with plugins and configurations that a learner has written (SEEDS C3, issue 7). */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);
const onNode = (script: string): string => `ssh node01 ${quoted(script)}`;
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
const writing = (path: string, text: string): string => `cat > ${path} <<'END'\n${text}\nEND`;

/** A plugin as tutorials write it: a bridge, a cable, an address from a counter. */
const PLUGIN = `#!/bin/bash
exec 3>&1
exec &>> /var/log/own-cni.log
config=$(cat)
echo "$CNI_COMMAND $CNI_IFNAME $CNI_CONTAINERID $config"
case $CNI_COMMAND in
ADD)
  subnet=$(jq -r .podcidr <<< "$config")
  gateway=\${subnet%.0/24}.1
  if ! ip link show own0 > /dev/null; then
    ip link add own0 type bridge
    ip link set own0 up
    ip addr add $gateway/24 dev own0
  fi
  n=$(cat /tmp/last-address || echo 50)
  echo $((n + 1)) > /tmp/last-address
  ip=\${subnet%.0/24}.$((n + 1))
  ln -sfT $CNI_NETNS /var/run/netns/$CNI_CONTAINERID
  ip link add own-eth type veth peer name own$n
  ip link set own$n master own0 up
  ip link set own-eth netns $CNI_CONTAINERID name $CNI_IFNAME
  ip netns exec $CNI_CONTAINERID ip link set $CNI_IFNAME up
  ip netns exec $CNI_CONTAINERID ip addr add $ip/24 dev $CNI_IFNAME
  ip netns exec $CNI_CONTAINERID ip route add default via $gateway
  mac=$(ip netns exec $CNI_CONTAINERID ip link show eth0 | awk '/ether/ {print $2}')
  cat >&3 <<RESULT
{ "cniVersion": "0.3.1",
  "interfaces": [ { "name": "eth0", "mac": "$mac", "sandbox": "$CNI_NETNS" } ],
  "ips": [ { "version": "4", "address": "$ip/24", "gateway": "$gateway", "interface": 0 } ] }
RESULT
  ;;
DEL) rm -f /var/run/netns/$CNI_CONTAINERID ;;
*) exit 1 ;;
esac`;

const CONFLIST = `{"cniVersion": "0.3.1", "name": "own", "plugins": [
  {"type": "own-cni", "podcidr": "10.240.1.0/24"}, {"type": "portmap", "capabilities": {"portMappings": true}}]}`;

const withPlugin = (script: string): string =>
  onNode(
    [
      "rm /etc/cni/net.d/10-flannel.conflist",
      writing("/opt/cni/bin/own-cni", script),
      "chmod +x /opt/cni/bin/own-cni",
      writing("/etc/cni/net.d/10-own.conflist", CONFLIST),
    ].join("\n"),
  );

const run = (name: string, more = ""): string =>
  `kubectl run ${name} --image=nginx --overrides='{"spec":{"nodeName":"node01"}}' ${more}`;
const events = (name: string): string =>
  `kubectl get events --field-selector involvedObject.name=${name} -o jsonpath='{range .items[*]}{.type} {.reason} {.message}{"\\n"}{end}' | sed -E 's/"[0-9a-f]{64}"/ID/g'`;

const FAILED =
  "Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox ID: ";

describe("an own plugin", () => {
  test("a script in /opt/cni/bin gives a Pod the address that it returns, and takes it back", async () => {
    const out = await said(
      withPlugin(PLUGIN),
      `${run("web")}; kubectl wait --for=condition=Ready pod/web; kubectl get pod web -o jsonpath='{.status.podIP}'`,
      onNode(
        "curl -s -o /dev/null -w '%{http_code}\\n' 10.240.1.51; ip -br link show type veth | grep -c own; grep eth0 /var/log/own-cni.log | cut -d' ' -f1-2,4-",
      ),
      "kubectl delete pod web",
      onNode("tail -1 /var/log/own-cni.log | cut -d' ' -f1,2; ls /var/run/netns | grep -vc cni-; ip link show own50"),
    );
    expect(out[1]).toBe("pod/web created\npod/web condition met\n10.240.1.51");
    expect(out[2]!.split("\n")).toEqual([
      "200",
      "1",
      'ADD eth0 {"cniVersion":"0.3.1","name":"own","podcidr":"10.240.1.0/24","type":"own-cni"}',
      "",
    ]);
    expect(out[4]).toBe('DEL eth0\n0\nDevice "own50" does not exist.\n');
  });

  test("the next plugin of the list gets its result; what portmap says of it is what the API shows", async () => {
    const out = await said(
      withPlugin(PLUGIN),
      `kubectl apply -f - <<'END'
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  nodeName: node01
  containers: [{name: web, image: nginx, ports: [{containerPort: 80, hostPort: 8080}]}]
END
kubectl wait --for=condition=Ready pod/web`,
      onNode("iptables -t nat -S | grep -c 'to-destination 10.240.1.51:80'; ls /var/lib/cni/results | grep -c own-"),
    );
    expect(out[1]).toContain("condition met");
    expect(out[2]).toBe("1\n1\n");
  });

  test.each<[string, string, string]>([
    [
      "prints an error of the specification",
      `echo '{"cniVersion": "0.3.1", "code": 11, "msg": "no more addresses", "details": "ask later"}'; exit 1`,
      'plugin type="own-cni" failed (add): no more addresses; ask later',
    ],
    [
      "ends unhappily without a word",
      "exit 3",
      'plugin type="own-cni" failed (add): netplugin failed with no error message: exit status 3',
    ],
    [
      "complains on stderr",
      "echo oh no >&2; exit 1",
      'plugin type="own-cni" failed (add): netplugin failed: "oh no\\n"',
    ],
    [
      "returns no JSON",
      "echo done",
      "plugin type=\"own-cni\" failed (add): failed to unmarshal raw result: invalid character 'd' looking for beginning of value",
    ],
  ])("a script that %s", async (_, body, words) => {
    const script = `#!/bin/bash\n[ $CNI_COMMAND = ADD ] || exit 0\n${body}`;
    const [, , shown, phase] = await said(
      withPlugin(script),
      run("web"),
      events("web"),
      "kubectl get pod web --no-headers | awk '{print $2, $3}'",
    );
    expect(shown!.split("\n").filter((line) => line.startsWith("Warning"))[0]).toBe(FAILED + words);
    expect(phase).toBe("0/1 ContainerCreating\n");
  });

  test("a script that nobody may execute", async () => {
    const [, , shown] = await said(
      `${withPlugin("#!/bin/sh")}; ${onNode("chmod -x /opt/cni/bin/own-cni")}`,
      run("web"),
      events("web"),
    );
    expect(shown).toContain(
      'plugin type="own-cni" failed (add): netplugin failed with no error message: fork/exec /opt/cni/bin/own-cni: permission denied',
    );
  });
});

describe("configurations", () => {
  const ready =
    'kubectl get nodes node01 -o jsonpath=\'{.status.conditions[?(@.type=="Ready")].status} {.status.conditions[?(@.type=="Ready")].message}\'';
  const NOT_INITIALIZED =
    "False container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized";

  test("none: the node is not ready, says why, and its Pods wait", async () => {
    const out = await said(
      onNode("rm /etc/cni/net.d/*"),
      "sleep 15",
      `${ready}; echo; kubectl describe node node01 | grep -c node.kubernetes.io/not-ready:NoSchedule`,
      run("web"),
      events("web"),
      onNode(
        "journalctl -u kubelet --no-pager | grep -o 'Container runtime network not ready.*' | tail -1; crictl info | jq -r .lastCNILoadStatus",
      ),
    );
    expect(out[2]).toBe(`${NOT_INITIALIZED}\n1\n`);
    expect(out[4]).toContain(
      "Warning NetworkNotReady network is not ready: container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
    );
    expect(out[5]).toBe(
      `Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"\ncni config load failed: no network config found in /etc/cni/net.d: cni plugin not initialized: failed to load cni config\n`,
    );
  });

  test("broken: only the runtime tells why", async () => {
    const out = await said(
      onNode("echo '{bad' > /etc/cni/net.d/10-flannel.conflist"),
      "sleep 15",
      ready,
      onNode("crictl info | jq -r .lastCNILoadStatus"),
    );
    expect(out[2]).toBe(NOT_INITIALIZED);
    expect(out[3]).toBe(
      "cni config load failed: failed to load CNI config list file /etc/cni/net.d/10-flannel.conflist: error parsing configuration list: invalid character 'b' looking for beginning of object key string: invalid cni config: failed to load cni config\n",
    );
  });

  test("two: the first by name counts", async () => {
    const other = `{"cniVersion": "1.0.0", "name": "other", "plugins": [{"type": "bridge", "bridge": "br9", "isGateway": true,
      "ipam": {"type": "host-local", "subnet": "10.99.0.0/24", "routes": [{"dst": "0.0.0.0/0"}]}}]}`;
    const out = await said(
      onNode(writing("/etc/cni/net.d/99-other.conflist", other)),
      `${run("a")}; kubectl wait --for=condition=Ready pod/a; kubectl get pod a -o jsonpath='{.status.podIP}'`,
      onNode("mv /etc/cni/net.d/99-other.conflist /etc/cni/net.d/05-other.conflist"),
      `${run("b")}; kubectl wait --for=condition=Ready pod/b; kubectl get pod b -o jsonpath='{.status.podIP}'`,
      onNode("ip -br addr show type bridge | awk '{print $1, $3}'"),
    );
    expect(out[1]).toMatch(/10\.244\.1\.\d+$/);
    expect(out[3]).toMatch(/10\.99\.0\.2$/);
    expect(out[4]).toContain("br9 10.99.0.1/24");
  });

  test.each<[string, string, string]>([
    [
      "names a plugin that is not there",
      'sed -i \'s/"type": "flannel"/"type": "flanel"/\' /etc/cni/net.d/10-flannel.conflist',
      'plugin type="flanel" failed (add): failed to find plugin "flanel" in path [/opt/cni/bin]',
    ],
    [
      "has lost its plugin's file",
      "rm /opt/cni/bin/flannel",
      'plugin type="flannel" failed (add): failed to find plugin "flannel" in path [/opt/cni/bin]',
    ],
    [
      "asks for a version that the plugin does not know",
      'sed -i \'s/"cniVersion": "0.3.1"/"cniVersion": "9.0.0"/\' /etc/cni/net.d/10-flannel.conflist',
      'plugin type="flannel" failed (add): incompatible CNI versions; config is "9.0.0", plugin supports ["0.1.0" "0.2.0" "0.3.0" "0.3.1" "0.4.0" "1.0.0" "1.1.0"]',
    ],
    [
      "has a plugin whose flanneld is gone",
      "rm /run/flannel/subnet.env",
      "plugin type=\"flannel\" failed (add): failed to load flannel 'subnet.env' file: open /run/flannel/subnet.env: no such file or directory. Check the flannel pod log for this node.",
    ],
  ])("one that %s", async (_, break_, words) => {
    const [, , shown] = await said(onNode(break_), run("web"), events("web"));
    expect(shown!.split("\n").filter((line) => line.startsWith("Warning"))[0]).toBe(FAILED + words);
  });
});

test("ptp, host-local and tuning: a routed cable, masqueraded, with settings of its own", async () => {
  const conflist = `{"cniVersion": "1.0.0", "name": "p", "plugins": [
    {"type": "ptp", "ipMasq": true, "ipam": {"type": "host-local", "subnet": "10.244.1.0/24", "routes": [{"dst": "0.0.0.0/0"}]}},
    {"type": "tuning", "sysctl": {"net.ipv4.conf.IFNAME.arp_filter": "1"}, "mtu": 1400}]}`;
  const out = await said(
    onNode(`rm /etc/cni/net.d/*\n${writing("/etc/cni/net.d/10-ptp.conflist", conflist)}`),
    `kubectl run c --image=nicolaka/netshoot --overrides='{"spec":{"nodeName":"node01"}}' -- sleep 3600; kubectl wait --for=condition=Ready pod/c > /dev/null`,
    "kubectl exec c -- ip route; kubectl exec c -- cat /sys/class/net/eth0/mtu /proc/sys/net/ipv4/conf/eth0/arp_filter",
    "kubectl exec c -- ping -c1 -W1 1.1.1.1 | grep -o '1 received'",
  );
  expect(out[2]).toBe(
    "default via 10.244.1.1 dev eth0 \n10.244.1.0/24 via 10.244.1.1 dev eth0 src 10.244.1.2 \n10.244.1.1 dev eth0 scope link src 10.244.1.2 \n1400\n1\n",
  );
  expect(out[3]).toBe("1 received\n");
});
