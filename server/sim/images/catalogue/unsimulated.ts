import type { FileSpec } from "../../host/index.ts";
import { distrolessFiles } from "../files/distroless.ts";
import { alpineFiles } from "../files/alpine.ts";
import { mergeFiles } from "../files/image-files.ts";
import type { ImageConfig } from "../image.ts";
import { PATH, repository, series, type Repository } from "./repository.ts";
import { unsimulatedServers } from "./unsimulated-servers.ts";

/**
 * Images of published manifests whose servers are not simulated. They are pulled and start as the real ones; servers stay and
 * say in their logs that they do nothing. Programs that do a job and end are looked for by their name: those that are not
 * there say so and fail (exit code 64).
 */
interface UnsimulatedImage {
  readonly names: readonly string[];
  readonly versions: readonly string[];
  readonly size: number;
  /** A shell is in it. */
  readonly shell?: boolean;
  readonly servers?: readonly string[];
  readonly jobs?: readonly string[];
  readonly config: ImageConfig;
}

const ROOT: ImageConfig = { workingDir: "/" };

const IMAGES: readonly UnsimulatedImage[] = [
  {
    names: ["registry.k8s.io/ingress-nginx/kube-webhook-certgen"],
    versions: ["v1.4.0", "v1.4.1", "v1.4.3", "v1.4.4", "v1.5.0", "v1.5.1", "v1.5.2", "v1.5.3", "v1.5.4", "v1.6.0"],
    size: 23_959_150,
    jobs: ["/kube-webhook-certgen"],
    config: { ...ROOT, entrypoint: ["/kube-webhook-certgen"], user: "65532" },
  },
  {
    names: ["quay.io/tigera/operator"],
    versions: ["v1.36.2", "v1.36.5", "v1.38.0", "v1.38.1", "v1.38.3"],
    size: 41_000_000,
    servers: ["/usr/local/bin/operator"],
    config: { ...ROOT, cmd: ["operator"], user: "10001:10001" },
  },
  {
    names: ["docker.io/rancher/local-path-provisioner"],
    versions: ["v0.0.24", "v0.0.26", "v0.0.28", "v0.0.29", "v0.0.30", "v0.0.31", "v0.0.32"],
    size: 20_123_456,
    shell: true,
    servers: ["/usr/bin/local-path-provisioner"],
    config: { ...ROOT, entrypoint: ["local-path-provisioner"] },
  },
  {
    names: ["docker.io/library/perl"],
    versions: ["5.34.0", "5.34.1", "5.36.3", "5.38.4", "5.40.2"],
    size: 336_374_010,
    shell: true,
    jobs: ["/usr/local/bin/perl"],
    config: { cmd: ["perl5.40.2", "-de0"], workingDir: "/usr/src/app" },
  },
  {
    names: ["registry.k8s.io/hpa-example"],
    versions: ["latest"],
    size: 181_000_000,
    shell: true,
    servers: ["/usr/local/bin/apache2-foreground"],
    config: { cmd: ["apache2-foreground"], workingDir: "/var/www/html", exposedPorts: ["80/tcp"] },
  },
  {
    names: ["us-docker.pkg.dev/google-samples/containers/gke/gb-frontend", "gcr.io/google-samples/gb-frontend"],
    versions: ["v3", "v4", "v5", "v6"],
    size: 177_000_000,
    shell: true,
    servers: ["/usr/local/bin/apache2-foreground"],
    config: { cmd: ["apache2-foreground"], workingDir: "/var/www/html", exposedPorts: ["80/tcp"] },
  },
  {
    names: ["quay.io/fluentd_elasticsearch/fluentd"],
    versions: ["v2.5.2", "v3.0.4", "v4.0.2", "v5.0.1"],
    size: 103_000_000,
    shell: true,
    servers: ["/entrypoint.sh"],
    config: { entrypoint: ["/entrypoint.sh"], workingDir: "/" },
  },
  ...unsimulatedServers.map(({ name, versions, program, ports }) => ({
    names: [name],
    versions,
    size: 120_000_000,
    shell: true,
    servers: [program],
    config: { ...ROOT, cmd: [program], exposedPorts: ports.map((port) => `${port}/tcp`) },
  })),
  // Interpreters and compilers, which people start with a command or a script of their own.
  ...["node 18.20.8,20.19.2,22.15.1 /usr/local/bin/node", "golang 1.22.12,1.23.9,1.24.3 /usr/local/go/bin/go", "openjdk 8,11,17,21 /usr/local/openjdk/bin/java", "eclipse-temurin 8,11,17,21 /opt/java/openjdk/bin/java", "php 8.2.28,8.3.21,8.4.7 /usr/local/bin/php", "ruby 3.3.8,3.4.4 /usr/local/bin/ruby"].map((line) => {
    const [name, versions, program] = line.split(" ") as [string, string, string];
    return {
      names: [`docker.io/library/${name}`],
      versions: versions.split(","),
      size: 380_000_000,
      shell: true,
      jobs: [program],
      config: { cmd: [program], workingDir: "/" },
    };
  }), // prettier-ignore
];

export const unsimulatedRepositories: readonly Repository[] = IMAGES.flatMap((image) =>
  image.names.map((name) =>
    repository({
      name,
      versions: image.versions,
      tag: series(image.versions),
      make: () => ({
        created: "2025-05-29T09:00:00Z",
        config: { env: [PATH], ...image.config },
        size: image.size,
        files: () => mergeFiles(image.shell ? alpineFiles("3.21.3") : distrolessFiles, { specs: programs(image) }),
      }),
    }),
  ),
);

function programs({ servers = [], jobs = [], config }: UnsimulatedImage): FileSpec[] {
  const name = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  // tini and its like become what they start.
  const init: FileSpec[] = config.entrypoint?.[0] === "/usr/bin/dumb-init" ? [{ path: "/usr/bin/dumb-init", program: "dumb-init", size: 46_400 }] : []; // prettier-ignore
  return [
    ...init,
    ...servers.map((path): FileSpec => ({ path, program: "unsimulated-server", size: 40_000_000 })),
    ...jobs.map((path): FileSpec => ({ path, program: name(path), size: 40_000_000 })),
  ];
}
