import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { mergeFiles } from "../files/image-files.ts";
import { toolbox } from "./linux.ts";
import { newest, PATH, repository, type Repository } from "./repository.ts";

/** The images of Weave Net. Their programs are sim/kube's (addons/weave). */

const VERSIONS = ["2.6.5", "2.7.0", "2.8.0", "2.8.1"];
const CREATED = "2021-01-25T15:35:24Z";

/** iptables, ipset, conntrack and curl. */
const TOOLS: Readonly<Record<string, string>> = {
  sbin: "ip iptables iptables-save iptables-restore",
  "usr/sbin": "ipset conntrack",
  "usr/bin": "curl",
};

const program = (path: string, name: string, version: string, size: number): FileSpec => ({
  path,
  program: name,
  version,
  size,
});

const KUBE = (version: string): FileSpec[] => [
  program("/home/weave/launch.sh", "weave-launch", version, 4_100),
  program("/home/weave/init.sh", "weave-init", version, 700),
  program("/home/weave/weave", "weave", version, 39_000),
  program("/home/weave/weaver", "weaver", version, 29_000_000),
  program("/home/weave/kube-utils", "kube-utils", version, 32_000_000),
  program("/usr/bin/weaveutil", "weaveutil", version, 11_800_000),
  program("/usr/bin/weave-net", "weave-net", version, 11_800_000),
  program("/usr/bin/weave-ipam", "weave-ipam", version, 11_800_000),
];

export const weaveRepositories: readonly Repository[] = [
  repository({
    name: "docker.io/weaveworks/weave-kube",
    versions: VERSIONS,
    tag: newest(VERSIONS),
    make: (version) => ({
      created: CREATED,
      config: { entrypoint: ["/home/weave/launch.sh"], env: [PATH], workingDir: "/home/weave" },
      size: 34_507_012,
      files: () => mergeFiles(alpineFiles("3.21.3", toolbox(TOOLS, false)), { specs: KUBE(version) }),
    }),
  }),
  repository({
    name: "docker.io/weaveworks/weave-npc",
    versions: VERSIONS,
    tag: newest(VERSIONS),
    make: (version) => ({
      created: CREATED,
      config: { entrypoint: ["/usr/bin/launch.sh"], env: [PATH], workingDir: "/" },
      size: 14_926_333,
      files: () =>
        mergeFiles(alpineFiles("3.21.3", toolbox(TOOLS, false)), {
          specs: [
            program("/usr/bin/launch.sh", "weave-npc", version, 500),
            program("/usr/bin/weave-npc", "weave-npc", version, 30_000_000),
          ],
        }),
    }),
  }),
];
