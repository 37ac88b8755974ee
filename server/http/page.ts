import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { notFound } from "./errors.ts";

const YEAR = 365 * 24 * 3600;

const NOT_BUILT = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Drydock</title>
<h1>The page is not built</h1>
<p>Drydock's server runs, but there is no page to serve. Build it, then start again:</p>
<pre>npm run build</pre>
`;

/** The built page of `folder` (web/dist). Paths of the page itself (`/attempts/x`) get its index.html, and it routes them. */
export async function page(app: FastifyInstance, folder: string): Promise<void> {
  const built = existsSync(join(folder, "index.html"));
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      cacheControl: false,
      // The build leaves compressed files beside the others.
      preCompressed: true,
      setHeaders: (reply, path) => void reply.header("cache-control", caching(path)),
    });
  } else app.log.warn({ folder }, "the page is not built: npm run build");
  app.setNotFoundHandler((request, reply) => {
    if (!wantsPage(request)) throw notFound(request);
    if (built) return reply.sendFile("index.html");
    return reply.code(503).type("text/html; charset=utf-8").send(NOT_BUILT);
  });
}

/** Vite names what lies in assets/ by its content. */
function caching(path: string): string {
  return /[\\/]assets[\\/]/.test(path) ? `public, max-age=${YEAR}, immutable` : "no-cache";
}

function wantsPage({ method, url, headers }: FastifyRequest): boolean {
  if (method !== "GET" && method !== "HEAD") return false;
  return !/^\/(api|healthz|assets)(\/|\?|$)/.test(url) && (headers.accept ?? "").includes("text/html");
}
