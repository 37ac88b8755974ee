import { bool, list, pairs, text } from "../../cobra/flag.ts";
import { MANIFESTS } from "../../cobra/offer.ts";

export const DEBUG_FLAGS = {
  "arguments-only": bool("Take the words behind -- as the arguments of the container, not as its command."),
  attach: bool("Wait until the container runs and attach to it. On with -i."),
  container: text("The name of the debug container.", { shorthand: "c" }),
  "copy-to": text("Debug a copy of the pod, which gets this name."),
  custom: text("A file with a part of a container, as JSON or YAML, that is laid over the profile."),
  env: pairs("Environment variables of the container: NAME=VALUE."),
  filename: list("Files with what is to be debugged.", { shorthand: "f", offer: MANIFESTS }),
  image: text("The image of the debug container."),
  "image-pull-policy": text("When to pull the image: Always, IfNotPresent or Never."),
  "keep-annotations": bool("With --copy-to: the copy has the pod's annotations."),
  "keep-init-containers": bool("With --copy-to: the copy runs the init containers.", { initial: true }),
  "keep-labels": bool("With --copy-to: the copy has the pod's labels."),
  "keep-liveness": bool("With --copy-to: the copy has the liveness probes."),
  "keep-readiness": bool("With --copy-to: the copy has the readiness probes."),
  "keep-startup": bool("With --copy-to: the copy has the startup probes."),
  profile: text("What the container may do: legacy, general, baseline, netadmin, restricted or sysadmin.", {
    initial: "legacy",
  }),
  quiet: bool("Print only what the container prints.", { shorthand: "q" }),
  replace: bool("With --copy-to: delete the pod."),
  "same-node": bool("With --copy-to: the copy runs on the node of the pod."),
  "set-image": pairs("With --copy-to: other images for the copy's containers: NAME=IMAGE."),
  "share-processes": bool("With --copy-to: the containers of the copy see each other's processes.", { initial: true }),
  stdin: bool("Keep the container's input open.", { shorthand: "i" }),
  target: text("See the processes of this container of the pod."),
  tty: bool("Give the container a terminal.", { shorthand: "t" }),
} as const;
