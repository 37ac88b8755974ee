import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const CLI = join(import.meta.dirname, "../../../cli.ts");

export interface RunningCluster {
  /** `http://127.0.0.1:4711` */
  readonly url: string;
  stop(): void;
}

/** Starts `drydock cluster` on a free port: the world that the script is run against, always the same one. */
export async function startCluster(): Promise<RunningCluster> {
  const folder = mkdtempSync(join(tmpdir(), "drydock-real-"));
  const child = spawn(
    process.execPath,
    [CLI, "cluster", "--port", "0", "--kubeconfig", join(folder, "kubeconfig"), "--seed", "1"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const url = await new Promise<string>((resolve, reject) => {
    child.once("exit", (code) => reject(new Error(`drydock cluster ended with ${code}`)));
    child.stdout.on("data", (line: Buffer) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line.toString());
      if (found) resolve(found[0]);
    });
  });
  return {
    url,
    stop() {
      child.removeAllListeners("exit");
      child.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
