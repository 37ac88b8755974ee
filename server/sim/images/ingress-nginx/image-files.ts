import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { mergeFiles, type FileSet } from "../files/image-files.ts";
import { mimeTypesFile } from "../nginx/mime-types.ts";
import { LUA_PATHS } from "./lua/paths.ts";

const own = { owner: "www-data" } as const;

/** What nginx starts with until the controller has written its own. */
const FIRST_CONF = `# A configuration that only lets nginx start
pid /tmp/nginx/nginx.pid;
events {}
http {}
daemon off;
`;

/** The releases of nginx in the images (NGINX_BASE). */
function nginxOf(version: string): string {
  const [, minor = 0] = version.split(".").map(Number);
  if (minor >= 13) return "1.27.1";
  return minor >= 10 ? "1.25.5" : "1.21.6";
}

/** registry.k8s.io/ingress-nginx/controller: Alpine with nginx, its Lua files and the controller (rootfs/Dockerfile). */
export function ingressNginxFiles(version: string): FileSet {
  const directory = (path: string): FileSpec => ({ path, dir: true, ...own });
  const specs: FileSpec[] = [
    { path: "/usr/bin/dumb-init", program: "dumb-init", size: 46_400 },
    { path: "/nginx-ingress-controller", program: "nginx-ingress-controller", version, size: 52_000_000, ...own },
    { path: "/wait-shutdown", program: "wait-shutdown", version, size: 4_300_000, ...own },
    { path: "/dbg", program: "dbg", version, size: 27_000_000, ...own },
    { path: "/usr/bin/nginx", program: "nginx", version: `${nginxOf(version)}+ingress-nginx`, size: 8_200_000 },
    { path: "/usr/local/nginx/sbin/nginx", link: "/usr/bin/nginx" },
    { path: "/usr/bin/curl", program: "curl", version: "8.12.1", size: 260_000 },
    directory("/etc/nginx"),
    { path: "/etc/nginx/nginx.conf", text: FIRST_CONF, ...own },
    { path: "/etc/nginx/mime.types", text: mimeTypesFile(), ...own },
    directory("/etc/nginx/lua"),
    directory("/etc/nginx/lua/nginx"),
    // Lua cannot be run here: nginx does what these files do, by their names.
    ...LUA_PATHS.map((path): FileSpec => ({
      path,
      text: "-- drydock: not the text of the real file\n",
      ...own,
    })),
    ...["", "/ssl", "/auth", "/telemetry"].map((path) => directory(`/etc/ingress-controller${path}`)),
    directory("/tmp/nginx"),
    directory("/var/log/nginx"),
    { path: "/var/log/nginx/access.log", link: "/dev/stdout" },
    { path: "/var/log/nginx/error.log", link: "/dev/stderr" },
  ];
  const users = [{ name: "www-data", uid: 101, comment: "www-data", home: "/usr/local/nginx", shell: "/sbin/nologin" }];
  return mergeFiles(alpineFiles("3.21.3", { users }), { specs });
}
