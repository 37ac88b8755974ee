import type { Time } from "../kernel/index.ts";

/** A network of the engine: what `docker network inspect` tells of. */
export interface NetworkRow {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly driver: "bridge" | "host" | "null";
  readonly created: Time;
  readonly internal: boolean;
  readonly attachable: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly options: Readonly<Record<string, string>>;
  /** Bridge networks: `172.18.0.0/16`, and the bridge's own address. */
  readonly subnet?: string;
  readonly gateway?: string;
  /** Addresses are taken from here, if that is less than the subnet. */
  readonly ipRange?: string;
  /** Asked for by whoever made it; else the next free pool of the engine. */
  readonly configured: boolean;
  /** The Linux bridge: `docker0`, `br-‹12 digits of the id›`. */
  readonly bridge?: string;
}

/** A container's place in a network. What has an address is plugged in: the container runs. */
export interface EndpointRow {
  readonly id: string;
  readonly network: string;
  readonly aliases: readonly string[];
  /** What was asked for. */
  readonly wants: { readonly address?: string; readonly mac?: string };
  readonly plug?: Plug;
}

/** A veth between a container and a network's bridge. */
export interface Plug {
  readonly address: string;
  readonly mac: string;
  /** The end on the bridge, and the container's. */
  readonly veth: string;
  readonly link: string;
}

export interface PortSpec {
  /** `80/tcp` */
  readonly container: string;
  /** Empty: all addresses. */
  readonly hostIp: string;
  /** 0: an ephemeral one. */
  readonly hostPort: number;
}

/** A published port of a running container. */
export interface BoundPort extends PortSpec {
  /** Of docker-proxy. */
  readonly pids: readonly number[];
}

/** What `-v` and `--mount` ask for. */
export interface Bind {
  readonly type: "bind" | "volume";
  /** A folder of the machine, a volume's name, or nothing: a new volume without a name. */
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** The options as they were given: `ro`, `nocopy`. */
  readonly mode: string;
  /** What the image has there is not copied into a new volume. */
  readonly noCopy: boolean;
  /** Given by `--mount`: a folder that is not there is an error then. */
  readonly strict: boolean;
}

/** A folder of the machine that a container has. */
export interface MountRow {
  readonly type: "bind" | "volume";
  /** The volume's. */
  readonly name?: string;
  readonly source: string;
  readonly target: string;
  readonly mode: string;
  readonly readOnly: boolean;
}

/** How a container was asked for: `docker run`'s options. */
export interface ContainerSpec {
  /** As it was given: `nginx`, `busybox:1.28`. */
  readonly image: string;
  /** Replaces the image's ENTRYPOINT. */
  readonly entrypoint?: readonly string[];
  readonly cmd: readonly string[];
  readonly hostname?: string;
  readonly user: string;
  readonly tty: boolean;
  readonly stdin: boolean;
  readonly stdinOnce: boolean;
  /** `NAME=value` */
  readonly env: readonly string[];
  readonly workingDir: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly exposed: readonly string[];
  /** `bridge`, `host`, `none`, `container:‹id›` or a network's name. */
  readonly networkMode: string;
  readonly aliases: readonly string[];
  readonly address?: string;
  readonly mac?: string;
  readonly ports: readonly PortSpec[];
  readonly publishAll: boolean;
  readonly autoRemove: boolean;
  readonly restart: { readonly name: "no" | "always" | "unless-stopped" | "on-failure"; readonly most: number };
  readonly privileged: boolean;
  readonly capAdd: readonly string[];
  readonly capDrop: readonly string[];
  readonly binds: readonly Bind[];
  readonly dns: readonly string[];
  readonly dnsSearch: readonly string[];
  readonly dnsOptions: readonly string[];
  /** `name:address` */
  readonly extraHosts: readonly string[];
  readonly readOnly: boolean;
  readonly stopSignal?: string;
}

/** A container as the engine knows it; whether it runs is in containerd's table. */
export interface DockerContainer {
  readonly id: string;
  readonly name: string;
  readonly created: Time;
  /** `sha256:…` */
  readonly imageId: string;
  readonly spec: ContainerSpec;
  /** By the networks' names. */
  readonly endpoints: Readonly<Record<string, EndpointRow>>;
  readonly mounts: readonly MountRow[];
  readonly bound: readonly BoundPort[];
  readonly restartCount: number;
  /** Somebody stopped it: its restart policy has nothing to say. */
  readonly stopped: boolean;
  /** Why it did not start. */
  readonly problem: string;
  /** The one whose network it shares. */
  readonly sharesWith?: string;
  readonly netns?: string;
}
