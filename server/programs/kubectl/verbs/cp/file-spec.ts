import { basePath, cleanPath, dirPath, joinPaths } from "./go-path.ts";

/** `[[namespace/]pod:]path`: a file here, or in a container (kubectl pkg/cmd/cp/filespec.go). */
export interface FileSpec {
  readonly namespace: string;
  /** Empty for a file of this machine. */
  readonly pod: string;
  readonly path: string;
}

/** Reads an argument of `cp`; undefined if it has another form. */
export function parseFileSpec(word: string): FileSpec | undefined {
  const colon = word.indexOf(":");
  if (colon === 0) return undefined;
  if (colon < 0) return { namespace: "", pod: "", path: withoutSlash(word) };
  const pieces = word.slice(0, colon).split("/");
  if (pieces.length > 2) return undefined;
  const [pod = "", namespace = ""] = pieces.reverse();
  return { namespace, pod, path: remotePath(word.slice(colon + 1)) };
}

/** A path in a container, with the slashes of Linux. */
export function remotePath(path: string): string {
  return withoutSlash(path).replaceAll("\\", "/");
}

/** How names in an archive of that path begin: without a leading slash, and not above the root. */
export function memberPrefix(path: string): string {
  let prefix = cleanPath(path.replace(/^[/\\]+/, ""));
  while (prefix.startsWith("../")) prefix = prefix.slice(3);
  if (prefix === "." || prefix === "..") return "";
  return prefix.replace(/^\//, "");
}

/** Whether a path made from a folder still lies in it. */
export function liesIn(folder: string, path: string): boolean {
  const base = cleanPath(folder);
  if (base === ".") return path !== ".." && !path.startsWith("../");
  return path === base || path.startsWith(base === "/" ? "/" : `${base}/`);
}

/** A path's folder and last name, clean. */
export function splitPath(path: string): readonly [folder: string, name: string] {
  const clean = cleanPath(path);
  return [dirPath(clean), basePath(clean)];
}

/** `path` below `folder`, without a slash at its end. */
export function below(folder: string, path: string): string {
  return withoutSlash(joinPaths(folder, path));
}

function withoutSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
