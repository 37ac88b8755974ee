import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { debianFiles, type SystemUser } from "../files/debian.ts";
import { mergeFiles, type FileSet } from "../files/image-files.ts";
import { mimeTypesFile } from "./mime-types.ts";
import { atLeast, builtAt } from "./versions.ts";

/** What nginx.org's package and docker-nginx put into the images `nginx` and `nginx:alpine`. */
export function nginxFiles(version: string, base: "debian" | "alpine"): FileSet {
  const system =
    base === "debian"
      ? debianFiles({ users: [NGINX_USER], programs: DEBIAN_PROGRAMS })
      : alpineFiles(alpineOf(version), {
          users: [{ ...NGINX_USER, comment: "nginx", home: "/var/cache/nginx", shell: "/sbin/nologin" }],
          programs: ALPINE_PROGRAMS,
        });
  const html = "/usr/share/nginx/html";
  return mergeFiles(system, {
    specs: [
      { path: "/usr/sbin/nginx", program: "nginx", version, size: 1_559_352 },
      { path: "/usr/sbin/nginx-debug", program: "nginx", version, size: 1_699_800 },
      { path: "/etc/nginx/nginx.conf", text: nginxConf(version) },
      { path: "/etc/nginx/mime.types", text: mimeTypesFile() },
      { path: "/etc/nginx/conf.d/default.conf", text: DEFAULT_CONF },
      { path: "/etc/nginx/fastcgi_params", text: parameters("fastcgi") },
      { path: "/etc/nginx/scgi_params", text: parameters("scgi") },
      { path: "/etc/nginx/uwsgi_params", text: parameters("uwsgi") },
      { path: "/etc/nginx/modules", link: "/usr/lib/nginx/modules" },
      { path: "/usr/lib/nginx/modules", dir: true },
      { path: `${html}/index.html`, text: atLeast(version, "1.21.4") ? INDEX : OLD_INDEX },
      { path: `${html}/50x.html`, text: atLeast(version, "1.21.4") ? ERROR_PAGE : OLD_ERROR_PAGE },
      { path: "/var/cache/nginx", dir: true },
      { path: "/var/log/nginx", dir: true },
      { path: "/var/log/nginx/access.log", link: "/dev/stdout" },
      { path: "/var/log/nginx/error.log", link: "/dev/stderr" },
      ...(atLeast(version, "1.19.0") ? entrypointFiles(version) : []),
    ],
    times: ["index.html", "50x.html"].map((name) => [`${html}/${name}`, builtAt(version)] as const),
  });
}

const NGINX_USER: SystemUser = {
  name: "nginx",
  uid: 101,
  comment: "nginx user",
  home: "/nonexistent",
  shell: "/bin/false",
};

/** What apt-get installs with nginx: curl, gettext-base, ca-certificates and what they need. */
const DEBIAN_PROGRAMS = [
  "usr/bin/c_rehash 6925",
  "usr/bin/curl 280800",
  "usr/bin/envsubst 35136",
  "usr/bin/gettext 35136",
  "usr/bin/gettext.sh 5188",
  "usr/bin/ngettext 35136",
  "usr/bin/njs 4211304",
  "usr/bin/openssl 976136",
  "usr/sbin/update-ca-certificates 5418",
];

const ALPINE_PROGRAMS = [
  "usr/bin/curl 259512",
  "usr/bin/njs 1380112",
  "usr/local/bin/envsubst 43160",
  "usr/sbin/update-ca-certificates 14152",
];

function alpineOf(version: string): string {
  if (atLeast(version, "1.27.3")) return "3.21.3";
  if (atLeast(version, "1.27.1")) return "3.20.3";
  if (atLeast(version, "1.25.4")) return "3.19.1";
  return atLeast(version, "1.23.4") ? "3.17.3" : atLeast(version, "1.21.0") ? "3.15.0" : "3.12.0";
}

