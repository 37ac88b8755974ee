import type { Hosts } from "../host/index.ts";
import { bindConnect } from "./agnhost/connect.ts";
import { bindExit } from "./agnhost/exit-event.ts";
import { bindGrpcHealth, grpcHealth, grpcHealthHttp } from "./agnhost/grpc-health-checking.ts";
import { livenessService } from "./agnhost/liveness.ts";
import { netexecService, netexecUdp } from "./agnhost/netexec.ts";
import { porterService, porterUdp } from "./agnhost/porter.ts";
import { serveHostnameHttp, serveHostnameTcp, serveHostnameUdp } from "./agnhost/serve-hostname.ts";
import { type Service } from "./daemon-network.ts";
import { echoserverService } from "./echoserver/echoserver.ts";
import { helloAppService } from "./hello-app.ts";
import { httpdService } from "./httpd/httpd.ts";
import { httpEchoService } from "./http-echo/http-echo.ts";
import type { Network } from "../net/index.ts";
import { nginxService } from "./nginx/service.ts";
import { bindNginx } from "./nginx/start.ts";
import { opaqueService } from "./opaque/opaque.ts";
import { redisService } from "./redis/redis.ts";
import { bindStress } from "./stress/stress.ts";
import { whoamiService } from "./whoami/whoami.ts";

const SERVICES: readonly Service[] = [
  echoserverService,
  helloAppService,
  httpEchoService,
  grpcHealth,
  grpcHealthHttp,
  httpdService,
  livenessService,
  netexecService,
  netexecUdp,
  nginxService,
  opaqueService,
  porterService,
  porterUdp,
  redisService,
  serveHostnameHttp,
  serveHostnameTcp,
  serveHostnameUdp,
  whoamiService,
];

/** Binds the code of the images' daemons to a world: what answers on their sockets, and what they planned. Again after restore and fork. */
export function bindImages(hosts: Hosts, network: Network): void {
  for (const service of SERVICES) network.serve(service.name, service.application(hosts));
  bindExit(hosts);
  bindGrpcHealth(hosts);
  bindConnect(hosts);
  bindNginx(hosts);
  bindStress(hosts);
}
