import type { Daemon } from "../host/index.ts";
import { programVersion } from "../host/index.ts";
import { encode } from "../kernel/index.ts";
import { goFatal, goLog } from "./go/log.ts";
import { goListen, goService, goSignal } from "./go/server.ts";

/** gcr.io/google-samples/hello-app (kubernetes-engine-samples, hello-app/main.go); 1.0 and 2.0 differ in what they say. */
export const helloApp: Daemon = {
  name: "hello-app",
  summary: "says hello over HTTP",
  start(self) {
    const port = self.env.PORT || "8080";
    self.data = { version: programVersion(self) };
    goLog(self, `Server listening on port ${port}`);
    const opened = goListen(self, helloAppService, `:${port}`);
    if (typeof opened === "string") goFatal(self, opened);
  },
  signal: goSignal,
};

export const helloAppService = goService("hello-app", ({ self, url }) => {
  goLog(self, `Serving request: ${url.path}`);
  const { version } = self.data as { version: string };
  return { body: encode(`Hello, world!\nVersion: ${version}\nHostname: ${self.host.hostname}\n`) };
});
