/** The page with a fake server behind it, for work on how it looks: `npx node web/testing/fake/serve.ts [PORT]`. */
import { join } from "node:path";
import { createServer } from "vite";
import { answer } from "./api.ts";

const server = await createServer({
  root: join(import.meta.dirname, "../.."),
  server: { port: Number(process.argv[2] ?? 5173), strictPort: true, proxy: {} },
  plugins: [
    {
      name: "fake-api",
      configureServer: ({ middlewares }) => {
        middlewares.use((request, response, next) => {
          if (request.url?.startsWith("/api/") === true) void answer(request, response);
          else next();
        });
      },
    },
  ],
});
await server.listen();
server.printUrls();
