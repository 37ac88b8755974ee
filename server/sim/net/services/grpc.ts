import type { Network } from "../network.ts";

/** What listens with gRPC of Go and is asked by other means than these. */
export const GRPC = "grpc";

/** A SETTINGS frame: what a server of gRPC says first, to whoever connects (http2_server.go NewServerTransport). */
const SETTINGS = "\0\0\x06\x04\0\0\0\0\0\0\x05\0\0\x40\0";

/** Who does not greet as HTTP/2 is told nothing else: the connection is closed. Once per world. */
export function bindGrpc(network: Network): void {
  network.serve(GRPC, {
    stream: { open: () => ({ bytes: SETTINGS }), receive: () => ({ close: "fin" }) },
  });
}
