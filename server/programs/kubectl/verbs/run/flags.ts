import { bool, duration, integer, text, texts } from "../../cobra/flag.ts";
import { OVERRIDE_FLAGS } from "../../patch/overrides.ts";
import { DRY_RUN } from "../../printing/dry-run.ts";
import { PRINT_FLAGS } from "../../printing/print-flags.ts";
import { RECORD } from "../../printing/record.ts";
import { FILENAME_FLAGS } from "../../resource/filename-flags.ts";
import { CASCADE } from "../delete/delete.ts";
import { POD_RUNNING_TIMEOUT } from "../exec.ts";

export const RUN_FLAGS = {
  ...FILENAME_FLAGS,
  ...PRINT_FLAGS,
  ...OVERRIDE_FLAGS,
  annotations: texts("Annotations of the pod: KEY=VALUE."),
  attach: bool("Wait until the pod runs and attach to it. On with -i."),
  cascade: CASCADE,
  command: bool("Take the words behind -- as the command, not as its arguments."),
  "dry-run": DRY_RUN,
  env: texts("Environment variables of the container: NAME=VALUE."),
  expose: bool("Create a ClusterIP service for the pod, too. Needs --port."),
  "field-manager": text("The name under which the change is tracked.", { initial: "kubectl-run" }),
  force: bool("With --rm: remove the pod at once."),
  "grace-period": integer("With --rm: seconds that the pod is given to end.", -1),
  image: text("The image of the container."),
  "image-pull-policy": text("When to pull the image: Always, IfNotPresent or Never."),
  labels: text("The labels of the pod: KEY=VALUE,…", { shorthand: "l" }),
  "leave-stdin-open": bool("Keep the container's input open after the first attach ends."),
  "pod-running-timeout": duration(POD_RUNNING_TIMEOUT, 60),
  port: text("The port that the container declares."),
  privileged: bool("Run the container privileged."),
  quiet: bool("Print no hints.", { shorthand: "q" }),
  record: RECORD,
  restart: text("The restart policy of the pod: Always, OnFailure or Never.", { initial: "Always" }),
  rm: bool("Delete the pod when it has ended. Only with --attach or -i."),
  "save-config": bool("Keep the object as it is sent in an annotation, for a later apply."),
  stdin: bool("Keep the container's input open.", { shorthand: "i" }),
  timeout: duration("With --rm: how long to wait for the end.", 0),
  tty: bool("Give the container a terminal.", { shorthand: "t" }),
  wait: bool("With --rm: wait until the pod is gone."),
} as const;
