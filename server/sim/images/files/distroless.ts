import { CA_BUNDLE, type FileSpec } from "../../host/index.ts";
import type { FileSet } from "./image-files.ts";

/** `gcr.io/distroless/static-debian12`: no shell, no program at all; accounts, certificates, time zones. */
export const distrolessFiles: FileSet = {
  specs: [
    {
      path: "/etc/passwd",
      text: "root:x:0:0:root:/root:/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin\n",
    },
    { path: "/etc/group", text: "root:x:0:\nnobody:x:65534:\ntty:x:5:\nstaff:x:50:\nnonroot:x:65532:\n" },
    { path: "/etc/nsswitch.conf", text: "hosts: files dns\n" },
    {
      path: "/usr/lib/os-release",
      text: `PRETTY_NAME="Distroless"
NAME="Debian GNU/Linux"
ID="debian"
VERSION_ID="12"
VERSION="Debian GNU/Linux 12 (bookworm)"
HOME_URL="https://github.com/GoogleContainerTools/distroless"
SUPPORT_URL="https://github.com/GoogleContainerTools/distroless/blob/master/README.md"
BUG_REPORT_URL="https://github.com/GoogleContainerTools/distroless/issues/new"
`,
    },
    { path: "/etc/os-release", link: "../usr/lib/os-release" },
    { path: "/etc/debian_version", text: "12.10\n" },
    { path: "/home/nonroot", dir: true, mode: 0o700, owner: "nonroot", group: "nonroot" },
    { path: "/root", dir: true, mode: 0o700 },
    { path: "/tmp", dir: true, mode: 0o1777 },
    ...["/bin", "/boot", "/lib", "/run", "/sbin", "/usr/bin", "/usr/sbin", "/var/lib", "/var/tmp"].map((path) => ({
      path,
      dir: true as const,
    })),
    { path: "/etc/ssl/certs/ca-certificates.crt", text: CA_BUNDLE },
  ],
};

/** An image `FROM scratch`: what its author copied, and nothing else. */
export function scratchFiles(...specs: readonly FileSpec[]): FileSet {
  return { specs };
}
