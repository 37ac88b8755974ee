import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, parts, typed } from "./testing.ts";

let world: World;

beforeEach(async () => {
  world = await freshCluster();
});

describe("what is not there or not simulated", () => {
  test.each([
    ["nosuch", "-bash: nosuch: command not found\n", 127],
    ["./nosuch", "-bash: ./nosuch: No such file or directory\n", 127],
    ["python3 -c 1", "drydock: python3: '-c' is not simulated\n", 64],
    ["ls --nosuch", "ls: unrecognized option '--nosuch'\nTry 'ls --help' for more information.\n", 2],
    ["kubectl get pods --nosuch", "error: unknown flag: --nosuch\nSee 'kubectl get --help' for usage.\n", 1],
    ["kubectl get nosuch", 'error: the server doesn\'t have a resource type "nosuch"\n', 1],
  ])("%s", async (line, output, code) => {
    const [result] = await parts(world, [line]);
    expect([result!.stdout + result!.stderr, result!.exitCode]).toEqual([output, code]);
  });

  test("a field that no Pod has", async () => {
    const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: x, imag: nginx}]}\n";
    const [, out] = await typed(world, [`printf '${pod.replaceAll("\n", "\\n")}' > p.yaml`, "kubectl apply -f p.yaml"]);
    expect(out).toBe(
      'Error from server (BadRequest): error when creating "p.yaml": Pod in version "v1" cannot be handled as a Pod: strict decoding error: unknown field "spec.containers[0].imag"\n',
    );
  });

  test("an image that no registry has", async () => {
    const [, status, events] = await typed(world, [
      "kubectl run x --image=nginx:nosuch; sleep 5",
      "kubectl get pod x --no-headers | awk '{print $3}'",
      "kubectl get events --field-selector involvedObject.name=x -o jsonpath='{.items[*].reason}'",
    ]);
    expect(status).toMatch(/^(ErrImagePull|ImagePullBackOff)\n$/);
    expect(events).toContain("Failed");
  });
});

describe("what does not end", () => {
  test("a pipeline ends with its reader", async () => {
    const [out] = await typed(world, ["ping 10.244.0.1 | head -2"]);
    expect(out).toMatch(/^PING 10\.244\.0\.1 \(10\.244\.0\.1\) 56\(84\) bytes of data\.\n64 bytes from .*\n$/);
  });

  test("an endless loop is interrupted as by Ctrl-C, and the shell goes on", async () => {
    const [loop, next] = await parts(world, ["while true; do :; done", "echo still here"]);
    expect(loop!.exitCode).toBe(130);
    expect(loop!.stderr).toMatch(/^\ndrydock: interrupted after \d+ steps of the shell\n$/);
    expect(next!.stdout).toBe("still here\n");
  });

  test("a program that only waits is interrupted after its time", async () => {
    const [watching, next] = await parts(world, ["kubectl get pods -w", "echo $?"]);
    expect(watching!.stderr).toMatch(/drydock: interrupted after \d+ simulated seconds\n$/);
    expect(next!.stdout).toBe("1\n");
  });

  test("kubectl get -w streams through a pipe", async () => {
    const [, out] = await typed(world, [
      "kubectl get pods -w | grep --line-buffered web > seen & sleep 2; kubectl run web --image=nginx; sleep 5; kill %1",
      "wait; awk '{print $3}' seen | uniq",
    ]);
    expect(out).toMatch(/^Pending\nContainerCreating\nRunning\n/);
  });
});

describe("what cannot be read", () => {
  test("a syntax error is the shell's", async () => {
    const [bad, code] = await typed(world, ["if true; fi", "echo $?"]);
    expect(bad).toBe("-bash: syntax error near unexpected token `fi'\n");
    expect(code).toBe("2\n");
  });

  test("an unfinished command goes on in the next part", async () => {
    const results = await parts(world, ["echo 'a", "b'"]);
    expect(results.map(({ stdout }) => stdout).join("")).toBe("a\nb\n");
  });

  test("a line of 10 MB", { timeout: 60_000 }, async () => {
    const [long, next] = await parts(world, [`echo ${"x".repeat(10_000_000)}`, "echo still here"]);
    expect(long!.stdout.length + long!.stderr.length).toBeGreaterThan(0);
    expect(next!.stdout).toBe("still here\n");
  });

  test("jobs behave as bash's", async () => {
    const [out] = await typed(world, ["sleep 1 & wait; jobs"]);
    expect(out).toMatch(/^\[1\] \d+\n\[1\]\+  Done {20}sleep 1\n$/);
  });
});
