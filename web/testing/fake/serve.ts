/** The page with a fake server behind it, for work on how it looks: `npx node web/testing/fake/serve.ts [PORT]`. */
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { createServer } from "vite";
import { answer } from "./api.ts";

const ROOT = join(import.meta.dirname, "../../..");

const server = await createServer({
  root: join(ROOT, "web"),
  server: {
    // In a git worktree node_modules may be a link.
    fs: { allow: [ROOT, realpathSync(join(ROOT, "node_modules"))] },
    port: Number(process.argv[2] ?? 5173),
    strictPort: true,
    proxy: {},
  },
  plugins: [
    {
      name: "fake-api",
      configureServer: ({ middlewares }) => {
        middlewares.use((request, response, next) => {
          if (/^\/api\/(?!.*\.tsx?(\?|$))/.test(request.url ?? "")) void answer(request, response);
          else next();
        });
      },
    },
  ],
});
await server.listen();
server.printUrls();
