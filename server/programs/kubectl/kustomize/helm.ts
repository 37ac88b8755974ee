import { Errno, type Process } from "../../../sim/host/index.ts";
import { runCaptured } from "../captured.ts";
import { GoError, NotSimulated } from "../errors/go-error.ts";
import type { JsonObject } from "../output/golang/kind.ts";

/** How charts are made into objects: `--enable-helm` and `--helm-command`. */
export interface Helm {
  readonly enabled: boolean;
  readonly command: string;
}

/** What is wrong with a chart before anything is run (HelmChartInflationGenerator.go Config). */
export function checkChart(helm: Helm, chart: JsonObject): void {
  if (!helm.enabled) throw new GoError("must specify --enable-helm");
  if (helm.command === "") throw new GoError("must specify --helm-command");
  if ((chart["name"] ?? "") === "") throw new GoError("chart name cannot be empty");
}

/** Asks the program for its version, which has to be 3; what it would make of a chart is not simulated (Generate). */
export async function inflateChart(process: Process, { command }: Helm, chart: JsonObject): Promise<never> {
  const folder = `/tmp/kustomize-helm-${process.kernel.random.text("kubectl/helm", 10, "123456789")}`;
  const home = (chart["configHome"] as string | undefined) || `${folder}/helm`;
  const env = { HELM_CONFIG_HOME: home, HELM_CACHE_HOME: `${home}/.cache`, HELM_DATA_HOME: `${home}/.data` };
  const ran = await runCaptured(process, [command, "version", "-c", "--short"], { env: { ...process.env, ...env } });
  const failed = (why: string, errors = ""): GoError => {
    const given = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const text = `unable to run: '${command} version -c --short' with env=[${given.join(" ")}] (is '${command}' installed?): ${why}`;
    return new GoError(errors === "" ? text : `${errors}: ${text}`);
  };
  if (ran instanceof Errno)
    throw failed(
      command.includes("/")
        ? `fork/exec ${command}: ${ran.message.toLowerCase()}`
        : `exec: ${JSON.stringify(command)}: executable file not found in $PATH`,
    );
  if (ran.code !== 0) throw failed(`exit status ${ran.code}`, ran.stderr);
  const version = /v?\d+(\.\d+)+/.exec(ran.stdout)?.[0];
  if (version === undefined) throw new GoError(`cannot find version string in ${ran.stdout}`);
  const number = version.replace(/^v/, "");
  if (!number.startsWith("3.")) throw new GoError(`this plugin requires helm V3 but got v${number}`);
  throw new NotSimulated("kustomize with Helm charts");
}
