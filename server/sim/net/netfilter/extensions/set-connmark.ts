import { setConnectionMark } from "../../conntrack/flows.ts";
import { hex, readNumber, type OptionSpec, type TargetExtension } from "../extension.ts";
import { parameter } from "../row.ts";
import { listXmark, markOptions, xmark, type XmarkOptions } from "./set-mark.ts";

type ConnmarkOptions =
  | ({ readonly mode: "set" } & XmarkOptions)
  | { readonly mode: "save" | "restore"; readonly nfmask: number; readonly ctmask: number };

const ALL = 0xffff_ffff;

function maskOption(key: string, option: string): OptionSpec {
  return {
    key,
    words: 1,
    read: ([text]) =>
      readNumber(text!) ?? parameter(`CONNMARK: bad integer value for option "${option}", or out of range.\n`),
  };
}

/** Carries marks between packets and their connection. */
export const CONNMARK: TargetExtension = {
  kind: "target",
  name: "CONNMARK",
  tracks: true,
  options: {
    ...markOptions("CONNMARK"),
    "--save-mark": { key: "mode", words: 0, read: () => "save" },
    "--restore-mark": { key: "mode", words: 0, read: () => "restore" },
    "--mask": maskOption("both", "--mask"),
    "--nfmask": maskOption("nfmask", "--nfmask"),
    "--ctmask": maskOption("ctmask", "--ctmask"),
  },
  finish(given) {
    const mark = given.get("mark");
    if (mark) return { mode: "set", ...(mark.value as XmarkOptions) };
    const mode = given.get("mode");
    if (!mode) return parameter("CONNMARK target: No operation specified");
    const both = given.get("both")?.value;
    return {
      mode: mode.value,
      nfmask: both ?? given.get("nfmask")?.value ?? ALL,
      ctmask: both ?? given.get("ctmask")?.value ?? ALL,
    };
  },
  save(options) {
    const wish = options as unknown as ConnmarkOptions;
    if (wish.mode === "set") return ` --set-xmark ${hex(wish.value)}/${hex(wish.mask)}`;
    return ` --${wish.mode}-mark --nfmask ${hex(wish.nfmask)} --ctmask ${hex(wish.ctmask)}`;
  },
  list(options) {
    const wish = options as unknown as ConnmarkOptions;
    if (wish.mode === "set") return ` CONNMARK${listXmark(wish)}`;
    const { mode, nfmask, ctmask } = wish;
    if (nfmask === ALL && ctmask === ALL) return ` CONNMARK ${mode}`;
    if (nfmask === ctmask) return ` CONNMARK ${mode} mask ${hex(nfmask)}`;
    return mode === "save"
      ? ` CONNMARK save nfmask ${hex(nfmask)} ctmask ~${hex(ctmask)}`
      : ` CONNMARK restore ctmask ${hex(ctmask)} nfmask ~${hex(nfmask)}`;
  },
  compile(options) {
    const wish = options as unknown as ConnmarkOptions;
    return (packet, { ns }) => {
      const { tracking } = packet;
      if (!tracking?.row) return "continue";
      const { mark } = tracking.row;
      if (wish.mode === "set") setConnectionMark(ns, tracking, xmark(mark, wish));
      else if (wish.mode === "save")
        setConnectionMark(ns, tracking, ((mark & ~wish.ctmask) ^ (packet.mark & wish.nfmask)) >>> 0);
      else packet.mark = ((packet.mark & ~wish.nfmask) ^ (mark & wish.ctmask)) >>> 0;
      return "continue";
    };
  },
};
