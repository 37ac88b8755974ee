import { describe, expect, it } from "vitest";
import { SECOND } from "../../kernel/index.ts";
import { clusterPod } from "../../net/testing.ts";
import { ask, get, testWorld } from "../testing.ts";

const START = [
  "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
  "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh",
  "10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf",
  "10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf",
  "/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh",
  "/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh",
  "/docker-entrypoint.sh: Configuration complete; ready for start up",
];

const NOTICES = [
  '[notice] 1#1: using the "epoll" event method',
  "[notice] 1#1: nginx/1.27.5",
  "[notice] 1#1: built by gcc 12.2.0 (Debian 12.2.0-14)",
  "[notice] 1#1: OS: Linux 6.8.0-51-generic",
  "[notice] 1#1: getrlimit(RLIMIT_NOFILE): 1048576:1048576",
  "[notice] 1#1: start worker processes",
  "[notice] 1#1: start worker process 29",
  "[notice] 1#1: start worker process 30",
];

const undated = (lines: readonly string[]): string[] => lines.map((line) => line.replace(/^\d{4}\/\S+ \S+ /, ""));
const GET = "GET / HTTP/1.1\r\nHost: web\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n";

describe("the image nginx", () => {
  it("prints what it does at its start, and serves its page to another node", async () => {
    const { world, net } = testWorld();
    const client = clusterPod(net, 1, "client", 9);
    const web = clusterPod(net, 0, "web", 2);
    await world.start("web", web, "nginx");
    expect(undated(world.logs("web"))).toEqual([...START, ...NOTICES]);
    const { received, ended } = ask(client, "10.244.0.2", 80, GET);
    const [head, body] = received.split("\r\n\r\n") as [string, string];
    expect(head.split("\r\n")).toEqual([
      "HTTP/1.1 200 OK",
      "Server: nginx/1.27.5",
      "Date: Sat, 21 Nov 2026 10:00:00 GMT",
      "Content-Type: text/html",
      "Content-Length: 615",
      "Last-Modified: Wed, 16 Apr 2025 12:01:11 GMT",
      "Connection: keep-alive",
      'ETag: "67ff9c07-267"',
      "Accept-Ranges: bytes",
    ]);
    expect([body.length, body.includes("<h1>Welcome to nginx!</h1>"), ended]).toEqual([615, true, false]);
    expect(world.logs("web")).toEqual([
      '10.244.1.9 - - [21/Nov/2026:10:00:00 +0000] "GET / HTTP/1.1" 200 615 "-" "curl/8.5.0" "-"',
    ]);
    expect(get(client, "10.244.0.2", 80, "/x")).toContain("404 Not Found\n<html>");
    expect(undated(world.logs("web"))).toEqual([
      '[error] 30#30: *2 open() "/usr/share/nginx/html/x" failed (2: No such file or directory), client: 10.244.1.9, server: localhost, request: "GET /x HTTP/1.1", host: "test"',
      '10.244.1.9 - - [21/Nov/2026:10:00:00 +0000] "GET /x HTTP/1.1" 404 153 "-" "-" "-"',
    ]);
  });

  it("shows its processes, answers on IPv6 and IPv4, and ends by SIGQUIT", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    const pid = await world.start("web", web, "nginx:1.27-alpine");
    const rows = world
      .host("web")
      .processes()
      .map(({ nspid, uid, comm, argv }) => [nspid, uid, comm, argv.join(" ")]);
    expect(rows).toEqual([
      [1, 0, "nginx", "nginx: master process nginx -g daemon off;"],
      [29, 101, "nginx", "nginx: worker process"],
      [30, 101, "nginx", "nginx: worker process"],
    ]);
    const sockets = [...web.sockets.values()].map((row) => [row.address, row.port, row.backlog, row.pid === pid]);
    expect(sockets).toEqual([
      ["0.0.0.0", 80, 511, true],
      ["::", 80, 511, true],
    ]);
    expect(get(web, "::1", 80).slice(0, 6)).toBe("200 OK");
    world.host("web").machine.signal(pid, "SIGQUIT");
    await world.pass(SECOND);
    expect([world.exit("web"), world.host("web").processes(), web.sockets.size]).toEqual([{ code: 0 }, [], 0]);
    expect(ask(web, "127.0.0.1", 80, GET).received).toBe("[refused]");
  });

  it("starts older versions without an entrypoint and with their own page", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    await world.start("web", web, "nginx:1.14.2");
    expect(world.logs("web")).toEqual([]);
    expect(get(web, "127.0.0.1", 80).length).toBe("200 OK\n".length + 612);
  });

  it("says so when its configuration is a read-only ConfigMap, and serves what that says", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    const conf = 'server { listen 8080; location / { return 200 "from the map\\n"; } }\n';
    const readOnly = { "/etc/nginx/conf.d": [{ path: "/default.conf", text: conf }] };
    await world.start("web", web, "nginx", { readOnly });
    expect(world.logs("web")[3]).toBe(
      "10-listen-on-ipv6-by-default.sh: info: can not modify /etc/nginx/conf.d/default.conf (read-only file system?)",
    );
    expect(get(web, "127.0.0.1", 8080)).toBe("200 OK\nfrom the map\n");
    expect(ask(web, "127.0.0.1", 80, GET).received).toBe("[refused]");
  });

  it("fills templates with variables of its container", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    const text = 'server { listen ${PORT}; location / { return 200 "$host of ${WHO}\\n"; } }\n';
    const readOnly = { "/etc/nginx/templates": [{ path: "/site.conf.template", text }] };
    await world.start("web", web, "nginx", { readOnly, env: { PORT: "8081", WHO: "me" } });
    expect(world.logs("web")).toContain(
      "20-envsubst-on-templates.sh: Running envsubst on /etc/nginx/templates/site.conf.template to /etc/nginx/conf.d/site.conf",
    );
    expect(get(web, "127.0.0.1", 8081)).toBe("200 OK\ntest of me\n");
  });

  it("fails with the words of nginx when its configuration is wrong", async () => {
    const { world, net } = testWorld();
    const readOnly = { "/etc/nginx/conf.d": [{ path: "/a.conf", text: "server {\n  lisen 80;\n}\n" }] };
    await world.start("web", clusterPod(net, 0, "web", 2), "nginx", { readOnly });
    expect(undated(world.logs("web")).slice(-2)).toEqual([
      '[emerg] 1#1: unknown directive "lisen" in /etc/nginx/conf.d/a.conf:2',
      'nginx: [emerg] unknown directive "lisen" in /etc/nginx/conf.d/a.conf:2',
    ]);
    expect(world.exit("web")).toEqual({ code: 1 });
  });

  it("fails when it may not write, as a user that is not root", async () => {
    const { world, net } = testWorld();
    await world.start("web", clusterPod(net, 0, "web", 2), "nginx", { uid: 1000 });
    expect(undated(world.logs("web"))).toEqual([
      ...START.slice(0, 3),
      "10-listen-on-ipv6-by-default.sh: info: can not modify /etc/nginx/conf.d/default.conf (read-only file system?)",
      ...START.slice(5),
      '[warn] 1#1: the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:2',
      'nginx: [warn] the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:2',
      '[emerg] 1#1: mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)',
      'nginx: [emerg] mkdir() "/var/cache/nginx/client_temp" failed (13: Permission denied)',
    ]);
    expect(world.exit("web")).toEqual({ code: 1 });
  });

  it("may not take a low port as a user that is not root, and may where the namespace lets it", async () => {
    const { world, net } = testWorld();
    const [one, two] = [clusterPod(net, 0, "one", 2), clusterPod(net, 0, "two", 3)];
    const conf = "pid /tmp/nginx.pid;\nevents {}\nhttp { access_log off; server { listen 80; } }\n";
    const readOnly = {
      "/etc/nginx": [{ path: "/nginx.conf", text: conf }],
      "/var/cache/nginx": ["client", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => ({
        path: `/${name}_temp`,
        dir: true as const,
      })),
    };
    two.sysctls.set("net/ipv4/ip_unprivileged_port_start", "0");
    for (const [name, ns] of [
      ["one", one],
      ["two", two],
    ] as const)
      await world.start(name, ns, "nginx", { uid: 1000, readOnly, command: ["nginx", "-g", "daemon off;"] });
    expect(undated(world.logs("one"))).toEqual([
      "[emerg] 1#1: bind() to 0.0.0.0:80 failed (13: Permission denied)",
      "nginx: [emerg] bind() to 0.0.0.0:80 failed (13: Permission denied)",
    ]);
    expect([world.exit("one"), world.exit("two")]).toEqual([{ code: 1 }, undefined]);
  });

  it("tries a taken port five times", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    await world.start("first", web, "nginx");
    await world.start("second", web, "nginx", { command: ["nginx", "-g", "daemon off;"] });
    expect(world.exit("second")).toBeUndefined();
    await world.pass(3 * SECOND);
    const wanted = "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)";
    const lines = world.logs("second").filter((line) => line.startsWith("nginx:"));
    expect(lines).toEqual([...Array.from({ length: 5 }, () => wanted), "nginx: [emerg] still could not bind()"]);
    expect(world.exit("second")).toEqual({ code: 1 });
  });

  it("starts on the port once the other has gone", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    const first = await world.start("first", web, "nginx");
    await world.start("second", web, "nginx", { command: ["nginx", "-g", "daemon off;"] });
    world.host("first").machine.signal(first, "SIGTERM");
    await world.pass(3 * SECOND);
    expect(get(web, "127.0.0.1", 80).slice(0, 6)).toBe("200 OK");
  });
});

