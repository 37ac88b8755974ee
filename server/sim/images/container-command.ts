import type { ImageConfig } from "./image.ts";

/** What a Pod's container says about its command. */
export interface CommandSpec {
  /** Replaces the image's ENTRYPOINT, and its CMD with it. */
  readonly command?: readonly string[];
  /** Replaces the image's CMD. */
  readonly args?: readonly string[];
}

/**
 * The words that a container runs. Undefined if there are none: the runtime then says `no command specified`.
 * As containerd internal/cri/server/container_create (opts.WithProcessArgs): with a command of its own, the image's CMD is
 * not used either.
 */
export function containerCommand(image: ImageConfig, { command = [], args = [] }: CommandSpec): string[] | undefined {
  const entrypoint = command.length > 0 ? command : (image.entrypoint ?? []);
  const cmd = args.length > 0 || command.length > 0 ? args : (image.cmd ?? []);
  const words = [...entrypoint, ...cmd];
  return words.length > 0 ? words : undefined;
}

/** What containerd puts first where an image says nothing (oci.WithDefaultPathEnv). */
const DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The environment that an image gives its containers; a Pod's variables come over it. */
export function imageEnvironment(image: ImageConfig): Record<string, string> {
  const own = (image.env ?? []).map((entry): [string, string] => {
    const at = entry.indexOf("=");
    return [entry.slice(0, at), entry.slice(at + 1)];
  });
  return { PATH: DEFAULT_PATH, ...Object.fromEntries(own) };
}

/** Who a container runs as by its image, for `runAsNonRoot`: a number is known, a name has to be looked up inside. */
export function imageUser(image: ImageConfig): { readonly uid: number } | { readonly username: string } {
  const user = (image.user ?? "").split(":")[0]!;
  if (user === "") return { uid: 0 };
  return /^\d+$/.test(user) ? { uid: Number(user) } : { username: user };
}
