/** mimetypes.types_map, as far as servers of labs have such files. */
const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  csv: "text/csv",
  gif: "image/gif",
  htm: "text/html",
  html: "text/html",
  ico: "image/vnd.microsoft.icon",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  js: "text/javascript",
  json: "application/json",
  md: "text/markdown",
  mjs: "text/javascript",
  mp3: "audio/mpeg",
  mp4: "video/mp4",
  pdf: "application/pdf",
  png: "image/png",
  py: "text/x-python",
  sh: "application/x-sh",
  svg: "image/svg+xml",
  tar: "application/x-tar",
  txt: "text/plain",
  wasm: "application/wasm",
  xml: "text/xml",
  zip: "application/zip",
  gz: "application/gzip",
  Z: "application/octet-stream",
  bz2: "application/x-bzip2",
  xz: "application/x-xz",
};

export function contentType(path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1] ?? "";
  return TYPES[extension] ?? TYPES[extension.toLowerCase()] ?? "application/octet-stream";
}
