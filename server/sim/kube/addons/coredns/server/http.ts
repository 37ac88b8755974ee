import { calendar, MONTHS, pad, WEEKDAYS, type Time } from "../../../../kernel/index.ts";
import type { Application, HttpResponse } from "../../../../net/index.ts";
import type { CoreDns } from "./core-dns.ts";
import type { CoreDnsSocket } from "./sockets.ts";

const TEXT = "text/plain; charset=utf-8";

/** /health: it is, as long as it answers. */
export function healthApplication(): Application {
  return {
    answersBy: () => "",
    http: ({ target }, { now }) => (pathOf(target) === "/health" ? page(now, 200, "OK") : notFound(now)),
  };
}

/** /ready: whether all plugins are, else which are not. */
export function readyApplication(coreDns: CoreDns): Application {
  return {
    answersBy: ({ args, machine }) => String(coreDns.isReady(`${machine}/${(args as CoreDnsSocket).pid}`)),
    http({ target }, { now, ns, args }) {
      if (pathOf(target) !== "/ready") return notFound(now);
      const key = `${ns.machine}/${(args as CoreDnsSocket).pid}`;
      if (coreDns.isReady(key)) return page(now, 200, "OK");
      coreDns.find(key)?.instance.log("INFO", 'plugin/ready: Still waiting on: "kubernetes"');
      return page(now, 503, "kubernetes");
    },
  };
}

/** /metrics */
export function metricsApplication(coreDns: CoreDns): Application {
  return {
    http({ target }, { now, ns, args }) {
      if (pathOf(target) !== "/metrics") return notFound(now);
      const running = coreDns.find(`${ns.machine}/${(args as CoreDnsSocket).pid}`);
      if (!running) return { close: "reset" };
      return page(
        now,
        200,
        running.instance.metrics.text(),
        "text/plain; version=0.0.4; charset=utf-8; escaping=values",
      );
    },
  };
}

function pathOf(target: string): string {
  return target.replace(/\?.*/, "");
}

function notFound(now: Time): HttpResponse {
  const { headers, ...rest } = page(now, 404, "404 page not found\n");
  return { ...rest, headers: [["X-Content-Type-Options", "nosniff"], ...headers] };
}

/** A page as Go's net/http writes it. */
function page(now: Time, status: 200 | 404 | 503, body: string, type = TEXT): HttpResponse {
  const reasons = { 200: "OK", 404: "Not Found", 503: "Service Unavailable" } as const;
  const { year, month, day, hour, minute, second, weekday } = calendar(now);
  const clock = `${pad(hour, 2)}:${pad(minute, 2)}:${pad(second, 2)}`;
  return {
    status,
    reason: reasons[status],
    headers: [
      [
        "Date",
        `${WEEKDAYS[weekday]!.slice(0, 3)}, ${pad(day, 2)} ${MONTHS[month - 1]!.slice(0, 3)} ${year} ${clock} GMT`,
      ],
      ["Content-Length", String(body.length)],
      ["Content-Type", type],
    ],
    body,
  };
}
