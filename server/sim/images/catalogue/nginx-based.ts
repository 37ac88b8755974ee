import type { FileSet } from "../files/image-files.ts";
import { mergeFiles } from "../files/image-files.ts";
import type { ImageConfig } from "../image.ts";
import { DEFAULT_CONF, nginxFiles } from "../nginx/image-files.ts";
import { PATH, repository, series, type Repository } from "./repository.ts";

/** Images built on nginx' own: other ports, other pages. */
interface NginxImage {
  readonly names: readonly string[];
  /** Tag and the nginx in it. */
  readonly versions: Readonly<Record<string, string>>;
  readonly config: ImageConfig;
  readonly size: number;
  readonly files: (version: string) => FileSet;
}

const RUN: ImageConfig = { cmd: ["nginx", "-g", "daemon off;"], exposedPorts: ["80/tcp"], stopSignal: "SIGQUIT" };
const ENTRYPOINT = ["/docker-entrypoint.sh"];

const SITE = "/etc/nginx/conf.d/default.conf";

/** nginx-hello/hello-plain-text.conf of nginxinc/NGINX-Demos answers with who serves the request. */
const PLAIN_TEXT = String.raw`server {
    listen 80;

    location / {
        default_type text/plain;
        expires -1;
        return 200 'Server address: $server_addr:$server_port\nServer name: $hostname\nDate: $time_local\nURI: $request_uri\nRequest ID: $request_id\n';
    }
}
`;

/** docker-nginx-unprivileged: port 8080, no `user`, everything that is written under /tmp. */
function unprivileged(version: string): FileSet {
  const files = nginxFiles(version, "debian");
  const conf = "/etc/nginx/nginx.conf";
  const text = files.specs.find(({ path }) => path === conf);
  if (text === undefined || !("text" in text) || text.text === undefined)
    throw new Error(`nginx ${version} has no ${conf}`);
  return mergeFiles(files, {
    specs: [
      {
        path: conf,
        text: text.text
          .replace(/^user .*\n/m, "")
          .replace(/^pid .*$/m, "pid        /tmp/nginx.pid;")
          .replace(
            "http {\n",
            `http {\n${["proxy", "client", "fastcgi", "uwsgi", "scgi"].map((name) => `    ${name === "client" ? "client_body" : name}_temp_path /tmp/${name}_temp;\n`).join("")}`,
          ),
      },
      { path: SITE, owner: "nginx", text: DEFAULT_CONF.replace(/listen {7}80;/, "listen       8080;") },
      { path: "/etc/nginx/conf.d", dir: true, owner: "nginx" },
    ],
  });
}

const IMAGES: readonly NginxImage[] = [
  {
    names: ["registry.k8s.io/nginx-slim", "k8s.gcr.io/nginx-slim", "gcr.io/google_containers/nginx-slim"],
    versions: {
      "0.7": "1.11.1",
      "0.8": "1.11.1",
      "0.21": "1.23.3",
      "0.24": "1.25.5",
      "0.26": "1.27.0",
      "0.27": "1.27.0",
    },
    config: RUN,
    size: 40_000_000,
    files: (version) => nginxFiles(version, "debian"),
  },
  {
    names: ["registry.k8s.io/e2e-test-images/nginx", "k8s.gcr.io/e2e-test-images/nginx"],
    versions: {
      "1.14-1": "1.14.2",
      "1.14-2": "1.14.2",
      "1.14-4": "1.14.2",
      "1.15-1": "1.15.12",
      "1.15-2": "1.15.12",
      "1.15-4": "1.15.12",
    },
    config: { ...RUN, stopSignal: "SIGTERM" },
    size: 6_900_000,
    files: (version) => nginxFiles(version, "alpine"),
  },
  {
    names: ["docker.io/nginxinc/nginx-unprivileged", "ghcr.io/nginxinc/nginx-unprivileged"],
    versions: { "1.24.0": "1.24.0", "1.25.5": "1.25.5", "1.26.3": "1.26.3", "1.27.5": "1.27.5" },
    config: { ...RUN, entrypoint: ENTRYPOINT, user: "101", exposedPorts: ["8080/tcp"] },
    size: 72_400_000,
    files: unprivileged,
  },
  {
    // The page of `latest` is made by sub_filter, which is not simulated.
    names: ["docker.io/nginxdemos/hello"],
    versions: { "plain-text": "1.27.5", "0.4-plain-text": "1.27.5", "0.3-plain-text": "1.23.4" },
    config: { ...RUN, entrypoint: ENTRYPOINT },
    size: 21_000_000,
    files: (version) => mergeFiles(nginxFiles(version, "alpine"), { specs: [{ path: SITE, text: PLAIN_TEXT }] }),
  },
];

export const nginxBasedRepositories: readonly Repository[] = IMAGES.flatMap((image) =>
  image.names.map((name) =>
    repository({
      name,
      versions: Object.keys(image.versions),
      ...(name.endsWith("/hello") ? {} : { tag: series(Object.keys(image.versions)) }),
      make: (tag) => ({
        created: "2025-04-16T12:01:11Z",
        config: { env: [PATH, `NGINX_VERSION=${image.versions[tag]!}`], ...image.config },
        size: image.size,
        files: () => image.files(image.versions[tag]!),
      }),
    }),
  ),
);
