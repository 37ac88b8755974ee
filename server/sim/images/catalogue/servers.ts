import { alpineFiles } from "../files/alpine.ts";
import { debianFiles, type SystemUser } from "../files/debian.ts";
import { distrolessFiles, scratchFiles } from "../files/distroless.ts";
import { mergeFiles } from "../files/image-files.ts";
import { CERTIFICATE, KEY } from "../multitool/certificate.ts";
import { mimeTypesFile } from "../nginx/mime-types.ts";
import { toolbox } from "./linux.ts";
import { newest, PATH, repository, series, type Repository } from "./repository.ts";

/** Small servers that answer with who they are, and databases. */

const NONROOT = "65532:65532";

export const httpEchoRepository: Repository = repository({
  name: "docker.io/hashicorp/http-echo",
  versions: ["1.0.0"],
  tag: (tag) => (/^(?:latest|1|1\.0)$/.test(tag) ? "1.0.0" : undefined),
  make: () => ({
    created: "2023-08-24T19:01:10Z",
    config: {
      entrypoint: ["/http-echo"],
      env: [
        PATH,
        "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt",
        "PRODUCT_VERSION=1.0.0",
        "BIN_NAME=http-echo",
        "ECHO_TEXT=hello-world",
      ],
      user: NONROOT,
      workingDir: "/",
      exposedPorts: ["5678/tcp"],
    },
    size: 3_153_318,
    files: () =>
      mergeFiles(distrolessFiles, { specs: [{ path: "/http-echo", program: "http-echo", size: 4_755_456 }] }),
  }),
});

const WHOAMI = [
  "v1.8.0",
  "v1.8.1",
  "v1.8.7",
  "v1.9.0",
  "v1.10.0",
  "v1.10.1",
  "v1.10.2",
  "v1.10.3",
  "v1.10.4",
  "v1.11.0",
];

export const whoamiRepositories: readonly Repository[] = [
  "docker.io/traefik/whoami",
  "docker.io/containous/whoami",
].map((name) =>
  repository({
    name,
    versions: WHOAMI,
    tag: (tag) => newest(WHOAMI)(tag),
    make: (version) => ({
      created: "2025-04-22T08:37:26Z",
      config: { entrypoint: ["/whoami"], env: [PATH], exposedPorts: ["80/tcp"] },
      size: 2_902_113,
      files: () => scratchFiles({ path: "/whoami", program: "traefik-whoami", version, size: 5_677_208 }),
    }),
  }),
);

const HELLO = ["1.0", "2.0"];

