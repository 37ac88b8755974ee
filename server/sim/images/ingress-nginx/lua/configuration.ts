import { renewReply, type Exchange } from "../../nginx/exchange.ts";
import type { Decision } from "../../nginx/rewrite.ts";
import { BACKENDS } from "./backends.ts";
import { setShared, sharedValue } from "./shared.ts";

/** configuration.call(): the controller's door to the workers' shared memory, on 127.0.0.1:10246. */
export function configuration(exchange: Exchange): Decision {
  const { self } = exchange.connection;
  const posted = exchange.method === "POST";
  if (!posted && exchange.method !== "GET") return say(exchange, 400, "Only POST and GET requests are allowed!");
  switch (exchange.uri) {
    case "/configuration/backends":
      if (!posted) return say(exchange, 200, sharedValue(self, BACKENDS) ?? "");
      setShared(self, {
        [BACKENDS]: exchange.raw.body,
        "configuration_data/raw_backends_last_synced_at": now(exchange),
      });
      return say(exchange, 201);
    case "/configuration/general":
      if (!posted) return say(exchange, 200, sharedValue(self, "configuration_data/general") ?? "");
      setShared(self, { "configuration_data/general": exchange.raw.body });
      return say(exchange, 201);
    case "/configuration/servers":
      return posted ? storeServers(exchange) : say(exchange, 400, "Only POST requests are allowed!");
    case "/configuration/certs": {
      const name = /(?:^|&)hostname=([^&]*)/.exec(exchange.args)?.[1] ?? "";
      const uid = sharedValue(self, `certificate_servers/${name}`);
      const pem = uid === undefined ? undefined : sharedValue(self, `certificate_data/${uid}`);
      return pem === undefined ? say(exchange, 404, "No key associated with this hostname.") : say(exchange, 200, pem);
    }
    default:
      return say(exchange, 404, "Not found!");
  }
}

function storeServers(exchange: Exchange): Decision {
  const { servers, certificates } = JSON.parse(exchange.raw.body) as {
    readonly servers: Readonly<Record<string, string>>;
    readonly certificates: Readonly<Record<string, string>>;
  };
  const values: Record<string, string> = {};
  // An empty identifier takes a host's certificate away.
  for (const [host, uid] of Object.entries(servers))
    values[`certificate_servers/${host}`] = uid === EMPTY_UID ? "" : uid;
  for (const [uid, pem] of Object.entries(certificates)) values[`certificate_data/${uid}`] = pem;
  setShared(exchange.connection.self, values);
  return say(exchange, 201);
}

export const EMPTY_UID = "-1";

export function isInitialized(exchange: Exchange): Decision {
  const known = sharedValue(exchange.connection.self, BACKENDS) !== undefined;
  return known ? say(exchange, 200, "OK\n") : { status: 500 };
}

function now({ connection }: Exchange): string {
  return String(Math.trunc(connection.context.now / 1_000_000));
}

function say(exchange: Exchange, status: number, body = ""): Decision {
  renewReply(exchange, { status, body, contentType: "text/html" });
  return "sent";
}
