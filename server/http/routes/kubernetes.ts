import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Attempts } from "../../attempts/index.ts";
import { KubernetesAddress } from "../../sessions/protocol/index.ts";
import type { Site } from "../site.ts";
import { kubeconfig, kubernetesPath } from "../kubernetes/index.ts";
import { ById, ERRORS, type Api } from "./typed.ts";

const Part = ById.extend({ part: z.coerce.number().int().min(0) });
const YAML = "application/yaml";

/** How one's own kubectl reaches the cluster of a part. */
export function kubernetesRoutes(api: Api, attempts: Attempts, site: Site): void {
  api.get(
    "/attempts/:id/parts/:part/kubernetes",
    {
      // Whoever has the address can change what is there.
      config: { attempt: "works" },
      schema: {
        summary: "Where the Kubernetes API of a part's cluster is: whoever knows the address is its administrator",
        params: Part,
        response: { 200: KubernetesAddress, ...ERRORS },
      },
    },
    async (request, reply) => reply.send({ server: await addressOf(attempts, site, request, request.params) }),
  );
  api.get(
    "/attempts/:id/parts/:part/kubeconfig",
    {
      config: { attempt: "works" },
      schema: {
        summary: "A kubeconfig for the cluster of a part",
        params: Part,
        response: { 200: { content: { [YAML]: { schema: z.string() } } }, ...ERRORS },
      },
    },
    async (request, reply) => {
      const server = await addressOf(attempts, site, request, request.params);
      const { part } = request.params;
      const name = part === 0 ? "drydock.kubeconfig" : `drydock-${part + 1}.kubeconfig`;
      return reply.header("content-disposition", `attachment; filename="${name}"`).type(YAML).send(kubeconfig(server));
    },
  );
}

async function addressOf(
  attempts: Attempts,
  site: Site,
  request: FastifyRequest,
  { id, part }: z.infer<typeof Part>,
): Promise<string> {
  const token = await attempts.kubernetesToken(id, part);
  return `${site.origin(request.headers.host ?? "127.0.0.1", request.protocol)}${kubernetesPath(token)}`;
}