export const helloAppRepositories: readonly Repository[] = [
  "gcr.io/google-samples/hello-app",
  "us-docker.pkg.dev/google-samples/containers/gke/hello-app",
].map((name) =>
  repository({
    name,
    versions: HELLO,
    make: (version) => ({
      created: "2023-11-08T18:20:11Z",
      config: {
        cmd: ["/hello-app"],
        env: [PATH, "PORT=8080", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
        user: "65532",
        workingDir: "/",
      },
      size: 3_650_112,
      files: () =>
        mergeFiles(distrolessFiles, {
          specs: [{ path: "/hello-app", program: "hello-app", version: `${version}.0`, size: 5_300_000 }],
        }),
    }),
  }),
);

const ECHOSERVER = ["1.4", "1.5", "1.8", "1.9", "1.10"];

export const echoserverRepositories: readonly Repository[] = [
  "registry.k8s.io",
  "k8s.gcr.io",
  "gcr.io/google_containers",
].map((registry) =>
  repository({
    name: `${registry}/echoserver`,
    versions: ECHOSERVER,
    make: (version) => ({
      created: "2016-06-20T21:05:12Z",
      config: { cmd: ["nginx", "-g", "daemon off;"], env: [PATH], exposedPorts: ["8080/tcp"] },
      size: 50_470_605,
      files: () =>
        mergeFiles(debianFiles(), {
          specs: [{ path: "/usr/sbin/nginx", program: "echoserver", version, size: 1_500_000 }],
        }),
    }),
  }),
);

/** What wbitt/Network-MultiTool's Dockerfile adds to Alpine. */
const MULTITOOL: Readonly<Record<string, string>> = {
  bin: "bash netstat ping ps kill",
  sbin: "ip ss bridge tc route arp ifconfig nameif sysctl",
  "usr/bin":
    "curl dig host nslookup nsupdate jq openssl perl pgrep pkill top free uptime watch wget tcptraceroute clockdiff tracepath",
  "usr/sbin": "arping mtr tcpdump",
};

export const multitoolRepositories: readonly Repository[] = [
  "docker.io/wbitt/network-multitool",
  "docker.io/praqma/network-multitool",
].map((name) =>
  repository({
    name,
    versions: ["alpine-minimal"],
    tag: (tag) => (/^(?:latest|minimal|extra|alpine-extra)$/.test(tag) ? "alpine-minimal" : undefined),
    make: () => ({
      created: "2024-06-05T10:28:43Z",
      config: {
        entrypoint: ["/docker/entrypoint.sh"],
        cmd: ["/usr/sbin/nginx", "-g", "daemon off;"],
        env: [PATH],
        exposedPorts: ["80/tcp", "443/tcp", "1180/tcp", "11443/tcp"],
      },
      size: 35_270_894,
      files: () => multitoolFiles(),
    }),
  }),
);

function multitoolFiles() {
  const nginx: SystemUser = {
    name: "nginx",
    uid: 100,
    comment: "nginx",
    home: "/var/lib/nginx",
    shell: "/sbin/nologin",
  };
  const site = (listen: string, more = ""): string =>
    `server {\n    listen       ${listen};\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n${more}}\n`;
  return mergeFiles(alpineFiles("3.20.0", { ...toolbox(MULTITOOL, true), users: [nginx] }), {
    specs: [
      { path: "/docker/entrypoint.sh", program: "multitool-entrypoint", size: 1584 },
      { path: "/usr/sbin/nginx", program: "nginx", version: "1.26.0", size: 1_200_000 },
      { path: "/etc/nginx/nginx.conf", text: MULTITOOL_CONF },
      { path: "/etc/nginx/mime.types", text: mimeTypesFile() },
      {
        path: "/etc/nginx/conf.d/default.conf",
        text: `${site("80")}\n${site("443\tssl", "\n    ssl_certificate /certs/server.crt;\n    ssl_certificate_key /certs/server.key;\n")}\n`,
      },
      { path: "/usr/share/nginx/html/index.html", text: "" },
      { path: "/certs", dir: true, mode: 0o700 },
      { path: "/certs/server.crt", text: CERTIFICATE },
      { path: "/certs/server.key", mode: 0o600, text: KEY },
      { path: "/var/cache/nginx", dir: true },
      { path: "/var/log/nginx", dir: true },
    ],
  });
}

const MULTITOOL_CONF = `user  nginx;
worker_processes  1;

pid        /var/run/nginx.pid;

# Forward error logs to docker log collector, by sending it to stderr instead of a log file.

error_log  /dev/stderr warn;

events {
    worker_connections  32;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    # Forward request logs to docker log collector, by sending it to stdout instead of a log file.
    access_log  /dev/stdout  main;

    sendfile        on;

    keepalive_timeout  65;

    include /etc/nginx/conf.d/*.conf;
}
`;

const user = (name: string, uid: number): SystemUser => ({
  name,
  uid,
  comment: "",
  home: `/home/${name}`,
  shell: "/bin/sh",
});

interface Database {
  readonly name: string;
  readonly versions: readonly string[];
  readonly server: string;
  readonly entrypoint: string;
  readonly user: SystemUser;
  readonly port: string;
  readonly size: number;
  readonly stopSignal?: string;
  readonly tools: readonly string[];
}

const DATABASES: readonly Database[] = [
  { name: "redis", versions: ["3.2.12", "4.0.14", "5.0.14", "6.0.20", "6.2.18", "7.0.15", "7.2.8", "7.4.3", "8.0.1"], server: "usr/local/bin/redis-server", entrypoint: "server-docker-entrypoint", user: user("redis", 999), port: "6379/tcp", size: 44_891_203, tools: ["usr/local/bin/redis-cli", "usr/local/bin/redis-benchmark", "usr/local/bin/gosu"] },
  { name: "mysql", versions: ["5.7.44", "8.0.42", "8.4.5", "9.3.0"], server: "usr/sbin/mysqld", entrypoint: "mysql-docker-entrypoint", user: user("mysql", 999), port: "3306/tcp", size: 250_000_000, tools: ["usr/bin/mysql", "usr/bin/mysqladmin", "usr/bin/mysqldump"] },
  { name: "postgres", versions: ["12.22", "13.21", "14.18", "15.13", "16.9", "17.5"], server: "usr/local/bin/postgres", entrypoint: "postgres-docker-entrypoint", user: user("postgres", 999), port: "5432/tcp", size: 155_000_000, stopSignal: "SIGINT", tools: ["usr/bin/psql", "usr/bin/pg_isready", "usr/bin/pg_dump"] },
  { name: "mongo", versions: ["4.4.29", "5.0.31", "6.0.23", "7.0.20", "8.0.9"], server: "usr/bin/mongod", entrypoint: "server-docker-entrypoint", user: user("mongodb", 999), port: "27017/tcp", size: 290_000_000, tools: ["usr/bin/mongosh", "usr/bin/mongodump"] },
  { name: "mariadb", versions: ["10.6.22", "10.11.13", "11.4.7", "11.7.2"], server: "usr/sbin/mariadbd", entrypoint: "mariadb-docker-entrypoint", user: user("mysql", 999), port: "3306/tcp", size: 120_000_000, tools: ["usr/bin/mariadb", "usr/bin/mysql", "usr/bin/mariadb-admin"] },
  { name: "rabbitmq", versions: ["3.11.28", "3.12.14", "3.13.7", "4.0.9", "4.1.0"], server: "opt/rabbitmq/sbin/rabbitmq-server", entrypoint: "server-docker-entrypoint", user: user("rabbitmq", 999), port: "5672/tcp", size: 110_000_000, tools: ["opt/rabbitmq/sbin/rabbitmqctl", "opt/rabbitmq/sbin/rabbitmq-diagnostics"] },
  { name: "memcached", versions: ["1.6.38"], server: "usr/local/bin/memcached", entrypoint: "server-docker-entrypoint", user: user("memcache", 11_211), port: "11211/tcp", size: 32_000_000, tools: [] },
]; // prettier-ignore

export const databaseRepositories: readonly Repository[] = DATABASES.map((database) => {
  const { name, versions, server, entrypoint, port, size, stopSignal, tools } = database;
  const program = server.slice(server.lastIndexOf("/") + 1);
  return repository({
    name: `docker.io/library/${name}`,
    versions,
    tag: series(versions),
    make: (version) => ({
      created: "2025-05-09T00:00:00Z",
      config: {
        entrypoint: ["docker-entrypoint.sh"],
        cmd: [program],
        env: [name === "rabbitmq" ? `${PATH}:/opt/rabbitmq/sbin` : PATH, `${name.toUpperCase()}_VERSION=${version}`],
        exposedPorts: [port],
        ...(stopSignal === undefined ? {} : { stopSignal }),
        ...(name === "memcached" ? { user: "memcache" } : {}),
      },
      size,
      files: () =>
        mergeFiles(debianFiles({ users: [database.user], programs: tools.map((tool) => `${tool} 500000`) }), {
          specs: [
            { path: `/${server}`, program, version, size: 9_000_000 },
            { path: "/usr/local/bin/docker-entrypoint.sh", program: entrypoint, size: 3000 },
          ],
        }),
    }),
  });
});
