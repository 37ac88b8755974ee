/** conf/mime.types, the part of it that web pages use. */
export const MIME_TYPES = `application/javascript js
application/json json
application/pdf pdf
application/wasm wasm
application/xml xml xsl
application/zip zip
font/woff woff
font/woff2 woff2
image/gif gif
image/jpeg jpeg jpg jpe
image/png png
image/svg+xml svg svgz
image/webp webp
image/x-icon ico
text/css css
text/csv csv
text/html html htm
text/plain txt text conf def list log in
text/yaml yaml yml
video/mp4 mp4
`;

const BY_EXTENSION = new Map(
  MIME_TYPES.trim()
    .split("\n")
    .flatMap((line) => {
      const [type, ...extensions] = line.split(" ") as [string, ...string[]];
      return extensions.map((extension) => [extension, type] as const);
    }),
);

/** Undefined for unknown extensions: httpd then sends no type. */
export function contentType(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf("/") + 1);
  return name.includes(".") ? BY_EXTENSION.get(name.slice(name.lastIndexOf(".") + 1).toLowerCase()) : undefined;
}
