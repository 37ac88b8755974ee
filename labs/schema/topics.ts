import { nearest } from "../../grader/index.ts";

/** What labs are about: the syllabus. There is a page of ours on each in labs/reference. */
export const TOPICS = [
  "nodes",
  "interfaces",
  "routing",
  "namespaces",
  "bridges",
  "nat",
  "docker",
  "cni",
  "pods",
  "services",
  "endpoints",
  "kube-proxy",
  "dns",
  "ingress",
  "gateway",
  "network-policy",
  "troubleshooting",
  "control-plane",
] as const;

/** What is said of a word that is no topic. */
export function noTopic(word: string): string {
  const meant = nearest(word, TOPICS);
  return `${word} is no topic: ${meant === undefined ? `there are ${TOPICS.join(", ")}` : `did you mean ${meant}?`}`;
}
