import { kubernetesRepositories } from "./kubernetes.ts";
import {
  alpineRepository,
  busyboxRepository,
  curlRepository,
  debianRepository,
  netshootRepository,
  ubuntuRepository,
} from "./linux.ts";
import type { Repository } from "./repository.ts";
import {
  databaseRepositories,
  echoserverRepositories,
  helloAppRepositories,
  httpEchoRepository,
  multitoolRepositories,
  whoamiRepository,
} from "./servers.ts";
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
  ubuntuRepository,
  whoamiRepository,
  ...databaseRepositories,
  ...echoserverRepositories,
  ...helloAppRepositories,
  ...kubernetesRepositories,
  ...multitoolRepositories,
];

export const catalogue: ReadonlyMap<string, Repository> = new Map(
  REPOSITORIES.map((repository) => [repository.name, repository]),
);
