import { beforeAll, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** What candidates type around packages on a node. Words and exit codes as apt 2.6 has them with a repository like it. */
let world: World;

beforeAll(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);
const QUIET = "2> /dev/null";

test("pkgs.k8s.io is reached over https, and its versions are told by madison, policy and list", async () => {
  const out = await said(
    "apt-get update | grep k8s; apt-get update | grep k8s",
    "apt-cache madison kubeadm | tail -2; apt-cache policy cri-tools; apt-cache policy nosuch",
    `apt list --installed ${QUIET} | grep kube; apt list --upgradable kubectl ${QUIET}`,
    "sed -i.old s/v1.33/v1.3/ /etc/apt/sources.list.d/kubernetes.list; apt-get update -qq; echo $?; mv /etc/apt/sources.list.d/kubernetes.list.old /etc/apt/sources.list.d/kubernetes.list",
    "apt-cache show nosuch; echo $?; apt-cache search '^kubectl$'",
  );
  const cdn = "https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:/core:/stable:/v1.33/deb ";
  expect(out[0]).toMatch(
    /^Get:1 \S+ {2}InRelease \[\d+ B\]\nGet:6 \S+ {2}Packages \[\d+ B\]\nHit:1 \S+ {2}InRelease\n$/,
  );
  expect(out[0]).toContain(`Hit:1 ${cdn} InRelease`);
  expect(out[1]).toBe(`   kubeadm | 1.33.1-1.1 | https://pkgs.k8s.io/core:/stable:/v1.33/deb  Packages
   kubeadm | 1.33.0-1.1 | https://pkgs.k8s.io/core:/stable:/v1.33/deb  Packages
cri-tools:
  Installed: 1.33.0-1.1
  Candidate: 1.33.0-1.1
  Version table:
 *** 1.33.0-1.1 500
        500 https://pkgs.k8s.io/core:/stable:/v1.33/deb  Packages
        100 /var/lib/dpkg/status
`);
  expect(out[2]).toBe(`kubeadm/unknown,now 1.33.1-1.1 amd64 [installed,upgradable to: 1.33.8-1.1]
kubectl/unknown,now 1.33.1-1.1 amd64 [installed,upgradable to: 1.33.8-1.1]
kubelet/unknown,now 1.33.1-1.1 amd64 [installed,upgradable to: 1.33.8-1.1]
kubernetes-cni/unknown,now 1.6.0-1.1 amd64 [installed,automatic]
Listing...
kubectl/unknown 1.33.8-1.1 amd64 [upgradable from: 1.33.1-1.1]
`);
  expect(out[3]).toContain(
    "100\nE: The repository 'https://pkgs.k8s.io/core:/stable:/v1.3/deb  Release' does not have a Release file.\n",
  );
  expect(out[4]).toBe(
    "100\nkubectl - Command-line utility for interacting with a Kubernetes cluster\nE: No packages found\n",
  );
});

test("a hold keeps a package, is told by dpkg, and falls with unhold; another version is refused and nothing changes", async () => {
  const out = await said(
    "apt-mark showhold; apt-mark hold kubelet; apt-mark unhold kubectl kubectl; apt-mark unhold kubectl; apt-mark hold nosuch; echo $?",
    "dpkg -l 'kube*' | tail -4 | cut -c1-33; dpkg --get-selections kubectl; grep -A1 '^Package: kubectl$' /var/lib/dpkg/status",
    "apt-get install -qq -y kubeadm=1.33.2-1.1; echo $?; apt-get install -y kubeadm=1.33.2-1.1 | tail -5",
    "apt-get -s upgrade | tail -8",
    "apt-get install -qq -y kubectl=1.33.2-*; echo $?; kubectl version --client | head -1; dpkg-query -W kubectl",
    "apt-get install -qq -y kubectl=1.33.0-1.1; echo $?; apt-get install -qq kubectl=9; echo $?",
  );
  expect(out[0]).toBe(`kubeadm
kubectl
kubelet
kubelet was already set on hold.
Canceled hold on kubectl.
kubectl was already not on hold.
100
E: Unable to locate package nosuch
E: No packages found
`);
  expect(out[1]).toBe(`hi  kubeadm        1.33.1-1.1   a
ii  kubectl        1.33.1-1.1   a
hi  kubelet        1.33.1-1.1   a
ii  kubernetes-cni 1.6.0-1.1    a
kubectl						install
Package: kubectl
Status: install ok installed
`);
  const held = "E: Held packages were changed and -y was used without --allow-change-held-packages.\n";
  expect(out[2]).toBe(`100
The following held packages will be changed:
  kubeadm
The following packages will be upgraded:
  kubeadm
1 upgraded, 0 newly installed, 0 to remove and 2 not upgraded.
${held}${held}`);
  const version = "isv:kubernetes:core:stable:v1.33:pkgs.k8s.io [amd64]";
  expect(out[3]).toBe(`Calculating upgrade...
The following packages have been kept back:
  kubeadm kubelet
The following packages will be upgraded:
  kubectl
1 upgraded, 0 newly installed, 0 to remove and 2 not upgraded.
Inst kubectl [1.33.1-1.1] (1.33.8-1.1 ${version})
Conf kubectl (1.33.8-1.1 ${version})
`);
  expect(out[4]).toBe(
    "64\nClient Version: v1.33.1\nkubectl\t1.33.1-1.1\ndrydock: apt-get: kubectl 1.33.2-1.1 is not simulated; nothing was changed\n",
  );
  expect(out[5]).toBe(
    "100\n100\nE: Packages were downgraded and -y was used without --allow-downgrades.\nE: Version '9' for 'kubectl' was not found\n",
  );
});

test("packages go and come with their files; what others need stays; files tell whose they are", async () => {
  const out = await said(
    "apt-get remove -y tree | tail -1; which tree; dpkg -s tree > /dev/null; apt-get install -y tree | tail -1; tree --version; dpkg -S /usr/bin/tree",
    "apt-get remove -y cri-tools; echo $?",
    "dpkg -L kubeadm | tail -1; dpkg -S /usr/bin/kubelet /nosuch; apt-get remove -qq -y --allow-change-held-packages kubelet; echo $?",
    "apt-get install -qq -y nmap; echo $?; apt-get install -qq -y nmpa; echo $?; apt-get install jq | tail -2; reboot; echo $?; lsb_release -cs",
  );
  expect(out[0]).toBe(`Removing tree (2.1.1-2ubuntu3) ...
Setting up tree (2.1.1-2ubuntu3) ...
tree 2.1.1
tree: /usr/bin/tree
dpkg-query: package 'tree' is not installed and no information is available
Use dpkg --info (= dpkg-deb --info) to examine archive files.
`);
  expect(out[1]).toContain(" kubeadm : Depends: cri-tools (>= 1.30.0) but it is not going to be installed\n100\n");
  expect(out[2]).toBe(`/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf
kubelet: /usr/bin/kubelet
64
dpkg-query: no path found matching pattern /nosuch
drydock: apt-get: the removal of kubelet is not simulated; nothing was changed
`);
  expect(out[3]).toBe(`64
100
jq is already the newest version (1.7.1-3build1).
0 upgraded, 0 newly installed, 0 to remove and 3 not upgraded.
64
noble
drydock: apt-get: package 'nmap' is not simulated
E: Unable to locate package nmpa
drydock: reboot: 'reboot' is not simulated
`);
});
