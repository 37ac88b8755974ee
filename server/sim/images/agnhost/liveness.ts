import { SECOND } from "../../kernel/index.ts";
import { goDuration } from "../go/duration.ts";
import { goRedirect } from "../go/http.ts";
import { goFatal } from "../go/log.ts";
import { goListen, goService } from "../go/server.ts";
import type { AgnhostCommand } from "./command.ts";

/** test/images/agnhost/liveness/server.go: healthy for its first ten seconds. */
export const liveness: AgnhostCommand = {
  name: "liveness",
  flags: [],
  args: 0,
  start(self) {
    const opened = goListen(self, livenessService, ":8080");
    if (typeof opened === "string") goFatal(self, opened);
  },
};

export const livenessService = goService("agnhost liveness", ({ self, request, url }) => {
  const age = self.kernel.now - self.row.startedAt;
  switch (url.path) {
    case "/started":
      return { body: goDuration(age) };
    case "/healthz":
      return age > 10 * SECOND ? { status: 500, body: `error: ${age / SECOND}` } : { body: "ok" };
    case "/redirect":
      return goRedirect(request, url.values.get("loc") ?? "", 302);
    default:
      return {
        status: 404,
        headers: [
          ["Content-Type", "text/plain; charset=utf-8"],
          ["X-Content-Type-Options", "nosniff"],
        ],
        body: "404 page not found\n",
      };
  }
});
