import type { Daemon, Program } from "../host/index.ts";
import { agnhost } from "./agnhost/agnhost.ts";
import { curlEntrypoint } from "./curl-entrypoint.ts";
import { echoserver } from "./echoserver/echoserver.ts";
import { helloApp } from "./hello-app.ts";
import { helloWorld } from "./hello-world.ts";
import { httpEcho } from "./http-echo/http-echo.ts";
import { httpdForeground } from "./httpd/foreground.ts";
import { httpd } from "./httpd/httpd.ts";
import { multitoolEntrypoint } from "./multitool/entrypoint.ts";
import { envsubstOnTemplates, listenOnIpv6, tuneWorkerProcesses } from "./nginx/entrypoint-scripts.ts";
import { nginxEntrypoint } from "./nginx/entrypoint.ts";
import { nginx } from "./nginx/nginx.ts";
import {
  commandEntrypoint,
  mariadbEntrypoint,
  mysqlEntrypoint,
  postgresEntrypoint,
  serverEntrypoint,
} from "./opaque/entrypoints.ts";
import { opaqueServers } from "./opaque/opaque.ts";
import { pause } from "./pause.ts";
import { redisServer } from "./redis/redis.ts";
import { stress } from "./stress/stress.ts";
import { waitShutdown } from "./ingress-nginx/wait-shutdown.ts";
import { dumbInit } from "./unsimulated/dumb-init.ts";
import { unsimulatedServer } from "./unsimulated/unsimulated.ts";
import { whoami } from "./whoami/whoami.ts";

/** The servers that run in containers, for the registry of programs. */
export const daemons: readonly Daemon[] = [
  agnhost,
  echoserver,
  helloApp,
  httpEcho,
  httpd,
  nginx,
  pause,
  redisServer,
  stress,
  unsimulatedServer,
  whoami,
  ...opaqueServers,
];

/** What containers of images start with before they become a server or a command. */
export const entrypoints: readonly Program[] = [
  curlEntrypoint,
  dumbInit,
  envsubstOnTemplates,
  helloWorld,
  httpdForeground,
  listenOnIpv6,
  multitoolEntrypoint,
  mariadbEntrypoint,
  mysqlEntrypoint,
  nginxEntrypoint,
  postgresEntrypoint,
  serverEntrypoint,
  tuneWorkerProcesses,
  commandEntrypoint,
  waitShutdown,
];
