import { z } from "zod";
import { nearest } from "../../grader/index.ts";
import { CLUSTER_PRESETS } from "../../server/sim/presets/index.ts";

/** What a word of a cluster's description adds to a preset's name; nothing, if it is what clusters have anyway. */
const WORDS = {
  cni: { flannel: "", calico: "calico", weave: "weave", none: "nocni" },
  proxy: { iptables: "", ipvs: "ipvs" },
  addons: { "ingress-nginx": "ingress", metallb: "metallb", "nginx-gateway-fabric": "gateway" },
} as const;

function keys<T extends object>(words: T): [keyof T & string, ...(keyof T & string)[]] {
  return Object.keys(words) as [keyof T & string, ...(keyof T & string)[]];
}

const ClusterParts = z.strictObject({
  preset: z.literal("kubeadm").default("kubeadm").describe("How it was set up."),
  cni: z.enum(keys(WORDS.cni)).default("flannel").describe("Its network; `none`: nodes are not ready."),
  proxy: z.enum(keys(WORDS.proxy)).default("iptables").describe("kube-proxy's mode."),
  nodes: z.int().min(1).default(2).describe("How many machines, with the control plane."),
  addons: z
    .array(z.enum(keys(WORDS.addons)))
    .default([])
    .describe("What is installed in it."),
});

/** A cluster: a preset by its name, or what it is made of. Read as the preset's name. */
export const ClusterChoice = z
  .union(
    [
      z.enum(Object.keys(CLUSTER_PRESETS)),
      ClusterParts.transform((parts, context) => {
        const name = presetOf(parts);
        if (name !== undefined) return name;
        context.addIssue({
          code: "custom",
          message: `there is no cluster of these parts: try fewer of them, or a preset such as ${nearestPresets(parts).join(", ")}`,
        });
        return z.NEVER;
      }),
    ],
    { error: ({ input }) => `expected ${presetWords(input)}, or { preset: kubeadm, cni, proxy, nodes, addons }` },
  )
  .meta({ title: "Cluster" });

function presetWords(written: unknown): string {
  const meant = typeof written === "string" ? nearest(written, Object.keys(CLUSTER_PRESETS)) : undefined;
  return meant ?? "a preset such as kubeadm-calico-3node";
}

/** Some that have the same network, which is what most labs are about. */
function nearestPresets({ cni }: z.output<typeof ClusterParts>): string[] {
  const others = Object.values(WORDS.cni).filter((word) => word !== "" && word !== WORDS.cni[cni]);
  return Object.keys(CLUSTER_PRESETS)
    .filter((name) => {
      const words = name.split("-");
      return (
        (WORDS.cni[cni] === "" || words.includes(WORDS.cni[cni])) &&
        !words.some((word) => others.includes(word as never))
      );
    })
    .slice(0, 6);
}

/** The preset whose name has exactly these parts. */
function presetOf({ cni, proxy, nodes, addons }: z.output<typeof ClusterParts>): string | undefined {
  const size = nodes === 2 ? "" : `${nodes}node`;
  const words = [WORDS.cni[cni], WORDS.proxy[proxy], ...addons.map((addon) => WORDS.addons[addon]), size];
  const wanted = words.filter((word) => word !== "").sort();
  return Object.keys(CLUSTER_PRESETS).find((name) => name.split("-").slice(1).sort().join() === wanted.join());
}