describe("a running nginx", () => {
  it("reads its configuration again with `nginx -s reload`, and keeps the old one if it is wrong", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    const master = await world.start("web", web, "nginx");
    const path = "/etc/nginx/conf.d/default.conf";
    const { files } = world.host("web");
    files.write(path, 'server { listen 80; return 200 "new\\n"; }\n');
    const exec = async (...argv: string[]): Promise<string[]> => {
      world.spawn("web", argv, { path: "/usr/sbin/nginx", log: "exec" });
      await world.pass(SECOND);
      return world.logs("exec");
    };
    expect(await exec("nginx", "-t")).toEqual([
      "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok",
      "nginx: configuration file /etc/nginx/nginx.conf test is successful",
    ]);
    expect(get(web, "127.0.0.1", 80).length).toBeGreaterThan(600);
    await exec("nginx", "-s", "reload");
    expect(world.exit("exec")).toEqual({ code: 0 });
    expect(get(web, "127.0.0.1", 80)).toBe("200 OK\nnew\n");
    files.write(path, "server { listen 80; return; }\n");
    const wrong = 'invalid number of arguments in "return" directive in /etc/nginx/conf.d/default.conf:1';
    // The process that should tell the master reads the configuration first (src/core/nginx.c main).
    expect((await exec("nginx", "-s", "reload")).at(-1)).toBe(`nginx: [emerg] ${wrong}`);
    expect(world.exit("exec")).toEqual({ code: 1 });
    world.logs("web");
    world.host("web").machine.signal(master, "SIGHUP");
    await world.pass(SECOND);
    expect(undated(world.logs("web"))).toEqual([
      "[notice] 1#1: signal 1 (SIGHUP) received, reconfiguring",
      "[notice] 1#1: reconfiguring",
      `[emerg] 1#1: ${wrong}`,
    ]);
    expect(get(web, "127.0.0.1", 80)).toBe("200 OK\nnew\n");
    expect(await exec("nginx", "-v")).toEqual(["nginx version: nginx/1.27.5"]);
    expect(await exec("nginx", "-x")).toEqual(['nginx: invalid option: "x"']);
    files.write(path, "server { listen 80; }\n");
    files.unlink("/run/nginx.pid");
    expect((await exec("nginx", "-s", "quit")).at(-1)).toMatch(/^nginx: \[error\] open\(\) "\/run\/nginx\.pid" failed/);
  });

  it("goes into the background when it is started without `daemon off`", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    const { files } = (await import("../testing.ts")).testImage("nginx");
    world.addContainer("web", web, files);
    world.spawn("web", ["nginx"], { path: "/usr/sbin/nginx" });
    await world.pass(SECOND);
    expect(world.exit("web")).toEqual({ code: 0 });
  });

  it("answers on after it was restored from JSON", async () => {
    const { world, net } = testWorld();
    const web = clusterPod(net, 0, "web", 2);
    const client = clusterPod(net, 1, "client", 3);
    await world.start("web", web, "nginx");
    get(client, "10.244.0.2", 80);
    const again = world.restored();
    expect(get(again.network.namespace(client.id), "10.244.0.2", 80).slice(0, 6)).toBe("200 OK");
    expect(again.logs("web")[0]).toMatch(/"GET \/ HTTP\/1.1" 200 615/);
    expect(get(again.network.namespace(client.id), "10.244.0.2", 80, "/nope")).toContain("404");
    expect(again.logs("web")[0]).toContain("*3 open()");
  });

  it("passes requests on by the names in /etc/hosts, in turn to an upstream's servers, and past those that are down", async () => {
    const { world, net } = testWorld();
    const [a, b, front] = [clusterPod(net, 1, "a", 4), clusterPod(net, 1, "b", 5), clusterPod(net, 0, "front", 2)];
    const backend = (name: string): Readonly<Record<string, readonly { path: string; text: string }[]>> => ({
      "/etc/nginx/conf.d": [{ path: "/x.conf", text: `server { listen 80; return 200 "${name} $http_host\\n"; }\n` }],
    });
    await world.start("a", a, "nginx", { readOnly: backend("a") });
    const second = await world.start("b", b, "nginx", { readOnly: backend("b") });
    const conf = `upstream both { server alpha; server beta; }
server { listen 80; location / { proxy_pass http://both; } location /one { proxy_pass http://alpha:80; } }\n`;
    const hosts = [{ path: "/hosts", text: "10.244.1.4 alpha\n10.244.1.5 beta\n" }];
    await world
      .start("front", front, "nginx", {
        readOnly: { "/etc/nginx/conf.d": [{ path: "/x.conf", text: conf }], "/mnt": hosts },
        command: ["sleep-until-hosts"],
      })
      .catch(() => 0);
    const host = world.host("front");
    host.files.write("/etc/hosts", "10.244.1.4 alpha\n10.244.1.5 beta\n");
    world.spawn("front", ["nginx", "-g", "daemon off;"], { path: "/usr/sbin/nginx" });
    expect([1, 2, 3, 4].map(() => get(front, "127.0.0.1", 80))).toEqual([
      "200 OK\na both\n",
      "200 OK\nb both\n",
      "200 OK\na both\n",
      "200 OK\nb both\n",
    ]);
    world.host("b").machine.signal(second, "SIGTERM");
    world.logs("front");
    expect([1, 2, 3].map(() => get(front, "127.0.0.1", 80))).toEqual(
      Array.from({ length: 3 }, () => "200 OK\na both\n"),
    );
    expect(world.logs("front").filter((line) => line.includes("[error]"))).toHaveLength(1);
    expect(get(front, "127.0.0.1", 80, "/one")).toBe("200 OK\na alpha\n");
  });

  it("gives a mirror a copy of each request, whose answer nobody sees, unless it is off", async () => {
    const { world, net } = testWorld();
    const [back, front] = [clusterPod(net, 1, "back", 4), clusterPod(net, 0, "front", 2)];
    const conf = (text: string) => ({ readOnly: { "/etc/nginx/conf.d": [{ path: "/x.conf", text }] } });
    await world.start("back", back, "nginx", conf('server { listen 80; return 200 "$http_a\\n"; }\n'));
    await world.start(
      "front",
      front,
      "nginx",
      conf(`server { listen 80; mirror /copy; mirror /gone;
  location / { proxy_pass http://10.244.1.4/main; }
  location /alone { mirror off; proxy_pass http://10.244.1.4; }
  location = /copy { internal; proxy_pass http://10.244.1.4/copy$request_uri; }
  location = /gone { internal; proxy_pass http://10.244.1.4:81; } }\n`),
    );
    for (const name of ["back", "front"]) world.logs(name);
    const asked = ask(front, "127.0.0.1", 80, "GET /x?y=1 HTTP/1.1\r\nHost: web\r\nA: b\r\n\r\n");
    expect(asked.received.split("\r\n\r\n")[1]).toBe("b\n");
    expect(get(front, "127.0.0.1", 80, "/copy")).toContain("404 Not Found");
    get(front, "127.0.0.1", 80, "/alone");
    const paths = world.logs("back").map((line) => /"GET (\S+)/.exec(line)?.[1]);
    expect(paths).toEqual(["/copy/x?y=1", "/mainx?y=1", "/alone"]);
    expect(undated(world.logs("front")).filter((line) => line.includes("upstream"))).toEqual([
      expect.stringMatching(/connect\(\) failed .*, request: "GET \/x\?y=1 HTTP\/1.1", subrequest: "\/gone", upstream: "http:\/\/10.244.1.4:81\/gone\?y=1", host: "web"$/), // prettier-ignore
    ]);
  });

  it("gives up on a silent upstream after its time-out", async () => {
    const { world, net } = testWorld();
    const front = clusterPod(net, 0, "front", 2);
    const conf = "server { listen 80; location / { proxy_pass http://203.0.113.77; proxy_connect_timeout 5s; } }\n";
    await world.start("front", front, "nginx", {
      readOnly: { "/etc/nginx/conf.d": [{ path: "/x.conf", text: conf }] },
    });
    world.logs("front");
    const { received, delay } = ask(front, "127.0.0.1", 80, GET);
    expect(received.split("\r\n")[0]).toMatch(/^HTTP\/1.1 50[24]/);
    expect(world.logs("front")[0]).toMatch(
      /\(11[03]: (?:Connection timed out|No route to host)\) while connecting to upstream/,
    );
    expect(delay).toBeGreaterThan(0);
  });

  it("says that it does not know a directive that is not simulated", async () => {
    const { world, net } = testWorld();
    const readOnly = {
      "/etc/nginx/conf.d": [{ path: "/x.conf", text: "server { listen 80; location / { grpc_pass grpc://x; } }\n" }],
    };
    await world.start("web", clusterPod(net, 0, "web", 2), "nginx", { readOnly });
    expect(world.logs("web").at(-1)).toBe('drydock: nginx: directive "grpc_pass" is not simulated');
    expect(world.exit("web")).toEqual({ code: 64 });
  });
});
