import { once, type Plugin } from "../plugin.ts";
import { readHttpAddress, type HttpAddress } from "./http-address.ts";

/** ready: /ready says whether all plugins are (plugin/ready). Its configuration is its address. */
export const ready: Plugin<HttpAddress> = {
  name: "ready",
  setup(c) {
    let address: HttpAddress = { host: "", port: 8181 };
    once(c, () => {
      const args = c.remainingArgs();
      if (args.length > 1) throw c.argumentError();
      if (args[0] !== undefined) address = readHttpAddress(args[0]);
      if (c.nextBlock()) throw c.argumentError();
    });
    return address;
  },
};
