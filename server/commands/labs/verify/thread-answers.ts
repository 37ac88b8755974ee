import { parentPort } from "node:worker_threads";
import { LabSource } from "../../../../labs/index.ts";
import { prove, type Answer, type Order } from "./crew.ts";

/** Proves what the main thread orders, one after the other. */
export function answerOrders(): void {
  parentPort!.on("message", (order: Order) => {
    void answer(order).then((done) => parentPort!.postMessage(done, []));
  });
}

async function answer({ path, files, seed, twice }: Order): Promise<Answer> {
  try {
    return await prove(new LabSource({ path, files }), seed, twice);
  } catch (error) {
    return { bug: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}
