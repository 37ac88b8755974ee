import type { FileSpec } from "../../host/index.ts";
import { alpineFiles } from "../files/alpine.ts";
import { debianFiles } from "../files/debian.ts";
import { mergeFiles, type FileSet } from "../files/image-files.ts";
import { MIME_TYPES } from "../httpd/mime.ts";
import { nginxFiles } from "../nginx/image-files.ts";
import { allVersions, atLeast, builtAt, fullVersion, MAINLINE } from "../nginx/versions.ts";
import { parseRfc3339, rfc3339 } from "../../kernel/index.ts";
import { PATH, repository, type Repository } from "./repository.ts";

/** Variants of nginx' images: `-alpine` and the rest. */
const VARIANTS = ["", "-alpine", "-alpine-slim", "-perl", "-alpine-perl"];

const NGINX_VERSIONS = allVersions().flatMap((version) => VARIANTS.map((variant) => version + variant));

/** `1.27-alpine3.21`, `stable-bookworm`, `alpine`, `latest` */
function nginxTag(tag: string): string | undefined {
  const match =
    /^(?:([\d.]+|mainline|stable|latest)(?:-|$))?(alpine(?:-slim|-perl)?|perl)?(?:3\.\d+)?(?:-?(?:bookworm|bullseye|buster))?$/.exec(
      tag,
    );
  if (!match || tag === "") return undefined;
  const version = match[1] === undefined ? MAINLINE : fullVersion(match[1]);
  return version === undefined ? undefined : version + (match[2] === undefined ? "" : `-${match[2]}`);
}

/** Sizes of the images of 1.27; other versions were within a few megabytes. */
const NGINX_SIZES: Readonly<Record<string, number>> = {
  "": 72_404_038,
  "-alpine": 20_984_537,
  "-alpine-slim": 5_134_272,
  "-perl": 84_237_121,
  "-alpine-perl": 32_118_733,
};

export const nginxRepository: Repository = repository({
  name: "docker.io/library/nginx",
  versions: NGINX_VERSIONS,
  tag: nginxTag,
  make(name) {
    const [version, ...words] = name.split("-") as [string, ...string[]];
    const variant = words.length === 0 ? "" : `-${words.join("-")}`;
    const base = variant.startsWith("-alpine") ? "alpine" : "debian";
    const release = base === "alpine" ? "1" : "1~bookworm";
    const modern = atLeast(version, "1.19.0");
    return {
      created: rfc3339(builtAt(version)),
      config: {
        ...(modern ? { entrypoint: ["/docker-entrypoint.sh"] } : {}),
        cmd: ["nginx", "-g", "daemon off;"],
        env: [
          PATH,
          `NGINX_VERSION=${version}`,
          ...(variant === "-alpine-slim" ? [] : ["NJS_VERSION=0.8.10", `NJS_RELEASE=${release}`]),
          `PKG_RELEASE=${release}`,
          `DYNPKG_RELEASE=${release}`,
        ],
        exposedPorts: ["80/tcp"],
        stopSignal: modern ? "SIGQUIT" : "SIGTERM",
      },
      size: NGINX_SIZES[variant]!,
      files: () => nginxFiles(version, base),
    };
  },
});

const HTTPD_PATCHES = [
  10, 12, 16, 17, 18, 20, 23, 25, 27, 28, 29, 32, 33, 34, 35, 37, 38, 39, 41, 43, 46, 47, 48, 49, 51, 52, 53, 54, 55, 56, 57, 58,
  59, 61, 62, 63,
]; // prettier-ignore
const HTTPD_VERSIONS = ["", "-alpine"].flatMap((variant) => HTTPD_PATCHES.map((patch) => `2.4.${patch}${variant}`));

