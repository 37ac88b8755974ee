import type { AttemptSummary, Catalogue } from "../../../server/sessions/protocol/index.ts";

const MINUTE = 60_000;

const attempt = (id: string, more: Partial<AttemptSummary> = {}): AttemptSummary => ({
  id,
  kind: "lab",
  of: "lost-endpoints",
  title: "Lost endpoints",
  state: "graded",
  startedAt: Date.now() - 50 * MINUTE,
  endsAt: null,
  submittedAt: Date.now() - 42 * MINUTE,
  percent: 33.33,
  ...more,
});

const labs: Catalogue["labs"] = [
  {
    id: "node-network",
    title: "A node's network",
    summary: "Read interfaces, routes and ports of two nodes.",
    topics: ["nodes", "routing"],
    level: "easy",
    minutes: 5,
    points: 5,
    tasks: 1,
    best: 100,
    attempts: 2,
  },
  {
    id: "lost-endpoints",
    title: "Lost endpoints",
    summary: "A Service answers nobody, although its Pods run.",
    topics: ["services", "endpoints"],
    level: "easy",
    minutes: 6,
    points: 6,
    tasks: 1,
    best: 33.33,
    attempts: 1,
  },
  {
    id: "fixed-node-port",
    title: "A fixed node port",
    summary: "The load balancer forwards to one port of every node, and somebody else has it.",
    topics: ["services", "node ports", "kube-proxy"],
    level: "medium",
    minutes: 10,
    points: 10,
    tasks: 1,
    best: null,
    attempts: 0,
  },
  {
    id: "split-policy",
    title: "Two policies, one door",
    summary: "Clients of one team lose the database whenever the other team's policy is applied.",
    topics: ["network policies"],
    level: "hard",
    minutes: 14,
    points: 12,
    tasks: 3,
    best: null,
    attempts: 0,
  },
];

const exams: Catalogue["exams"] = [
  {
    id: "networking-mock-a",
    title: "Networking mock A",
    summary:
      "Services and node networking in 25 minutes: repair a Service, publish another on a fixed port, read a node's network.",
    minutes: 25,
    pass: 66,
    labs: [
      { lab: "node-network", title: "A node's network", weight: 5 },
      { lab: "lost-endpoints", title: "Lost endpoints", weight: 6 },
      { lab: "fixed-node-port", title: "A fixed node port", weight: 9 },
    ],
    draw: [],
    best: 71.25,
    attempts: 1,
  },
];

/** Catalogues by scene. */
export const catalogues = {
  usual: (): Catalogue => ({
    labs,
    exams,
    open: [
      attempt("open-exam", {
        kind: "exam",
        of: "networking-mock-a",
        title: "Networking mock A",
        state: "open",
        startedAt: Date.now() - 7 * MINUTE,
        endsAt: Date.now() + 18 * MINUTE,
        submittedAt: null,
        percent: null,
      }),
      attempt("open-lab", { state: "open", startedAt: Date.now() - 3 * MINUTE, submittedAt: null, percent: null }),
    ],
    recent: [
      attempt("lab-port"),
      attempt("exam", {
        kind: "exam",
        title: "Networking mock A",
        percent: 71.25,
        submittedAt: Date.now() - 26 * 60 * MINUTE,
      }),
    ],
    problems: ["labs/dns/broken-stub/lab.yaml:14:7: unknown field 'chekcs'; did you mean 'checks'?"],
  }),
  first: (): Catalogue => ({
    labs: labs.map((lab) => ({ ...lab, best: null, attempts: 0 })),
    exams: exams.map((exam) => ({ ...exam, best: null, attempts: 0 })),
    open: [],
    recent: [],
    problems: [],
  }),
  empty: (): Catalogue => ({ labs: [], exams: [], open: [], recent: [], problems: [] }),
};
