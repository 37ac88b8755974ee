import { expect, test } from "vitest";
import { listen } from "../server/sim/net/testing.ts";
import { remember } from "./before.ts";
import { grade, type Graded } from "./grade.ts";
import { Question } from "./question.ts";
import { reportText } from "./report/text.ts";
import type { Report } from "./result.ts";
import { check, TestScene } from "./testing.ts";
import type { World } from "../server/sim/world/index.ts";

const client = { pods: "app=client", namespace: "shop" };

function world(port: number): TestScene {
  const scene = new TestScene();
  const { host } = scene.pod("client-7d9f", { labels: { app: "client" } });
  // In a fork nothing answers but what a world binds itself: no name server of a test.
  host.files.write("/etc/hosts", "10.96.44.8 cart\n");
  const cart = scene.pod("cart-6c4d", { labels: { app: "cart" } });
  listen(cart.ns, 8080);
  scene.service("cart", "10.96.44.8", [{ name: "http", port: 80, targetPort: port }], {
    selector: { app: "cart" },
    endpoints: [{ address: cart.address, port }],
  });
  scene.put("deployments", { metadata: { name: "cart", namespace: "shop" }, spec: { replicas: 1 } });
  return scene;
}

const lab: Graded = {
  id: "lost-endpoints",
  title: "Lost endpoints",
  tasks: [
    {
      id: "repair",
      checks: [
        check({
          id: "after",
          points: 1,
          says: "It is also reached from outside",
          needs: ["answers"],
          reach: { from: "outside", to: "10.96.44.8:80", expect: "no route" },
        }),
        check({
          id: "answers",
          points: 4,
          says: "Every client in shop gets the cart page from the Service on port 80",
          reach: { from: client, to: "tcp://cart:80", expect: "connected" },
        }),
        check({
          id: "deployment-kept",
          points: 1,
          says: "The Deployment was not edited",
          unchanged: { object: "deployment/cart", namespace: "shop", path: "spec" },
        }),
        check({ id: "odd", points: 3, says: "Gizmos work", object: { objects: "gizmos", is: 1 } }),
      ],
      questions: [
        Question.parse({ id: "port", ask: "Which port?", kind: "number", points: 1, answer: 80 }),
        Question.parse({
          id: "mac",
          ask: "Which MAC address?",
          kind: "mac",
          points: 1,
          answer: { field: "hosts.node01.links.eth0.address" },
        }),
        Question.parse({
          id: "replicas",
          ask: "How many replicas?",
          kind: "number",
          points: 1,
          answer: { object: "deployment/cart", namespace: "shop", path: ".spec.replicas" },
        }),
      ],
    },
  ],
};

async function graded(port: number, options: Parameters<typeof grade>[2] = {}): Promise<Report> {
  const scene = world(port);
  remember(scene.world, lab.tasks[0]!.checks);
  return grade(scene.world, lab, options);
}

test("the report as text", async () => {
  const answers = { "repair/port": " 080", "repair/mac": "02-42-C0-A8-38-0C" };
  const report = await graded(9, { answers, hints: 1 });
  expect(reportText(report)).toBe(
    `\
Lost endpoints                                                                                                   2 of 9
Hints cost 1 point.

✗ It is also reached from outside                                                                                0 of 1
  expected   first: Every client in shop gets the cart page from the Service on port 80
  observed   not judged, because answers failed
✗ Every client in shop gets the cart page from the Service on port 80                                            0 of 4
  expected   connected
  observed   connection refused after 1 ms, from Pod client-7d9f (10.244.1.3)
  why        cart (10.96.44.8:80) sends to 10.244.1.4:9; nothing listens on port 9 in Pod cart-6c4d. The container listens on 8080.
  see it     kubectl -n shop get endpointslices -l kubernetes.io/service-name=cart
✓ The Deployment was not edited                                                                                  1 of 1
? Gizmos work                                                                                               not counted
  broke      this cluster has no kind "gizmos"
✓ Which port?                                                                                                    1 of 1
✓ Which MAC address?                                                                                             1 of 1
✗ How many replicas?                                                                                             0 of 1
  expected   1
  observed   no answer
  see it     kubectl -n shop get deployment cart -o yaml
`,
  );
});

