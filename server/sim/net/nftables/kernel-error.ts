/** What nft says of the errors of its kernel. */
export const KERNEL_WORDS = {
  ENOENT: "No such file or directory",
  EEXIST: "File exists",
  EBUSY: "Device or resource busy",
  EOPNOTSUPP: "Operation not supported",
  EINVAL: "Invalid argument",
  EMLINK: "Too many links",
  ENFILE: "Too many open files in system",
} as const;

/** The kernel refuses a command: what of it, for the place that nft underlines. */
export class KernelError extends Error {
  readonly errno: keyof typeof KERNEL_WORDS;
  readonly about: "command" | "table" | "name" | "handle" | "position" | "element" | "jump" | "new name";
  /** Which element or jump, by its number. */
  readonly at: number;

  constructor(errno: KernelError["errno"], about: KernelError["about"], at = 0) {
    super(errno);
    this.errno = errno;
    this.about = about;
    this.at = at;
  }
}
