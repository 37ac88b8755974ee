import type { Daemon } from "../host/index.ts";
import { dockerd } from "./daemon.ts";

export const dockerDaemons: readonly Daemon[] = [dockerd];

export { bindDocker, engineOf } from "./bind.ts";
export { byShortId, createContainer, NO_SUCH_IMAGE, ROOT as CONTAINER_ROOT } from "./container/create.ts";
export { connectRunning, removeContainer, signalContainer, startContainer, writeEtcFiles } from "./container/start.ts";
export { archiveSize, copyTree } from "./copy-tree.ts";
export { DOCKER_COMMIT, DOCKER_VERSION, SOCKET } from "./daemon.ts";
export { changesOf, commitContainer, forgetBuilt, keepImage, tagImage } from "./image/commit.ts";
export { isRefused, type Engine } from "./engine.ts";
export { addressProblem, newEndpoint, unplug } from "./network/endpoint.ts";
export { createNetwork, OTHER_DRIVERS, removeNetwork } from "./network/networks.ts";
export { unpublish } from "./network/ports.ts";
export { dockerPackage } from "./package.ts";
export type * from "./rows.ts";
export { createVolume, findVolume, mountpointOf, removeVolume, sizeOf, usersOf, type VolumeRow } from "./volume.ts";