/** The scripts are programs of ours that do the same (entrypoint.ts); their sizes are the scripts'. */
function entrypointFiles(version: string): FileSpec[] {
  const directory = "/docker-entrypoint.d";
  return [
    { path: "/docker-entrypoint.sh", program: "nginx-docker-entrypoint", size: 1620 },
    { path: `${directory}/10-listen-on-ipv6-by-default.sh`, program: "nginx-listen-on-ipv6", size: 2125 },
    ...(atLeast(version, "1.25.2")
      ? [{ path: `${directory}/15-local-resolvers.envsh`, program: "nginx-local-resolvers", size: 389 }]
      : []),
    { path: `${directory}/20-envsubst-on-templates.sh`, program: "nginx-envsubst-on-templates", size: 3018 },
    ...(atLeast(version, "1.19.10")
      ? [{ path: `${directory}/30-tune-worker-processes.sh`, program: "nginx-tune-worker-processes", size: 4620 }]
      : []),
  ];
}

function nginxConf(version: string): string {
  const modern = atLeast(version, "1.19.9");
  return `
user  nginx;
worker_processes  ${modern ? "auto" : "1"};

error_log  /var/log/nginx/error.log ${modern ? "notice" : "warn"};
pid        ${atLeast(version, "1.27.3") ? "/run/nginx.pid" : "/var/run/nginx.pid"};


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`;
}

/** The packaged /etc/nginx/conf.d/default.conf, which the entrypoint knows by its checksum. */
export const DEFAULT_CONF = `server {
    listen       80;
    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }

    # proxy the PHP scripts to Apache listening on 127.0.0.1:80
    #
    #location ~ \\.php$ {
    #    proxy_pass   http://127.0.0.1;
    #}

    # pass the PHP scripts to FastCGI server listening on 127.0.0.1:9000
    #
    #location ~ \\.php$ {
    #    root           html;
    #    fastcgi_pass   127.0.0.1:9000;
    #    fastcgi_index  index.php;
    #    fastcgi_param  SCRIPT_FILENAME  /scripts$fastcgi_script_name;
    #    include        fastcgi_params;
    #}

    # deny access to .htaccess files, if Apache's document root
    # concurs with nginx's one
    #
    #location ~ /\\.ht {
    #    deny  all;
    #}
}

`;

const BODY = `<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
`;

const ERROR_BODY = `<h1>An error occurred.</h1>
<p>Sorry, the page you are looking for is currently unavailable.<br/>
Please try again later.</p>
<p>If you are the system administrator of this resource then you should check
the error log for details.</p>
<p><em>Faithfully yours, nginx.</em></p>
`;

const STYLE = `html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
`;

const OLD_STYLE = `    body {
        width: 35em;
        margin: 0 auto;
        font-family: Tahoma, Verdana, Arial, sans-serif;
    }
`;

function page(title: string, style: string, body: string): string {
  return `<!DOCTYPE html>\n<html>\n<head>\n<title>${title}</title>\n<style>\n${style}</style>\n</head>\n<body>\n${body}</body>\n</html>\n`;
}

/** 615 bytes, and 612 until 1.21.3. */
const INDEX = page("Welcome to nginx!", STYLE, BODY);
const OLD_INDEX = page("Welcome to nginx!", OLD_STYLE, BODY);
const ERROR_PAGE = page("Error", STYLE, ERROR_BODY);
const OLD_ERROR_PAGE = page("Error", OLD_STYLE, ERROR_BODY);

const PARAMETERS = `QUERY_STRING $query_string
REQUEST_METHOD $request_method
CONTENT_TYPE $content_type
CONTENT_LENGTH $content_length

REQUEST_URI $request_uri
DOCUMENT_URI $document_uri
DOCUMENT_ROOT $document_root
SERVER_PROTOCOL $server_protocol
REQUEST_SCHEME $scheme
HTTPS $https if_not_empty

REMOTE_ADDR $remote_addr
REMOTE_PORT $remote_port
SERVER_ADDR $server_addr
SERVER_PORT $server_port
SERVER_NAME $server_name
`;

function parameters(kind: string): string {
  return `\n${PARAMETERS.replaceAll(/^(\S+) (.*)$/gm, (_, name: string, value: string) => `${kind}_param  ${name.padEnd(17)} ${value};`)}`;
}
