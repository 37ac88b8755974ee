/** A package of the repository, as far as apt and dpkg tell of it. */
export interface DebianPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: "amd64" | "all";
  /** It may be installed for several architectures, which its name then shows (`libuv1:amd64`). */
  readonly multi?: true;
  /** `main` lies in the archive itself, `security` in the one for updates of that kind. */
  readonly suite: "main" | "security";
  /** Bytes of the archive, and KiB of what it unpacks to. */
  readonly size: number;
  readonly installed: number;
  /** Its path below the archive. */
  readonly file: string;
  /** Packages that it needs, or would like to have beside it, as far as they are not in every Debian. */
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** Its programs that are in the box: `usr/bin/curl 280800`, `usr/bin/vi -> vim`. */
  readonly programs?: readonly string[];
}