export const httpdRepository: Repository = repository({
  name: "docker.io/library/httpd",
  versions: HTTPD_VERSIONS,
  tag(tag) {
    const match = /^(latest|2|2\.4|2\.4\.\d+)?-?(alpine)?(?:3\.\d+)?(?:-?bookworm)?$/.exec(tag);
    if (!match || tag === "") return undefined;
    const version =
      match[1] === undefined || match[1].length < 4 || match[1] === "latest"
        ? `2.4.${HTTPD_PATCHES.at(-1)!}`
        : match[1];
    return match[2] === undefined ? version : `${version}-alpine`;
  },
  make(name) {
    const [version, variant] = name.split("-") as [string, string?];
    return {
      created: "2025-01-23T22:32:44Z",
      config: {
        cmd: ["httpd-foreground"],
        env: [
          "PATH=/usr/local/apache2/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
          "HTTPD_PREFIX=/usr/local/apache2",
          `HTTPD_VERSION=${version}`,
          "HTTPD_PATCHES=",
        ],
        workingDir: "/usr/local/apache2",
        exposedPorts: ["80/tcp"],
        stopSignal: "SIGWINCH",
      },
      size: variant === "alpine" ? 20_571_218 : 57_832_141,
      files: () => httpdFiles(version, variant === "alpine"),
    };
  },
});

/** Of /usr/local/apache2/bin, beside httpd. */
const APACHE_TOOLS =
  "ab apachectl apxs checkgid dbmmanage envvars envvars-std fcgistarter htcacheclean htdbm htdigest htpasswd httxt2dbm logresolve rotatelogs suexec";

function httpdFiles(version: string, alpine: boolean): FileSet {
  const system = alpine
    ? alpineFiles("3.21.3", {
        users: [
          { name: "www-data", uid: 82, comment: "Linux User,,,", home: "/home/www-data", shell: "/sbin/nologin" },
        ],
      })
    : debianFiles({
        programs: ["usr/bin/c_rehash 6925", "usr/bin/openssl 976136", "usr/sbin/update-ca-certificates 5418"],
      });
  const home = "/usr/local/apache2";
  const tools: FileSpec[] = APACHE_TOOLS.split(" ").map((name) => ({
    path: `${home}/bin/${name}`,
    program: name,
    size: 30_000,
  }));
  return mergeFiles(system, {
    specs: [
      { path: `${home}/bin/httpd`, program: "httpd", version, size: 1_219_000 },
      ...tools,
      { path: "/usr/local/bin/httpd-foreground", program: "httpd-foreground", size: 138 },
      { path: `${home}/conf/httpd.conf`, text: HTTPD_CONF },
      { path: `${home}/conf/mime.types`, text: MIME_TYPES },
      { path: `${home}/htdocs/index.html`, text: "<html><body><h1>It works!</h1></body></html>\n" },
      { path: `${home}/cgi-bin`, dir: true },
      { path: `${home}/logs`, dir: true },
    ],
    times: [[`${home}/htdocs/index.html`, parseRfc3339("2007-06-11T18:53:14Z")!]],
  });
}

/** conf/httpd.conf without its comments; of the modules only those that something here depends on. */
const HTTPD_CONF = `ServerRoot "/usr/local/apache2"

Listen 80

LoadModule mpm_event_module modules/mod_mpm_event.so
LoadModule authz_host_module modules/mod_authz_host.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule mime_module modules/mod_mime.so
LoadModule log_config_module modules/mod_log_config.so
LoadModule headers_module modules/mod_headers.so
LoadModule unixd_module modules/mod_unixd.so
LoadModule autoindex_module modules/mod_autoindex.so
LoadModule dir_module modules/mod_dir.so
LoadModule alias_module modules/mod_alias.so

<IfModule unixd_module>
User www-data
Group www-data
</IfModule>

ServerAdmin you@example.com

#ServerName www.example.com:80

<Directory />
    AllowOverride none
    Require all denied
</Directory>

DocumentRoot "/usr/local/apache2/htdocs"
<Directory "/usr/local/apache2/htdocs">
    Options Indexes FollowSymLinks
    AllowOverride None
    Require all granted
</Directory>

<IfModule dir_module>
    DirectoryIndex index.html
</IfModule>

<Files ".ht*">
    Require all denied
</Files>

ErrorLog /proc/self/fd/2
LogLevel warn

<IfModule log_config_module>
    LogFormat "%h %l %u %t \\"%r\\" %>s %b \\"%{Referer}i\\" \\"%{User-Agent}i\\"" combined
    LogFormat "%h %l %u %t \\"%r\\" %>s %b" common
    CustomLog /proc/self/fd/1 common
</IfModule>

<IfModule headers_module>
    RequestHeader unset Proxy early
</IfModule>

<IfModule mime_module>
    TypesConfig conf/mime.types
</IfModule>
`;
