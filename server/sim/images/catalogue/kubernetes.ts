import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { distrolessFiles, scratchFiles } from "../files/distroless.ts";
import { mergeFiles } from "../files/image-files.ts";
import { newest, PATH, repository, type Repository } from "./repository.ts";
import { toolbox } from "./linux.ts";

/** What a kubeadm cluster runs, and the test images of registry.k8s.io. The daemons of the control plane are sim/kube's. */

const REGISTRY = "registry.k8s.io";

/** v1.20.0 to v1.34.12: every patch that an upgrade may name. */
const RELEASES = Array.from({ length: 15 }, (_, minor) =>
  Array.from({ length: 16 }, (__, patch) => `v1.${20 + minor}.${patch}`),
).flat();

const COMPONENTS: readonly { readonly name: string; readonly size: number; readonly binary: number }[] = [
  { name: "kube-apiserver", size: 30_075_899, binary: 99_000_000 },
  { name: "kube-controller-manager", size: 27_638_910, binary: 92_000_000 },
  { name: "kube-scheduler", size: 21_782_634, binary: 71_000_000 },
];

const componentRepositories: readonly Repository[] = COMPONENTS.map(({ name, size, binary }) =>
  repository({
    name: `${REGISTRY}/${name}`,
    versions: RELEASES,
    make: (version) => ({
      created: "2025-05-15T09:00:00Z",
      config: {
        entrypoint: ["/go-runner"],
        env: [PATH, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
        workingDir: "/",
      },
      size,
      files: () =>
        mergeFiles(distrolessFiles, {
          specs: [
            { path: "/go-runner", program: "go-runner", size: 1_600_000 },
            { path: `/usr/local/bin/${name}`, program: name, version, size: binary },
          ],
        }),
    }),
  }),
);

/** What distroless-iptables stages from Debian 12's packages (kubernetes/release images/build/distroless-iptables). */
const IPTABLES_PROGRAMS: readonly FileSpec[] = [
  ...["dash", "cat", "chmod", "grep", "ln", "rm", "sleep", "kmod"].map((name) => ({
    path: `/bin/${name}`,
    program: name,
  })),
  { path: "/bin/sh", link: "/bin/dash" },
  { path: "/usr/bin/wc", program: "wc" },
  ...["conntrack", "ebtables", "ipset", "nft"].map((name) => ({ path: `/usr/sbin/${name}`, program: name })),
  ...["iptables", "iptables-save", "iptables-restore", "ip6tables", "ip6tables-save", "ip6tables-restore"].map(
    (name) => ({
      path: `/usr/sbin/${name}`,
      program: name,
      version: "1.8.9",
    }),
  ),
  ...["lsmod", "modprobe", "insmod", "rmmod", "modinfo", "depmod"].map((name) => ({
    path: `/sbin/${name}`,
    link: "/bin/kmod",
  })),
];

const proxyRepository: Repository = repository({
  name: `${REGISTRY}/kube-proxy`,
  versions: RELEASES,
  make: (version) => ({
    created: "2025-05-15T09:00:00Z",
    config: { cmd: ["/go-runner"], env: [PATH, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"], workingDir: "/" },
    size: 31_887_094,
    files: () =>
      mergeFiles(distrolessFiles, {
        specs: [
          { path: "/go-runner", program: "go-runner", size: 1_600_000 },
          { path: "/usr/local/bin/kube-proxy", program: "kube-proxy", version, size: 72_000_000 },
          ...IPTABLES_PROGRAMS,
        ],
      }),
  }),
});

const ETCD = [
  "3.5.6-0",
  "3.5.7-0",
  "3.5.9-0",
  "3.5.10-0",
  "3.5.12-0",
  "3.5.15-0",
  "3.5.16-0",
  "3.5.21-0",
  "3.5.24-0",
  "3.6.4-0",
];

const etcdRepository: Repository = repository({
  name: `${REGISTRY}/etcd`,
  versions: ETCD,
  make: (version) => ({
    created: "2025-03-27T20:04:21Z",
    config: {
      env: [PATH, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
      workingDir: "/",
      exposedPorts: ["2379/tcp", "2380/tcp", "4001/tcp", "7001/tcp"],
    },
    size: 58_938_593,
    files: () =>
      mergeFiles(distrolessFiles, {
        specs: [
          ...["etcd", "etcdctl", "etcdutl"].map((name) => ({
            path: `/usr/local/bin/${name}`,
            program: name,
            version: version.replace(/-\d+$/, ""),
            size: 24_000_000,
          })),
          { path: "/usr/local/bin/migrate", program: "migrate", size: 11_000_000 },
          { path: "/usr/local/bin/migrate-if-needed.sh", text: "#!/bin/sh\n", mode: 0o755 },
          // bash-static, wrapped into the image for that script (cluster/images/etcd/Dockerfile).
          { path: "/bin/sh", program: "bash", size: 2_007_120 },
          { path: "/bin/cp", program: "cp", size: 147_000 },
        ],
      }),
  }),
});

const COREDNS = ["v1.8.6", "v1.9.3", "v1.10.1", "v1.11.1", "v1.11.3", "v1.12.0", "v1.12.1"];

const corednsRepositories: readonly Repository[] = [`${REGISTRY}/coredns/coredns`, "docker.io/coredns/coredns"].map(
  (name) =>
    repository({
      name,
      versions: name.startsWith("docker.io") ? COREDNS.map((version) => version.slice(1)) : COREDNS,
      ...(name.startsWith("docker.io") ? { tag: (tag: string) => (tag === "latest" ? "1.12.1" : undefined) } : {}),
      make: (version) => ({
        created: "2024-11-21T17:34:10Z",
        config: {
          entrypoint: ["/coredns"],
          env: [PATH, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
          user: "nonroot:nonroot",
          workingDir: "/",
          exposedPorts: ["53/tcp", "53/udp"],
        },
        size: 20_939_036,
        files: () =>
          mergeFiles(distrolessFiles, {
            specs: [{ path: "/coredns", program: "coredns", version: version.replace(/^v/, ""), size: 66_000_000 }],
          }),
      }),
    }),
);

const PAUSE = ["3.1", "3.2", "3.5", "3.6", "3.7", "3.8", "3.9", "3.10"];

const pauseRepositories: readonly Repository[] = [`${REGISTRY}/pause`, "k8s.gcr.io/pause"].map((name) =>
  repository({
    name,
    versions: PAUSE,
    tag: (tag) => (tag === "latest" ? "3.10" : undefined),
    make: () => ({
      created: "2024-05-30T17:15:04Z",
      config: { entrypoint: ["/pause"], env: [PATH], user: "65535:65535", workingDir: "/" },
      size: 320_368,
      files: () => scratchFiles({ path: "/pause", program: "pause", size: 741_376 }),
    }),
  }),
);

const AGNHOST = [
  "2.20",
  "2.21",
  "2.32",
  "2.36",
  "2.39",
  "2.40",
  "2.43",
  "2.45",
  "2.47",
  "2.48",
  "2.50",
  "2.52",
  "2.53",
];

const agnhostRepositories: readonly Repository[] = [
  `${REGISTRY}/e2e-test-images/agnhost`,
  "k8s.gcr.io/e2e-test-images/agnhost",
].map((name) =>
  repository({
    name,
    versions: AGNHOST,
    tag: (tag) => newest(AGNHOST)(tag === "latest" ? "" : tag),
    make: (version) => ({
      created: "2024-05-06T16:03:41Z",
      config: {
        entrypoint: ["/agnhost"],
        cmd: ["pause"],
        env: [PATH],
        exposedPorts: ["80/tcp", "8080/tcp", "8081/tcp", "9376/tcp", "5000/tcp"],
      },
      size: 51_894_231,
      files: () =>
        mergeFiles(alpineFiles("3.19.1", toolbox(AGNHOST_TOOLS, false)), {
          specs: [
            { path: "/agnhost", program: "agnhost", version, size: 58_000_000 },
            { path: "/agnhost-2", link: "agnhost" },
            { path: "/uploads", dir: true },
          ],
        }),
    }),
  }),
);

/** bind-tools, curl, netcat-openbsd, iproute2, iperf, bash */
const AGNHOST_TOOLS: Readonly<Record<string, string>> = {
  bin: "bash",
  sbin: "ip ss bridge tc",
  "usr/bin": "curl dig host nslookup nsupdate nc iperf",
};

const FLANNEL = [
  "v0.25.7",
  "v0.26.0",
  "v0.26.1",
  "v0.26.2",
  "v0.26.3",
  "v0.26.4",
  "v0.26.5",
  "v0.26.6",
  "v0.26.7",
  "v0.27.0",
];

const flannelRepositories: readonly Repository[] = [
  repository({
    name: "ghcr.io/flannel-io/flannel",
    versions: FLANNEL,
    make: (version) => ({
      created: "2025-05-27T10:00:00Z",
      config: { entrypoint: ["/opt/bin/flanneld"], env: [PATH], workingDir: "/" },
      size: 33_226_180,
      files: () =>
        mergeFiles(
          alpineFiles(
            "3.21.3",
            toolbox(
              {
                sbin: "ip ss bridge tc iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore",
                "usr/bin": "wg wg-quick",
              },
              false,
            ),
          ),
          {
            specs: [
              { path: "/opt/bin/flanneld", program: "flanneld", version: version.slice(1), size: 46_000_000 },
              { path: "/opt/bin/mk-docker-opts.sh", program: "mk-docker-opts.sh", size: 2139 },
            ],
          },
        ),
    }),
  }),
  repository({
    name: "ghcr.io/flannel-io/flannel-cni-plugin",
    versions: ["v1.5.1-flannel2", "v1.6.0-flannel1", "v1.6.2-flannel1", "v1.7.1-flannel1"],
    make: (version) => ({
      created: "2025-05-20T10:00:00Z",
      config: { cmd: ["/bin/sh"], env: [PATH], workingDir: "/" },
      size: 4_878_976,
      files: () =>
        mergeFiles(alpineFiles("3.21.3"), {
          specs: [{ path: "/flannel", program: "flannel", version, size: 2_900_000 }],
        }),
    }),
  }),
];

const metricsServerRepository = repository({
  name: `${REGISTRY}/metrics-server/metrics-server`,
  versions: ["v0.6.4", "v0.7.0", "v0.7.1", "v0.7.2", "v0.8.0"],
  make: (version) => ({
    created: "2024-08-28T06:43:11Z",
    config: {
      entrypoint: ["/metrics-server"],
      env: [PATH, "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
      user: "65534",
      workingDir: "/",
    },
    size: 19_494_617,
    files: () =>
      mergeFiles(distrolessFiles, {
        specs: [{ path: "/metrics-server", program: "metrics-server", version, size: 66_000_000 }],
      }),
  }),
});

export const kubernetesRepositories: readonly Repository[] = [
  ...componentRepositories,
  proxyRepository,
  etcdRepository,
  ...corednsRepositories,
  ...pauseRepositories,
  ...agnhostRepositories,
  ...flannelRepositories,
  metricsServerRepository,
];
