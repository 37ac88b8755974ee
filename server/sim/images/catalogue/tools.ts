import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { busyboxFiles } from "../files/busybox.ts";
import { debianFiles, type DebianOptions } from "../files/debian.ts";
import { mergeFiles, type FileSet } from "../files/image-files.ts";
import { scratchFiles } from "../files/distroless.ts";
import type { ImageConfig } from "../image.ts";
import { toolbox } from "./linux.ts";
import { PATH, repository, series, type Repository } from "./repository.ts";

/** Images that people take for one program: name servers are asked, an address is fetched, a script is run. */
interface ToolImage {
  readonly names: readonly string[];
  readonly versions: readonly string[];
  readonly size: number;
  readonly created: string;
  readonly config: ImageConfig;
  readonly files: (version: string) => FileSet;
}

const BIND = "dig host nslookup";

/** Alpine with more programs in /usr/bin. */
const alpine = (programs: string, ...specs: FileSpec[]): FileSet =>
  mergeFiles(alpineFiles("3.21.3", programs === "" ? {} : toolbox({ "usr/bin": programs }, false)), { specs });

const debian = (options: DebianOptions, ...specs: FileSpec[]): FileSet => mergeFiles(debianFiles(options), { specs });

const usr = (programs: string): DebianOptions => ({
  programs: programs.split(" ").map((name) => `usr/bin/${name} 100000`),
});

const curl: FileSpec = { path: "/usr/bin/curl", program: "curl", version: "8.12.1", size: 260_000 };

const IMAGES: readonly ToolImage[] = [
  {
    names: ["docker.io/library/bash"],
    versions: ["4.4.23", "5.0.18", "5.1.16", "5.2.37"],
    size: 6_400_000,
    created: "2025-02-14T03:28:36Z",
    config: { entrypoint: ["docker-entrypoint.sh"], cmd: ["bash"], workingDir: "/" },
    files: (version) =>
      alpine(
        "",
        { path: "/usr/local/bin/bash", program: "bash", version, size: 1_100_000 },
        { path: "/usr/local/bin/docker-entrypoint.sh", program: "command-entrypoint", size: 350 },
      ),
  },
  {
    // As test/images/jessie-dnsutils of Kubernetes; here on the Debian that there is.
    names: [
      "registry.k8s.io/e2e-test-images/jessie-dnsutils",
      "k8s.gcr.io/e2e-test-images/jessie-dnsutils",
      "gcr.io/kubernetes-e2e-test-images/dnsutils",
      "gcr.io/kubernetes-e2e-test-images/jessie-dnsutils",
      "docker.io/tutum/dnsutils",
    ],
    versions: ["1.0", "1.1", "1.3", "1.4", "1.5", "1.7"],
    size: 42_000_000,
    created: "2021-01-15T00:00:00Z",
    config: { cmd: ["/bin/bash"] },
    files: () => debian(usr(`${BIND} nsupdate`)),
  },
  {
    names: ["docker.io/infoblox/dnstools"],
    versions: ["v2", "v3"],
    size: 6_600_000,
    created: "2018-06-22T00:00:00Z",
    config: { entrypoint: ["/bin/sh"] },
    files: () => alpine(`${BIND} curl tcpdump`),
  },
  {
    names: ["docker.io/alpine/curl", "docker.io/appropriate/curl", "docker.io/byrnedo/alpine-curl"],
    versions: ["8.7.1", "8.12.1"],
    size: 5_200_000,
    created: "2025-03-01T00:00:00Z",
    config: { entrypoint: ["/usr/bin/curl"] },
    files: () => alpine("", curl),
  },
  {
    names: ["docker.io/radial/busyboxplus", "docker.io/yauritux/busybox-curl"],
    versions: ["base", "curl"],
    size: 4_200_000,
    created: "2014-09-28T00:00:00Z",
    config: { cmd: ["/bin/sh"] },
    files: (version) =>
      mergeFiles(busyboxFiles("1.28.4"), { specs: version === "curl" ? [{ ...curl, version: "7.30.0" }] : [] }),
  },
  {
    names: ["quay.io/prometheus/busybox"],
    versions: ["glibc", "uclibc"],
    size: 2_200_000,
    created: "2025-01-01T00:00:00Z",
    config: { cmd: ["sh"] },
    files: () => busyboxFiles("1.37.0"),
  },
  {
    names: ["docker.io/jonlabelle/network-tools"],
    versions: ["1"],
    size: 70_000_000,
    created: "2025-03-01T00:00:00Z",
    config: { cmd: ["bash", "-l"] },
    files: () => alpine(`${BIND} bash curl jq tcpdump openssl nc traceroute`),
  },
  {
    names: ["docker.io/bitnami/kubectl", "docker.io/rancher/kubectl", "docker.io/alpine/k8s"],
    versions: ["1.30.14", "1.31.10", "1.32.6", "1.33.1"],
    size: 80_000_000,
    created: "2025-05-15T00:00:00Z",
    config: { entrypoint: ["kubectl"], cmd: ["--help"], user: "1001" },
    files: (version) =>
      debian({}, { path: "/usr/local/bin/kubectl", program: "kubectl", version: `v${version}`, size: 57_000_000 }),
  },
  {
    names: ["docker.io/library/python"],
    versions: ["3.8.20", "3.9.22", "3.10.17", "3.11.12", "3.12.10", "3.13.3"],
    size: 360_000_000,
    created: "2025-05-09T00:00:00Z",
    config: { cmd: ["python3"] },
    files: (version) =>
      debian(
        usr("curl wget openssl"),
        {
          path: "/usr/local/bin/python3",
          program: "python3",
          version,
          size: 14_000_000,
        },
        { path: "/usr/local/bin/python", link: "python3" },
      ),
  },
  {
    names: ["docker.io/library/hello-world"],
    versions: ["linux"],
    size: 10_070,
    created: "2025-01-23T00:00:00Z",
    config: { cmd: ["/hello"] },
    files: () => scratchFiles({ path: "/hello", program: "hello-world", size: 9_552 }),
  },
];

export const toolRepositories: readonly Repository[] = IMAGES.flatMap((image) =>
  image.names.map((name) =>
    repository({
      name,
      versions: image.versions,
      tag: series(image.versions),
      make: (version) => ({
        created: image.created,
        config: { env: [PATH], ...image.config },
        size: image.size,
        files: () => image.files(version),
      }),
    }),
  ),
);
