import { describe, expect, it } from "vitest";
import { parseReference, referenceText, isInvalid } from "./reference.ts";

const normalized: readonly (readonly [string, string])[] = [
  ["nginx", "docker.io/library/nginx:latest"],
  ["nginx:1.27", "docker.io/library/nginx:1.27"],
  ["library/nginx", "docker.io/library/nginx:latest"],
  ["docker.io/nginx", "docker.io/library/nginx:latest"],
  ["index.docker.io/nginx:alpine", "docker.io/library/nginx:alpine"],
  ["curlimages/curl", "docker.io/curlimages/curl:latest"],
  ["docker.io/curlimages/curl:8.5.0", "docker.io/curlimages/curl:8.5.0"],
  ["registry.k8s.io/pause:3.10", "registry.k8s.io/pause:3.10"],
  ["registry.k8s.io/e2e-test-images/agnhost:2.53", "registry.k8s.io/e2e-test-images/agnhost:2.53"],
  ["localhost/web", "localhost/web:latest"],
  ["localhost:5000/web:v1", "localhost:5000/web:v1"],
  ["10.0.0.5:5000/team/web", "10.0.0.5:5000/team/web:latest"],
  ["[fd00::5]:5000/web", "[fd00::5]:5000/web:latest"],
  ["REGISTRY/web", "REGISTRY/web:latest"],
  ["my_app__a--b.c", "docker.io/library/my_app__a--b.c:latest"],
  [`nginx@sha256:${"a".repeat(64)}`, `docker.io/library/nginx@sha256:${"a".repeat(64)}`],
  [`nginx:1.27@sha256:${"a".repeat(64)}`, `docker.io/library/nginx@sha256:${"a".repeat(64)}`],
];

const refused: readonly (readonly [string, string])[] = [
  ["nginx:", "invalid reference format"],
  [":1.27", "invalid reference format"],
  ["nginx:1.27:2", "invalid reference format"],
  ["nginx latest", "invalid reference format"],
  ["registry.example.com//nginx:latest", "invalid reference format"],
  ["nginx:-1", "invalid reference format"],
  [`nginx:${"a".repeat(129)}`, "invalid reference format"],
  ["nginx/", "invalid reference format"],
  ["/nginx", "invalid reference format"],
  ["nginx-", "invalid reference format"],
  ["nginx@sha256:abc", "invalid reference format"],
  [`nginx@sha256:${"a".repeat(32)}`, "invalid checksum digest length"],
  [`nginx@md5:${"a".repeat(32)}`, "unsupported digest algorithm"],
  ["Nginx", "invalid reference format: repository name (library/Nginx) must be lowercase"],
  ["busyBOX:1.28", "invalid reference format: repository name (library/busyBOX) must be lowercase"],
  ["team/Web:v1", "invalid reference format: repository name (team/Web) must be lowercase"],
  ["a".repeat(64), `invalid repository name (${"a".repeat(64)}), cannot specify 64-byte hexadecimal strings`],
  [`a/${"b".repeat(256)}`, "repository name must not be more than 255 characters"],
];

describe("image references", () => {
  it.each(normalized)("%s is %s", (text, full) => {
    const reference = parseReference(text);
    expect(isInvalid(reference) ? reference : referenceText(reference)).toBe(full);
  });

  it.each(refused)("refuses %s", (text, words) => {
    expect(parseReference(text)).toEqual({ invalid: words });
  });
});
