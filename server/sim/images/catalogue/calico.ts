import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { distrolessFiles } from "../files/distroless.ts";
import { mergeFiles } from "../files/image-files.ts";
import { toolbox } from "./linux.ts";
import { newest, PATH, repository, type Repository } from "./repository.ts";

/** The images of Project Calico, from both registries. Their programs are sim/kube's (addons/calico). */

const releases = (minor: string, last: number): string[] =>
  Array.from({ length: last + 1 }, (_, patch) => `v${minor}.${patch}`);

const VERSIONS = [...releases("3.28", 5), ...releases("3.29", 6), ...releases("3.30", 4)];
const CREATED = "2025-05-29T09:00:00Z";

const plugin = (name: string, program: string, version: string, size: number): FileSpec => ({
  path: `/opt/cni/bin/${name}`,
  program,
  version,
  size,
});

const PLUGINS = (version: string): FileSpec[] => [
  plugin("bandwidth", "cni/bandwidth", "v1.6.2", 4_859_000),
  plugin("calico", "calico", version, 73_480_000),
  plugin("calico-ipam", "calico-ipam", version, 73_480_000),
  plugin("flannel", "flannel", "v1.7.1-flannel1", 2_900_000),
  plugin("host-local", "cni/host-local", "v1.6.2", 4_110_000),
  plugin("install", "calico-install", version, 73_480_000),
  plugin("loopback", "cni/loopback", "v1.6.2", 4_200_000),
  plugin("portmap", "cni/portmap", "v1.6.2", 4_900_000),
  plugin("tuning", "cni/tuning", "v1.6.2", 4_400_000),
];

const NODE: (version: string) => FileSpec[] = (version) => [
  { path: "/usr/sbin/start_runit", program: "start_runit", version, size: 1_000 },
  { path: "/usr/bin/calico-node", program: "calico-node", version, size: 92_000_000 },
  { path: "/bin/calico-node", link: "/usr/bin/calico-node" },
];

/** iptables and ipset, which Felix drives, and iproute2. */
const TOOLS: Readonly<Record<string, string>> = {
  sbin: "ip ipset iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore",
};

const both = (name: string): string[] => [`docker.io/calico/${name}`, `quay.io/calico/${name}`];

export const calicoRepositories: readonly Repository[] = [
  ...both("cni").map((name) =>
    repository({
      name,
      versions: VERSIONS,
      tag: newest(VERSIONS),
      make: (version) => ({
        created: CREATED,
        config: { entrypoint: ["/opt/cni/bin/install"], env: [`${PATH}:/opt/cni/bin`], workingDir: "/" },
        size: 71_831_420,
        files: () => mergeFiles(distrolessFiles, { specs: PLUGINS(version) }),
      }),
    }),
  ),
  ...both("node").map((name) =>
    repository({
      name,
      versions: VERSIONS,
      tag: newest(VERSIONS),
      make: (version) => ({
        created: CREATED,
        config: { cmd: ["start_runit"], env: [PATH], workingDir: "/" },
        size: 158_543_013,
        files: () => mergeFiles(alpineFiles("3.21.3", toolbox(TOOLS, false)), { specs: NODE(version) }),
      }),
    }),
  ),
  ...both("kube-controllers").map((name) =>
    repository({
      name,
      versions: VERSIONS,
      tag: newest(VERSIONS),
      make: (version) => ({
        created: CREATED,
        config: { entrypoint: ["/usr/bin/kube-controllers"], env: [PATH], user: "999", workingDir: "/" },
        size: 52_316_775,
        files: () =>
          mergeFiles(distrolessFiles, {
            specs: [
              { path: "/usr/bin/kube-controllers", program: "calico-kube-controllers", version, size: 58_000_000 },
              { path: "/usr/bin/check-status", program: "calico-check-status", version, size: 3_000_000 },
            ],
          }),
      }),
    }),
  ),
];
