import { createRegistry } from "../../programs/registry.ts";
import { entrypoints, imageDaemons } from "../../sim/images/index.ts";
import { dockerDaemons } from "../../sim/docker/index.ts";
import { addonDaemons, cniPlugins } from "../../sim/kube/addons/index.ts";
import { componentDaemons } from "../../sim/kube/components/index.ts";
import { nodeDaemons } from "../../sim/kube/kubelet/index.ts";
import { systemdJournald } from "../../sim/host/index.ts";
import { sshd, systemdResolved } from "../../sim/net/index.ts";
import { reportBug } from "./report-bug.ts";
import type { WorldCode } from "../../sim/world/index.ts";
import { internet } from "../../sim/world/internet/index.ts";
import { machineProfiles } from "../../sim/world/profiles/index.ts";

let code: WorldCode | undefined;

/** The code of every world: all programs and daemons, and what machines imitate. */
export function worldCode(): WorldCode {
  return (code ??= {
    programs: createRegistry(
      [
        ...imageDaemons,
        ...componentDaemons,
        ...nodeDaemons,
        ...addonDaemons,
        ...dockerDaemons,
        systemdJournald,
        internet,
        sshd,
        systemdResolved,
      ],
      [...entrypoints, ...cniPlugins],
    ),
    profiles: machineProfiles(),
    reportBug,
  });
}
