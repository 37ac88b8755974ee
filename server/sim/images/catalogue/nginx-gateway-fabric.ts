import { controlPlaneFiles, dataPlaneFiles } from "../nginx-gateway-fabric/image-files.ts";
import { newest, PATH, repository, type Repository } from "./repository.ts";

const VERSIONS = ["2.0.0", "2.0.1", "2.0.2", "2.1.0", "2.1.1"];
const CREATED = "2025-05-29T09:00:00Z";
const CONTROL_PLANE = "ghcr.io/nginx/nginx-gateway-fabric";

/** NGINX Gateway Fabric 2. The programs are sim/kube's (addons/nginx-gateway-fabric), but for nginx. */
export const nginxGatewayRepositories: readonly Repository[] = [
  repository({
    name: CONTROL_PLANE,
    versions: VERSIONS,
    tag: newest(VERSIONS),
    make: (version) => ({
      created: CREATED,
      config: { entrypoint: ["/usr/bin/gateway"], env: [PATH], user: "101:1001", workingDir: "/" },
      size: 29_871_555,
      files: () => controlPlaneFiles(version),
    }),
  }),
  repository({
    name: `${CONTROL_PLANE}/nginx`,
    versions: VERSIONS,
    tag: newest(VERSIONS),
    make: () => ({
      created: CREATED,
      config: { entrypoint: ["/agent/entrypoint.sh"], env: [PATH], user: "101:1001", workingDir: "/" },
      size: 63_214_210,
      files: () => dataPlaneFiles(),
    }),
  }),
];
