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
    list: (context) => [...new Set(below(contextNamespace(context), path).map((rest) => rest.split("/")[0]!))],
    child(context, name) {
      const ns = contextNamespace(context);
      const next = `${path}/${name}`;
      if (hasSysctl(ns, next)) return setting(next);
      return below(ns, next).length > 0 ? folder(next) : undefined;
    },
  };
}

function below(ns: Namespace, path: string): string[] {
  return listSysctls(ns)
    .filter((setting) => setting.startsWith(`${path}/`))
    .map((setting) => setting.slice(path.length + 1));
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
