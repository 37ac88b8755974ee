import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { distrolessFiles } from "../files/distroless.ts";
import { mergeFiles, type FileSet } from "../files/image-files.ts";
import { mimeTypesFile } from "../nginx/mime-types.ts";

/** The release of nginx in the images of NGINX Gateway Fabric 2. */
export const NGINX_VERSION = "1.28.0";

const USER = { name: "nginx", uid: 101, comment: "nginx", home: "/var/cache/nginx", shell: "/sbin/nologin" };

/** ghcr.io/nginx/nginx-gateway-fabric (build/Dockerfile). */
export function controlPlaneFiles(version: string): FileSet {
  return mergeFiles(distrolessFiles, { specs: [{ path: "/usr/bin/gateway", program: "nginx-gateway-fabric", version, size: 54_000_000 }] }); // prettier-ignore
}

/** ghcr.io/nginx/nginx-gateway-fabric/nginx: Alpine with nginx, njs and the agent (build/Dockerfile.nginx). */
export function dataPlaneFiles(): FileSet {
  const own = { owner: "nginx" } as const;
  const directory = (path: string): FileSpec => ({ path, dir: true, ...own });
  const specs: FileSpec[] = [
    { path: "/agent/entrypoint.sh", program: "nginx-gateway-entrypoint", size: 1796 },
    { path: "/usr/bin/nginx-agent", program: "nginx-agent", size: 48_000_000 },
    { path: "/usr/sbin/nginx", program: "nginx", version: `${NGINX_VERSION}+ngf`, size: 1_559_352 },
    { path: "/usr/sbin/nginx-debug", program: "nginx", version: `${NGINX_VERSION}+ngf`, size: 1_699_800 },
    { path: "/usr/bin/curl", program: "curl", version: "8.12.1", size: 260_000 },
    { path: "/etc/nginx/nginx.conf", text: CONF },
    { path: "/etc/nginx/mime.types", text: mimeTypesFile() },
    // JavaScript cannot be run here: nginx does what this module does, by its name.
    { path: "/usr/lib/nginx/modules/njs/httpmatches.js", text: "// drydock: not the text of the real file\n" },
    { path: "/usr/lib/nginx/modules/ngx_http_js_module.so", text: "\u007fELF" },
    { path: "/etc/nginx/modules", link: "/usr/lib/nginx/modules" },
    ...["conf.d", "stream-conf.d", "main-includes", "events-includes", "secrets", "includes"].map((name) => directory(`/etc/nginx/${name}`)), // prettier-ignore
    ...["/etc/nginx-agent", "/var/lib/nginx-agent", "/var/log/nginx-agent", "/run/nginx", "/var/cache/nginx"].map((path) => directory(path)), // prettier-ignore
    directory("/var/log/nginx"),
    { path: "/var/log/nginx/access.log", link: "/dev/stdout" },
    { path: "/var/log/nginx/error.log", link: "/dev/stderr" },
  ];
  return mergeFiles(alpineFiles("3.21.3", { users: [USER] }), { specs });
}

/** What the configuration of a Gateway is put into. */
const CONF = `load_module /usr/lib/nginx/modules/ngx_http_js_module.so;
include /etc/nginx/main-includes/*.conf;

worker_processes auto;

pid /var/run/nginx/nginx.pid;

events {
  include /etc/nginx/events-includes/*.conf;
}

http {
  include /etc/nginx/conf.d/*.conf;
  include /etc/nginx/mime.types;
  js_import /usr/lib/nginx/modules/njs/httpmatches.js;

  default_type application/octet-stream;

  proxy_headers_hash_bucket_size 512;
  proxy_headers_hash_max_size 1024;
  server_names_hash_bucket_size 256;
  server_names_hash_max_size 1024;
  variables_hash_bucket_size 512;
  variables_hash_max_size 1024;

  sendfile on;
  tcp_nopush on;

  server_tokens off;

  server {
    listen unix:/var/run/nginx/nginx-status.sock;
    access_log off;

    location /stub_status {
      stub_status;
    }
  }
}

stream {
  variables_hash_bucket_size 512;
  variables_hash_max_size 1024;

  map_hash_max_size 2048;
  map_hash_bucket_size 256;

  include /etc/nginx/stream-conf.d/*.conf;
}
`;
