/** The repositories of pkgs.k8s.io: one for each minor release, flat, in the versions that people's transcripts show. */
interface Repository {
  readonly patches: number;
  readonly criTools: string;
}

/** Patches that were out: `1.33.0` up to this one. */
const REPOSITORIES: Readonly<Record<string, Repository>> = {
  "v1.33": { patches: 8, criTools: "1.33.0-1.1" },
  "v1.34": { patches: 8, criTools: "1.34.0-1.1" },
};

/** Bytes of the archives, and KiB of what they unpack to: as apt tells them of 1.33. */
const SIZES: Readonly<Record<string, readonly [archive: number, installed: number]>> = {
  "cri-tools": [17_300_000, 41_000],
  kubeadm: [12_700_000, 72_500],
  kubectl: [11_700_000, 58_500],
  kubelet: [15_900_000, 79_500],
  "kubernetes-cni": [37_800_000, 112_000],
};

const SUMMARIES: Readonly<Record<string, string>> = {
  "cri-tools": "Command-line utility for interacting with a container runtime",
  kubeadm: "Command-line utility for administering a Kubernetes cluster",
  kubectl: "Command-line utility for interacting with a Kubernetes cluster",
  kubelet: "Node agent for Kubernetes clusters",
  "kubernetes-cni": "Binaries required to provision kubernetes container networking",
};

const DEPENDS: Readonly<Record<string, string>> = {
  kubeadm: "cri-tools (>= 1.30.0)",
  kubelet: "kubernetes-cni (>= 1.2.0), mount, util-linux",
};

/** Archives of the version that the world has; those with services are not installed by apt here. */
const ARCHIVES: Readonly<Record<string, string>> = {
  "cri-tools_1.33.0-1.1_amd64.deb": "usr/bin/crictl 40000000\n",
  "kubectl_1.33.1-1.1_amd64.deb": "usr/bin/kubectl 60000000\n",
};

const FOLDER = /^\/repositories\/isv:\/kubernetes:\/core:\/stable:\/(v[\d.]+)\/deb\/(.+)$/;

/** What lies under a path of prod-cdn.packages.k8s.io; undefined: nothing. */
export function kubernetesRepositoryFile(path: string): string | undefined {
  const [, minor = "", file = ""] = FOLDER.exec(path) ?? [];
  const repository = REPOSITORIES[minor];
  if (!repository) return undefined;
  if (file === "InRelease" || file === "Release")
    return `Origin: obs://build.opensuse.org/isv:kubernetes:core:stable:${minor}/deb\nLabel: isv:kubernetes:core:stable:${minor}\nArchitectures: amd64 arm64 ppc64el s390x\n`;
  if (file === "Packages") return stanzas(minor, repository).join("\n");
  if (!/^amd64\/[a-z-]+_[^/]+_amd64\.deb$/.test(file)) return undefined;
  if (!stanzas(minor, repository).some((text) => text.includes(`Filename: ${file}\n`))) return undefined;
  // What stands instead of an archive: our programs are of one version, whatever the repository has.
  return ARCHIVES[file.slice("amd64/".length)] ?? "drydock: not simulated\n";
}

function stanzas(minor: string, { patches, criTools }: Repository): string[] {
  const versions = Array.from({ length: patches + 1 }, (_, patch) => `${minor.slice(1)}.${patch}-1.1`);
  return [
    stanza("cri-tools", criTools),
    ...["kubeadm", "kubectl", "kubelet"].flatMap((name) => versions.map((version) => stanza(name, version))),
    stanza("kubernetes-cni", "1.6.0-1.1"),
  ];
}

function stanza(name: string, version: string): string {
  const [size, installed] = SIZES[name]!;
  const depends = DEPENDS[name] === undefined ? "" : `Depends: ${DEPENDS[name]}\n`;
  return `Package: ${name}\nVersion: ${version}\nArchitecture: amd64\nMaintainer: Kubernetes Authors <dev@kubernetes.io>\nInstalled-Size: ${installed}\n${depends}Filename: amd64/${name}_${version}_amd64.deb\nSize: ${size}\nHomepage: https://kubernetes.io\nDescription: ${SUMMARIES[name]!}\n`;
}
