import type { Errno } from "../../sim/host/index.ts";
import type { Bytes } from "../../sim/kernel/index.ts";

/** What the editor sees of files. Paths as they are typed. */
export interface Disk {
  /** The content, or why there is none: ENOENT for a new file. */
  read(path: string): { readonly bytes: Bytes; readonly readonly: boolean } | Errno;
  write(path: string, bytes: Bytes, append: boolean): Errno | undefined;
  /** What stands at a path. */
  kind(path: string): "file" | "dir" | "other" | undefined;
  /** A number that changes when somebody else writes the file. */
  stamp(path: string): number | undefined;
  /** Names that begin like the path, for completion. */
  matches(path: string): string[];
  /** `~` and variables replaced. */
  expand(path: string): string;
  /** With the name of the directory before it, if it is relative. */
  full(path: string): string;
}
