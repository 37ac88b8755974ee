import { attempt, Errno, ROOT } from "../../../host/index.ts";
import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";

/** Checks that a path of the machine is what its volume says, or makes it; the error is pkg/volume/hostpath's. */
export function checkHostPath(
  kubelet: Kubelet,
  { path, type = "" }: { readonly path: string; readonly type?: string },
): string | undefined {
  const { files } = kubelet.host;
  const stat = attempt(() => files.stat(path));
  const found = stat instanceof Errno ? undefined : stat;
  const wrong = (what: string): string => `hostPath type check failed: ${path} is not ${what}`;
  switch (type) {
    case "DirectoryOrCreate":
      if (found) return found.type === "dir" ? undefined : wrong("a directory");
      return failure(`mkdir ${path}`, () => Directory.at(kubelet.host, path));
    case "Directory":
      return found?.type === "dir" ? undefined : wrong("a directory");
    case "FileOrCreate":
      if (found) return found.type === "file" ? undefined : wrong("a file");
      return failure(`open ${path}`, () => files.write(path, "", { mode: 0o644 }, { ...ROOT, umask: 0 }));
    case "File":
      return found?.type === "file" ? undefined : wrong("a file");
    case "Socket":
      return found?.type === "socket" ? undefined : wrong("a socket file");
    case "CharDevice":
      return found?.type === "char" ? undefined : wrong("a character device");
    case "BlockDevice":
      return found?.type === "block" ? undefined : wrong("a block device");
    default:
      return undefined;
  }
}

function failure(what: string, act: () => unknown): string | undefined {
  const done = attempt(act);
  return done instanceof Errno ? `${what}: ${done.message.toLowerCase()}` : undefined;
}
