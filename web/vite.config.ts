import react from "@vitejs/plugin-react";
import { readFile, writeFile } from "node:fs/promises";
import type { ClientRequest, IncomingMessage } from "node:http";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Where `drydock serve` listens while the page is developed. */
const SERVER = process.env.DRYDOCK_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), compressed()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // `light-dark()` and OKLCH stay as they are written.
    target: ["chrome125", "firefox126", "safari17.5"],
    // The server's content security policy takes scripts, styles and fonts from its own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // React Aria and zod make the first chunk; it comes from this machine, compressed to a third.
    chunkSizeWarningLimit: 800,
  },
  server: {
    host: "127.0.0.1",
    // The modules of web/api are below /api as well, while vite serves them one by one.
    proxy: {
      "^/api/(?!.*\\.tsx?(\\?|$))": {
        target: SERVER,
        ws: true,
        changeOrigin: true,
        // The server takes requests of its own page only (server/http/guard.ts), and this is its page, elsewhere.
        configure(proxy) {
          const ours = (request: ClientRequest, { headers }: IncomingMessage): void => {
            if (headers.origin === `http://${headers.host}`) request.setHeader("origin", SERVER);
          };
          proxy.on("proxyReq", ours);
          proxy.on("proxyReqWs", ours);
        },
      },
    },
  },
});

/** Writes what is text compressed beside itself: the server sends that (server/http/page.ts). */
function compressed(): Plugin {
  return {
    name: "drydock-compressed",
    apply: "build",
    // When all is written: chunks are changed until then.
    async writeBundle({ dir }, bundle) {
      const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
      const write = async (name: string): Promise<void> => {
        const text = await readFile(join(dir!, name));
        await writeFile(join(dir!, `${name}.br`), brotliCompressSync(text, quality));
        await writeFile(join(dir!, `${name}.gz`), gzipSync(text, { level: 9 }));
      };
      await Promise.all(
        Object.keys(bundle)
          .filter((name) => /\.(js|css|svg)$/.test(name))
          .map(write),
      );
    },
  };
}
