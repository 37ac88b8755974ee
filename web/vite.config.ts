import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Where `drydock serve` listens while the page is developed. */
const SERVER = process.env.DRYDOCK_SERVER ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // `light-dark()` and OKLCH stay as they are written.
    target: ["chrome125", "firefox126", "safari17.5"],
    // The server's content security policy takes scripts, styles and fonts from its own files only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    // The modules of web/api are below /api as well, while vite serves them one by one.
    proxy: { "^/api/(?!.*\\.tsx?(\\?|$))": { target: SERVER, ws: true } },
  },
});
