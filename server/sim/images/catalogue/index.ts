import type { BaseFiles } from "../../host/index.ts";
import { ingressNginxRepositories } from "./ingress-nginx.ts";
import { calicoRepositories } from "./calico.ts";
import { kubernetesRepositories } from "./kubernetes.ts";
import {
  alpineRepository,
  busyboxRepository,
  curlRepository,
  debianRepository,
  kubernetesBusyboxRepositories,
  netshootRepository,
  stressRepository,
  ubuntuRepository,
} from "./linux.ts";
import { metalLbRepositories } from "./metallb.ts";
import { nginxBasedRepositories } from "./nginx-based.ts";
import { nginxGatewayRepositories } from "./nginx-gateway-fabric.ts";
import type { Repository } from "./repository.ts";
import {
  databaseRepositories,
  echoserverRepositories,
  helloAppRepositories,
  httpEchoRepository,
  multitoolRepositories,
  whoamiRepositories,
} from "./servers.ts";
import { toolRepositories } from "./tools.ts";
import { unsimulatedRepositories } from "./unsimulated.ts";
import { weaveRepositories } from "./weave.ts";
import { httpdRepository, nginxRepository } from "./web.ts";

/** All repositories that registries have. Adding one is one entry here. */
const REPOSITORIES: readonly Repository[] = [
  alpineRepository,
  busyboxRepository,
  curlRepository,
  debianRepository,
  httpEchoRepository,
  httpdRepository,
  netshootRepository,
  nginxRepository,
  stressRepository,
  ubuntuRepository,
  ...calicoRepositories,
  ...databaseRepositories,
  ...echoserverRepositories,
  ...helloAppRepositories,
  ...ingressNginxRepositories,
  ...kubernetesBusyboxRepositories,
  ...kubernetesRepositories,
  ...metalLbRepositories,
  ...multitoolRepositories,
  ...nginxBasedRepositories,
  ...nginxGatewayRepositories,
  ...toolRepositories,
  ...unsimulatedRepositories,
  ...weaveRepositories,
  ...whoamiRepositories,
];

export const catalogue: ReadonlyMap<string, Repository> = new Map(
  REPOSITORIES.map((repository) => [repository.name, repository]),
);

/** The files of an image by their own name (`BaseFiles.name`), for restored worlds. */
export function imageFiles(name: string): BaseFiles | undefined {
  const [, repository, version] = /^image:(.*):([^:]*)$/.exec(name) ?? [];
  if (repository === undefined) return undefined;
  return [...(catalogue.get(repository)?.images() ?? [])].find((image) => image.spec.version === version)?.files;
}
