import type { Program } from "../../sim/host/index.ts";
import { fetchUrl } from "./fetch.ts";
import { HttpApi } from "./http-api.ts";
import { createKubectl } from "./kubectl.ts";
import { NetworkApi } from "./network-api.ts";

/** kubectl, which reaches API servers through the network of its process. */
export const kubectl: Program = createKubectl({
  connect: (process, config) =>
    /^http:\/\//i.test(config.server) ? new HttpApi(process, config) : new NetworkApi(process, config),
  fetch: fetchUrl,
});
