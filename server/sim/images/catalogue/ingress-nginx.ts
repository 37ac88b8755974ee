import { ingressNginxFiles } from "../ingress-nginx/image-files.ts";
import { newest, PATH, repository, type Repository } from "./repository.ts";

const v = (minor: string, from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, patch) => `v${minor}.${from + patch}`);

const VERSIONS = [...v("1.9", 0, 6), "v1.10.0", "v1.10.1", ...v("1.11", 0, 8), ...v("1.12", 0, 7), ...v("1.13", 0, 3)];

/** Of the times of extensions/v1beta1: they start, and find no Ingresses on a server of today. */
const OLD_VERSIONS = ["0.21.0", "0.22.0", "0.24.1", "0.25.1", "0.26.1", "0.30.0", "0.32.0", "0.33.0"];

function controller(name: string, versions: readonly string[]): Repository {
  return repository({
    name,
    versions,
    tag: newest(versions),
    make: (version) => ({
      created: "2025-05-29T09:00:00Z",
      config: {
        entrypoint: ["/usr/bin/dumb-init", "--"],
        cmd: ["/nginx-ingress-controller"],
        env: [PATH],
        user: "www-data",
        workingDir: "/etc/nginx",
        exposedPorts: ["443/tcp", "80/tcp"],
      },
      size: 114_516_300,
      files: () => ingressNginxFiles(version.replace(/^v/, "")),
    }),
  });
}

export const ingressNginxRepositories: readonly Repository[] = [
  controller("registry.k8s.io/ingress-nginx/controller", VERSIONS),
  controller("quay.io/kubernetes-ingress-controller/nginx-ingress-controller", OLD_VERSIONS),
];