test("needed checks come first, whatever their order, and order of results is the lab's", async () => {
  const { results, score, of, settled } = await graded(8080);
  expect(results.map(({ id, outcome, points }) => `${id} ${outcome} ${points}`)).toEqual([
    "after pass 1",
    "answers pass 4",
    "deployment-kept pass 1",
    "odd broke 0",
    "port fail 0",
    "mac fail 0",
    "replicas fail 0",
  ]);
  expect([score, of, settled]).toEqual([6, 9, true]);
});

test("a check that needs one that broke is not counted either", async () => {
  const checks = [
    check({ id: "odd", points: 3, says: "Gizmos work", object: { objects: "gizmos", is: 1 } }),
    check({ id: "then", points: 2, needs: ["odd"], object: { objects: "pods", is: { atLeast: 1 } } }),
  ];
  const { results, of } = await grade(world(9).world, {
    id: "x",
    title: "X",
    tasks: [{ id: "t", checks, questions: [] }],
  });
  expect(results.map(({ outcome, observed }) => `${outcome}: ${observed}`)).toEqual([
    'broke: this cluster has no kind "gizmos"',
    "broke: not judged, because odd could not be judged",
  ]);
  expect(of).toBe(0);
});

test("partial credit is by the places for which it holds, rounded down", async () => {
  const scene = world(8080);
  for (const at of [1, 2]) scene.pod(`stranger-${at}`, { labels: { app: "client" } });
  scene.put("pods", {
    metadata: { name: "unscheduled", namespace: "shop", labels: { app: "client" } },
    status: {},
    spec: {},
  });
  const checks = [
    check({
      id: "nodes",
      points: 1,
      partial: true,
      object: { objects: "pods", labels: "app=client", path: ".spec.nodeName", is: "node01" },
    }),
    check({
      id: "third",
      points: 1,
      partial: true,
      object: {
        objects: "pods",
        labels: "app in (client,cart)",
        path: ".metadata.name",
        is: { matches: "^(cart|stranger-1)" },
      },
    }),
  ];
  const { results } = await grade(scene.world, { id: "x", title: "X", tasks: [{ id: "t", checks, questions: [] }] });
  expect(results.map(({ points }) => points)).toEqual([0.75, 0.4]);
});

test("grading changes nothing and gives the same bytes again", async () => {
  const scene = world(9);
  remember(scene.world, lab.tasks[0]!.checks);
  const before = JSON.stringify(scene.world.snapshot());
  const first = JSON.stringify(await grade(scene.world, lab));
  expect(JSON.stringify(await grade(scene.world, lab))).toBe(first);
  expect(JSON.stringify(scene.world.snapshot())).toBe(before);
});

test("what a check needs and the learner deleted is the learner's loss; what never could be judged is nobody's", async () => {
  const question = (id: string, object: string): Question =>
    Question.parse({
      id,
      ask: "How many?",
      kind: "number",
      points: 1,
      answer: { object, namespace: "shop", path: ".spec.replicas" },
    });
  const asked = {
    id: "x",
    title: "X",
    tasks: [
      { id: "t", checks: [], questions: [question("gone", "deployment/cart"), question("never", "deployment/nix")] },
    ],
  };
  const changed = world(9);
  changed.remove("deployments", "shop", "cart");
  const opened = (): Promise<World> => Promise.resolve(world(9).world);
  const outcomes = async (options: Parameters<typeof grade>[2]): Promise<readonly string[]> =>
    (await grade(changed.world, asked, options)).results.map(({ outcome, of }) => `${outcome} ${of}`);
  expect(await outcomes({ opened })).toEqual(["fail 1", "broke 0"]);
  expect(await outcomes({})).toEqual(["broke 0", "broke 0"]);
});
