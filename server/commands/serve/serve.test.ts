import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { ServeProcess } from "./testing.ts";

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "drydock-serve-"));
  closing.push(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

function serve(args: readonly string[], environment?: Record<string, string>): ServeProcess {
  const process = new ServeProcess(args, environment);
  closing.push(() => process.end("SIGKILL"));
  return process;
}

describe("drydock serve", () => {
  it("says where it is and where attempts are, serves, and ends in order at a signal", async () => {
    const data = join(folder(), "deep/data");
    const process = serve(["--port", "0", "--data", data]);
    const address = await process.ready();
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    expect((await fetch(`${address}healthz`)).headers.get("content-type")).toMatch("application/json");
    const { code, ms } = await process.end("SIGTERM");
    expect(code).toBe(0);
    expect(ms).toBeLessThan(5000);
    expect(process.stdout).toBe(`Drydock is ready: ${address}\nAttempts are kept in ${data}\n`);
    for (const line of process.stderr.trim().split("\n")) expect(JSON.parse(line)).toHaveProperty("level");
  });

  it("listens on this machine only", async () => {
    const process = serve(["--host", "0.0.0.0", "--port", "0", "--data", folder()]);
    expect((await process.end()).code).toBe(2);
    expect(process.stderr).toBe(
      "drydock: serve: --host 0.0.0.0: Drydock has no accounts yet, so whoever reaches it could use it: it listens on " +
        "this machine only. Use 127.0.0.1, and reach it from elsewhere through ssh -L 8080:127.0.0.1:8080\n",
    );
  });

  it("says that a port is taken, and by how much to move", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    closing.push(() => other.close());
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const process = serve(["--port", String(port), "--data", folder()], { DRYDOCK_LOG: "error" });
    expect((await process.end()).code).toBe(69);
    expect(process.stderr).toBe(
      `drydock: serve: port ${port} of 127.0.0.1 is taken by another program, perhaps another Drydock. ` +
        `Choose another: --port ${port + 1}\n`,
    );
  });

  it("says that data cannot be kept: no folder, not a database, another server's", async () => {
    const path = folder();
    writeFileSync(join(path, "file"), "");
    const file = serve(["--port", "0", "--data", join(path, "file")], { DRYDOCK_LOG: "error" });
    expect((await file.end()).code).toBe(69);
    expect(file.stderr).toMatch(/^drydock: serve: .*Choose another: --data DIR\n$/);

    const data = join(path, "data");
    await serve(["--port", "0", "--data", data]).ready();
    const second = serve(["--port", "0", "--data", data], { DRYDOCK_LOG: "error" });
    expect((await second.end()).code).toBe(69);
    expect(second.stderr).toMatch(/^drydock: serve: .*\n$/);
  });

  it("refuses options and operands that it does not know", async () => {
    for (const args of [["--prot", "1"], ["8080"], ["--port", "http"]]) expect((await serve(args).end()).code).toBe(2);
  });
});
