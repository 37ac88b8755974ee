import { Errno, type ViewContext, type ViewNode } from "../../host/index.ts";
import type { Namespace } from "../namespace.ts";
import { listSysctls, hasSysctl, readSysctl, sysctlMode, writeSysctl } from "../sysctl/sysctl.ts";
import { contextNamespace } from "./context.ts";

/** /proc/sys/net: the settings of the namespace that the reader is in. */
export const procSysNet: ViewNode<ViewContext> = {
  type: "dir",
  list: () => ["sys"],
  child: (_, name) =>
    name === "sys"
      ? { type: "dir", list: () => ["net"], child: (_, inner) => (inner === "net" ? folder("net") : undefined) }
      : undefined,
};

function folder(path: string): ViewNode<ViewContext> {
  return {
    type: "dir",
    list: (context) => [...(foldersOf(contextNamespace(context)).get(path) ?? [])],
    child(context, name) {
      const ns = contextNamespace(context);
      const next = `${path}/${name}`;
      if (hasSysctl(ns, next)) return setting(next);
      return foldersOf(ns).has(next) ? folder(next) : undefined;
    },
  };
}

/** What is in each folder, as long as links and kernel modules are the same: a walk through the tree asks for every entry. */
interface Folders {
  readonly links: number;
  readonly modules: readonly string[];
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
}

const KNOWN = new WeakMap<Namespace, Folders>();

function foldersOf(ns: Namespace): Folders["names"] {
  const links = ns.links.version;
  const { modules } = ns.network.machine(ns.machine);
  let known = KNOWN.get(ns);
  if (known?.links !== links || known.modules !== modules)
    KNOWN.set(ns, (known = { links, modules, names: namesByFolder(listSysctls(ns)) }));
  return known.names;
}

function namesByFolder(paths: readonly string[]): Folders["names"] {
  const folders = new Map<string, Set<string>>();
  for (const path of paths)
    for (let end = path.lastIndexOf("/"), to = path.length; end > 0; to = end, end = path.lastIndexOf("/", end - 1)) {
      const name = path.slice(end + 1, to);
      const names = folders.get(path.slice(0, end));
      if (names) names.add(name);
      else folders.set(path.slice(0, end), new Set([name]));
    }
  return folders;
}

function setting(path: string): ViewNode<ViewContext> {
  return {
    type: "file",
    mode: sysctlMode(path),
    read(context) {
      const result = readSysctl(contextNamespace(context), path);
      if (!result.ok) throw new Errno(result.errno);
      return `${result.value}\n`;
    },
    write(context, data) {
      const result = writeSysctl(contextNamespace(context), path, data);
      if (!result.ok) throw new Errno(result.errno);
    },
  };
}
