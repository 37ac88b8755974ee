import type { App } from "../../app.ts";
import { Arguments, type OptionKind } from "../arguments.ts";
import type { Command } from "../main.ts";
import { UsageError } from "../usage.ts";

const OPTIONS = {
  "--host": "value",
  "--port": "value",
  "--url": "value",
  "--data": "value",
  "--authoring": "value",
} as const satisfies Record<string, OptionKind>;

/** For so long the server may take to end after it was asked to. */
const PATIENCE = 4500;

/** `drydock serve`: the server of the page, until it is told to stop. */
export const serve: Command = {
  summary: "serves labs and exams to browsers",
  usage: `serve [--host H] [--port P] [--url URL] [--data DIR] [--authoring DIR]

Listens on 127.0.0.1:8080. A host that others reach needs an account first (drydock accounts add); URL is where browsers
reach it (https://lab.example), and its name is then answered to. Attempts are kept in DIR, else in $XDG_DATA_HOME/drydock or ~/.local/share/drydock.
Environment: DRYDOCK_HOST, DRYDOCK_PORT, DRYDOCK_URL, DRYDOCK_DATA; DRYDOCK_TRUST_PROXY (on: one proxy stands before it,
whose X-Forwarded-For and X-Forwarded-Proto are true); DRYDOCK_WORKERS (threads for clusters), DRYDOCK_SESSIONS
(clusters in memory at most), DRYDOCK_IDLE_MINUTES (nobody connected for so long: out of memory until somebody comes
back), DRYDOCK_LOG (least
level of log lines on stderr: trace to fatal, or silent; warn on a terminal, else info), DRYDOCK_LABS (a folder of labs
and exams instead of ours), DRYDOCK_AUTHORING (as --authoring: the folder of labs that instructors write in the page),
DRYDOCK_KUBERNETES_API (off: no kubectl of one's own)`,
  async run(words) {
    const args = new Arguments("serve", words, OPTIONS);
    if (args.operands.length > 0) throw new UsageError(`serve: '${args.operands[0]}' is too much`);
    // The server's code is loaded here, so that other commands need not wait for it.
    const { CannotServe, ConfigError, createApp, readConfig } = await import("../../app.ts");
    const options = {
      host: args.value("--host"),
      port: args.value("--port"),
      url: args.value("--url"),
      data: args.value("--data"),
      authoring: args.value("--authoring"),
    };
    try {
      const config = readConfig({ DRYDOCK_LOG: process.stderr.isTTY ? "warn" : "info", ...process.env }, options);
      const app = await createApp({ config });
      process.stdout.write(`Drydock is ready: ${app.address}\nAttempts are kept in ${config.data}\n`);
      return await untilStopped(app);
    } catch (error) {
      if (error instanceof ConfigError) throw new UsageError(`serve: ${error.message}`);
      if (error instanceof CannotServe) {
        process.stderr.write(`drydock: serve: ${error.message}\n`);
        return EXIT_UNAVAILABLE;
      }
      throw error;
    }
  },
};

/** As sysexits.h has it: something that is needed is not to be had. */
const EXIT_UNAVAILABLE = 69;

/** Serves until a signal comes, then ends in order; a second signal ends at once. */
async function untilStopped(app: App): Promise<number> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, resolve);
  });
  for (const name of ["SIGINT", "SIGTERM"] as const)
    process.once(name, () => process.exit(signal === "SIGINT" ? 130 : 143));
  const late = setTimeout(() => {
    process.stderr.write("drydock: serve: it takes too long to end; what was typed in the last second may be lost\n");
    process.exit(1);
  }, PATIENCE);
  late.unref();
  await app.close();
  return 0;
}
