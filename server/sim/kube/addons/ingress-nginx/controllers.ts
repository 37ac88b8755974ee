import { Part, type DaemonProcess, type Hosts } from "../../../host/index.ts";
import { encode, MILLISECOND, SECOND, type Duration } from "../../../kernel/index.ts";
import { EventRecorder, referenceTo, type Client, type Kind, type KubeObject } from "../../api/index.ts";
import {
  configMaps, endpointSlices, events, ingressClasses, ingresses, namespaces, pods, secrets, services,
} from "../../kinds/index.ts"; // prettier-ignore
import { klogLine } from "../../components/klog.ts";
import { FAKE_CERTIFICATE } from "./conf/nginx-conf.ts";
import { Elections } from "./election.ts";
import { fakeCertificate } from "./fake-certificate.ts";
import { isOurs } from "./ingress-class.ts";
import type { Options } from "./options.ts";
import { logOf, RunningControllers, type Controller } from "./running.ts";
import { openHealth } from "./server/health.ts";
import { openWebhook } from "./server/webhook.ts";
import { StatusSync } from "./status.ts";
import { configure, startNginx, wantedFor, writeAndReload } from "./sync.ts";
import { watchClusters, type Seen } from "./watches.ts";

const STEP = "ingress-nginx/step";

interface Step {
  readonly key: string;
  readonly step: "connect" | "list" | "begin" | "sync" | "configure" | "exit";
  /** How often it has been tried. */
  readonly tries?: number;
}

/** What it lists before it begins, and how reflectors name that. */
const LISTED: readonly (readonly [string, Kind])[] = [
  ["*v1.Ingress", ingresses as unknown as Kind],
  ["*v1.IngressClass", ingressClasses as unknown as Kind],
  ["*v1.EndpointSlice", endpointSlices as unknown as Kind],
  ["*v1.Secret", secrets],
  ["*v1.ConfigMap", configMaps],
  ["*v1.Service", services as unknown as Kind],
];

const RELIST: Duration = SECOND;
const RELIST_MOST: Duration = 30 * SECOND;
const FIRST_LISTS: Duration = 200 * MILLISECOND;
/** Between the informers' lists and the start of nginx (store.go Run). */
const SETTLE: Duration = SECOND;
const SYNC_DELAY: Duration = 20 * MILLISECOND;

/** All nginx-ingress-controllers of a world: driven by watches; what lasts is in their rows. */
export class IngressControllers {
  readonly running: RunningControllers;
  readonly #status: StatusSync;
  readonly #elections: Elections;
  readonly #recorders = new WeakMap<Client, EventRecorder>();

  constructor(hosts: Hosts) {
    this.running = new RunningControllers(hosts);
    this.#status = new StatusSync(this.running);
    this.#elections = new Elections(this.running, (controller) => this.#status.plan(controller, 0));
    watchClusters(this.running, (controller, seen) => this.#see(controller, seen));
    hosts.kernel.handle<Step>(STEP, (step) => this.#step(step));
  }

  started(self: DaemonProcess, options: Options, version: string): void {
    const { machine, name: host } = self.host;
    const key = this.running.add({ machine: machine.name, host, pid: self.pid, options, version, phase: "connecting" });
    this.#step({ key, step: "connect" });
  }

  stopped(self: DaemonProcess): void {
    const key = `${self.host.machine.name}/${self.pid}`;
    this.#elections.resigned(key);
    this.running.remove(key);
  }

  /** SIGTERM (nginx.go Stop): status addresses go, nginx ends, and a while later the process. */
  end(self: DaemonProcess): void {
    const controller = this.running.find(`${self.host.machine.name}/${self.pid}`);
    const log = logOf(self);
    log("I", "sigterm.go:36", '"Received SIGTERM, shutting down"');
    if (!controller || controller.row.phase === "stopping") return;
    log("I", "nginx.go:393", '"Shutting down controller queues"');
    this.running.change(controller.key, { phase: "stopping" });
    this.#status.remove(controller);
    this.#elections.resigned(controller.key);
    const { nginx, options } = controller.row;
    if (options.text["validating-webhook"] !== "") log("I", "nginx.go:401", '"Stopping admission controller"');
    log("I", "nginx.go:409", '"Stopping NGINX process"');
    if (nginx !== undefined && self.host.machine.isAlive(nginx)) self.host.machine.signal(nginx, "SIGQUIT");
    log("I", "nginx.go:422", '"NGINX process has stopped"');
    const grace = options.numbers["post-shutdown-grace-period"];
    log("I", "sigterm.go:44", `Handled quit, delaying controller exit for ${grace} seconds`);
    this.#later(controller.key, "exit", grace * SECOND);
  }

  #later(key: string, step: Step["step"], delay: Duration, more: { tries?: number; periodic?: boolean } = {}): void {
    const { tries, periodic = false } = more;
    this.running.kernel.after(delay, STEP, { key, step, ...(tries === undefined ? {} : { tries }) }, { periodic });
  }

  #step({ key, step, tries = 0 }: Step): void {
    const controller = this.running.find(key);
    if (!controller) return;
    if (step === "exit") {
      logOf(controller.self)("I", "sigterm.go:47", '"Exiting" code=0');
      return controller.self.exit(0);
    }
    if (controller.row.phase === "stopping") return;
    if (step === "connect") this.#connect(controller, tries);
    else if (step === "list") this.#list(controller, tries);
    else if (step === "begin") this.#begin(controller);
    else if (step === "sync") this.#sync(controller);
    else this.#configure(controller, tries);
  }

  #fatal({ self }: Controller, source: string, message: string): void {
    self.log(klogLine("F", self.kernel.now, self.host.pidOf(self.row), source, message));
    self.exit(255);
  }

  /** main.go: from the API client to the controller's own Pod. */
  #connect(controller: Controller, tries: number): void {
    const { self, session, row, key } = controller;
    const log = logOf(self);
    const { text } = row.options;
    if (tries === 0) {
      log("W", "client_config.go:667", "Neither --kubeconfig nor --master was specified.  Using the inClusterConfig.  This might not work."); // prettier-ignore
      const problem = session.configError;
      if (problem !== undefined) {
        log("W", "client_config.go:672", `error creating inClusterConfig, falling back to default config: ${problem}`);
        return this.#fatal(controller, "main.go:267", initError("invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable")); // prettier-ignore
      }
      log("I", "main.go:205", `"Creating API client" host="${session.server}"`);
    }
    const reached = session.reach();
    if ("error" in reached) {
      if (tries < 9)
        return this.#later(key, "connect", SECOND * 1.5 ** tries, { tries: tries + 1, periodic: tries > 3 });
      return this.#fatal(controller, "main.go:267", initError(`Get "${session.server}/version": ${reached.error}`));
    }
    const { client, cluster } = reached;
    if (tries > 0)
      log("W", "main.go:243", `Initial connection to the Kubernetes API server was retried ${tries} times.`);
    log("I", "main.go:248", '"Running in Kubernetes cluster" major="1" minor="33" git="v1.33.1" state="clean" commit="8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828" platform="linux/amd64"'); // prettier-ignore
    const standard = text["default-backend-service"];
    for (const service of [standard, text["publish-service"]].filter((name) => name !== "")) {
      const problem = checkService(controller, client, service);
      if (problem !== undefined) return this.#fatal(controller, service === standard ? "main.go:78" : "main.go:87", problem); // prettier-ignore
      if (service === standard) log("I", "main.go:82", `"Valid default backend" service="${service}"`);
    }
    const watched = text["watch-namespace"];
    if (watched !== "" && !client.get(namespaces, "", watched))
      return this.#fatal(controller, "main.go:94", `No namespace with name ${watched} found: ${session.refusal("get", namespaces, "", watched) ?? `namespaces "${watched}" not found`}`); // prettier-ignore
    const fake = fakeCertificate(self.kernel, key);
    self.host.files.write(FAKE_CERTIFICATE, encode(fake.pem), { mode: 0o600 }, self);
    log("I", "main.go:101", `"SSL fake certificate created" file="${FAKE_CERTIFICATE}"`);
    const noClasses = session.refusal("list", ingressClasses);
    if (noClasses !== undefined)
      log("W", "main.go:111", `No permissions to list and get Ingress Classes: ${noClasses}, IngressClass feature will be disabled`); // prettier-ignore
    const { POD_NAME: name = "", POD_NAMESPACE: namespace = "" } = self.env;
    const failed = (why: string): void =>
      this.#fatal(controller, "main.go:121", `Unexpected error obtaining ingress-nginx pod: ${why}`);
    if (name === "" || namespace === "")
      return failed("unable to get POD information (missing POD_NAME or POD_NAMESPACE environment variable");
    const refused = session.refusal("get", pods, namespace, name);
    const pod = refused === undefined ? client.get(pods, namespace, name) : undefined;
    if (!pod) return failed(`unable to get POD information: ${refused ?? `pods "${name}" not found`}`);
    const { uid, resourceVersion, labels = {} } = pod.metadata;
    this.running.change(key, {
      phase: "listing",
      cluster: cluster.name,
      pod: { namespace, name, uid, resourceVersion, labels },
      ...(noClasses === undefined ? {} : { refused: ["ingressclasses"] }),
    });
    const problem = openHealth(self, row.options);
    if (problem !== undefined) return this.#fatal(controller, "main.go:69", problem);
    if (text["validating-webhook"] !== "") {
      const certificate = text["validating-webhook-certificate"];
      log("I", "ssl.go:535", `"loading tls certificate" path="${certificate}" key="${text["validating-webhook-key"]}"`);
      if (self.host.readText(certificate) === undefined)
        return this.#fatal(controller, "nginx.go:130", `failed to load admission certificate: open ${certificate}: no such file or directory`); // prettier-ignore
    }
    log("I", "nginx.go:271", '"Starting NGINX Ingress controller"');
    this.#later(key, "list", FIRST_LISTS);
  }

  /** The first lists of the informers. Without the right to one of them nothing begins. */
  #list(controller: Controller, tries: number): void {
    const { self, session, row, key } = controller;
    const log = logOf(self);
    const namespace = row.options.text["watch-namespace"];
    const wanted = LISTED.filter(([, kind]) => !(row.refused ?? []).includes(kind.plural));
    let failed = 0;
    for (const [type, kind] of wanted) {
      const refusal = session.refusal("list", kind, kind.namespaced ? namespace : "");
      if (refusal === undefined) continue;
      failed++;
      const reflector = "k8s.io/client-go@v0.32.3/tools/cache/reflector.go:251";
      log("W", "reflector.go:569", `${reflector}: failed to list ${type}: ${refusal}`);
      log("E", "reflector.go:166", `"Unhandled Error" err="${reflector}: Failed to watch ${type}: failed to list ${type}: ${refusal.replaceAll('"', '\\"')}" logger="UnhandledError"`); // prettier-ignore
    }
    if (failed > 0)
      return this.#later(key, "list", Math.min(RELIST * 2 ** tries, RELIST_MOST), { tries: tries + 1, periodic: true });
    const reached = session.reach();
    if ("error" in reached) return this.#later(key, "list", RELIST, { tries: tries + 1, periodic: true });
    const store = this.running.store(controller, reached.client);
    const map = store.configMap;
    if (map)
      this.#record(controller, reached.client, configMaps, map, "CREATE", `ConfigMap ${row.options.text.configmap}`);
    for (const option of store.config.unsimulated) self.log(`drydock: nginx-ingress-controller: ConfigMap option ${option} is not simulated`); // prettier-ignore
    this.#later(key, "begin", SETTLE);
  }

  /** nginx.go Start */
  #begin(controller: Controller): void {
    const { self, session, row, key } = controller;
    const log = logOf(self);
    const reached = session.reach();
    if ("error" in reached) return this.#later(key, "begin", RELIST, { periodic: true });
    this.running.change(key, { phase: "running" });
    for (const ingress of reached.client.list(ingresses, row.options.text["watch-namespace"]))
      this.#see(controller, { kind: "ingresses", type: "ADDED", object: ingress });
    log("I", "nginx.go:317", '"Starting NGINX process"');
    this.running.change(key, { nginx: startNginx(controller) });
    this.#elections.campaign(controller);
    const address = row.options.text["validating-webhook"];
    if (address !== "") {
      const { "validating-webhook-certificate": cert, "validating-webhook-key": file } = row.options.text;
      log(
        "I",
        "nginx.go:337",
        `"Starting validation webhook" address="${address}" certPath="${cert}" keyPath="${file}"`,
      );
      const problem = openWebhook(self, address);
      if (problem !== undefined) log("E", "nginx.go:339", `"Error listening for TLS connections" err="${problem}"`);
    }
    this.#sync(this.running.find(key)!);
  }

  // Watches

  #see(controller: Controller, seen: Seen): void {
    const { session, row, key } = controller;
    const reached = session.reach();
    if ("error" in reached || row.phase !== "running") return;
    const { client } = reached;
    const { object, type } = seen;
    const { namespace = "", name } = object.metadata;
    switch (seen.kind) {
      case "ingresses":
        if (!this.#seeIngress(controller, client, seen)) return;
        break;
      case "ingressclasses":
        if (!isOurs(object as never, row.options.text["controller-class"]) && type !== "DELETED" && type !== "MODIFIED") return; // prettier-ignore
        break;
      case "configmaps":
        if (`${namespace}/${name}` !== row.options.text.configmap) return;
        if (type === "MODIFIED") this.#record(controller, client, configMaps, object, "UPDATE", `ConfigMap ${namespace}/${name}`); // prettier-ignore
        break;
      case "secrets":
        if (!isUsed(client, row.options.text["default-ssl-certificate"], namespace, name)) return;
        break;
      default: {
        const service =
          seen.kind === "services" ? name : (object.metadata.labels?.["kubernetes.io/service-name"] ?? "");
        if (`${namespace}/${service}` === row.options.text["publish-service"]) this.#status.plan(controller);
        const known = row.backends?.includes(`"${namespace}-${service}-`) ?? false;
        if (!known && `${namespace}/${service}` !== row.options.text["default-backend-service"] && !isDefaultBackend(client, namespace, service)) return; // prettier-ignore
      }
    }
    this.#queue(key);
  }

  /** False if it is none of this controller's. */
  #seeIngress(controller: Controller, client: Client, { object, type, previous }: Seen): boolean {
    const { self, row } = controller;
    const log = logOf(self);
    const store = this.running.store(controller, client);
    const { namespace = "", name } = object.metadata;
    const watched = row.options.text["watch-namespace"];
    if (watched !== "" && watched !== namespace) return false;
    const found = store.classOf(object as never);
    const before = previous && "name" in store.classOf(previous as never);
    if ("error" in found) {
      if (type === "DELETED") log("I", "store.go:331", `"Ignoring delete for ingress based on annotation" ingress="${namespace}/${name}" annotation="kubernetes.io/ingress.class"`); // prettier-ignore
      else if (before) log("I", "store.go:481", `"removing ingress because of unknown ingressclass" ingress="${namespace}/${name}"`); // prettier-ignore
      else log("I", "store.go:436", `"Ignoring ingress because of error while validating ingress class" ingress="${namespace}/${name}" error="${found.error.replaceAll('"', '\\"')}"`); // prettier-ignore
      return before ?? false;
    }
    this.#status.plan(controller);
    if (type === "DELETED") return true;
    if (type === "ADDED") log("I", "store.go:440", `"Found valid IngressClass" ingress="${namespace}/${name}" ingressclass="${found.name === "" ? "_" : found.name}"`); // prettier-ignore
    else if (before === false) log("I", "store.go:471", `"creating ingress" ingress="${namespace}/${name}" ingressclass="${found.name}"`); // prettier-ignore
    if (!row.options.flags["disable-sync-events"]) this.#record(controller, client, ingresses, object, "Sync", "Scheduled for sync"); // prettier-ignore
    return true;
  }

  #record<T extends KubeObject>(
    controller: Controller,
    client: Client,
    kind: Kind<T>,
    object: KubeObject,
    reason: string,
    message: string,
  ): void {
    // prettier-ignore
    this.#tell(controller, client, referenceTo(kind, object), reason, message);
  }

  #tell(
    { self }: Controller,
    client: Client,
    about: ReturnType<typeof referenceTo>,
    reason: string,
    message: string,
    type: "Normal" | "Warning" = "Normal",
  ): void {
    // prettier-ignore
    let recorder = this.#recorders.get(client);
    if (!recorder) this.#recorders.set(client, (recorder = new EventRecorder(client, events, { component: "nginx-ingress-controller" }))); // prettier-ignore
    const { kind, namespace = "", name = "", uid = "", apiVersion = "", resourceVersion = "" } = about;
    const text = `Kind:"${kind}", Namespace:"${namespace}", Name:"${name}", UID:"${uid}", APIVersion:"${apiVersion}", ResourceVersion:"${resourceVersion}", FieldPath:""`;
    logOf(self)(
      "I",
      "event.go:377",
      `Event(v1.ObjectReference{${text}}): type: '${type}' reason: '${reason}' ${message}`,
    );
    recorder.event(about, type, reason, message);
  }

  // Synchronizing

  /** Plans a sync; they are at least 1/sync-rate-limit seconds apart. */
  #queue(key: string): void {
    const { row } = this.running.find(key) ?? {};
    if (!row || row.queued) return;
    this.running.change(key, { queued: true });
    const { kernel } = this.running;
    const gap = SECOND / row.options.numbers["sync-rate-limit"];
    const at = Math.max(kernel.now + SYNC_DELAY, (row.lastSync ?? -Infinity) + gap);
    kernel.at(Math.ceil(at), STEP, { key, step: "sync" } satisfies Step);
  }

  /** nginx.go syncIngress */
  #sync(controller: Controller): void {
    const { self, session, key, row } = controller;
    const log = logOf(self);
    const { kernel } = this.running;
    const reached = session.reach();
    if ("error" in reached) return this.#later(key, "sync", RELIST, { periodic: true });
    this.running.change(key, { queued: undefined, lastSync: kernel.now });
    const store = this.running.store(controller, reached.client);
    const wanted = wantedFor(controller, store, store.ingresses(), log);
    const first = row.conf === undefined;
    if (wanted.conf !== row.conf) {
      log("I", "controller.go:196", '"Configuration changes detected, backend reload required"');
      const failed = writeAndReload(controller, store, wanted);
      const { pod } = row;

      if (failed !== undefined) {
        log("E", "controller.go:208", `Unexpected failure reloading the backend:\n${failed}`);
        if (pod) this.#tell(controller, reached.client, reference(pod), "RELOAD", `Error reloading NGINX: ${failed}`, "Warning"); // prettier-ignore
        log("E", "queue.go:131", `"requeuing" err=${JSON.stringify(failed)} key="initial-sync"`);
        // What is wrong does not change by itself.
        return;
      }
      log("I", "controller.go:216", '"Backend successfully reloaded"');
      if (pod) this.#tell(controller, reached.client, reference(pod), "RELOAD", "NGINX reload triggered due to a change in configuration"); // prettier-ignore
    }
    this.running.change(key, { conf: wanted.conf });
    if (first) log("I", "controller.go:227", '"Initial sync, sleeping for 1 second"');
    if (first || wanted.backends !== row.backends || wanted.servers !== row.servers)
      this.running.change(key, { backends: wanted.backends, servers: wanted.servers });
    else return;
    if (first) this.#later(key, "configure", SECOND, { tries: 0 });
    else this.#configure(this.running.find(key)!, 0);
  }

  /** configureDynamically: backends, then certificates; tried again for a while. */
  #configure(controller: Controller, tries: number): void {
    const { self, row, key } = controller;
    const failed =
      configure(controller, "backends", row.backends ?? "[]") ?? configure(controller, "servers", row.servers ?? "{}");
    if (failed === undefined) return;
    const log = logOf(self);
    log("W", "controller.go:251", `Dynamic reconfiguration failed (retrying; ${14 - tries} retries left): ${failed}`);
    if (tries < 14) return this.#later(key, "configure", SECOND * 0.8 ** tries, { tries: tries + 1 });
    log("E", "controller.go:255", `Unexpected failure reconfiguring NGINX:\n${failed}`);
    this.running.change(key, { backends: undefined });
  }
}

function reference(pod: {
  namespace: string;
  name: string;
  uid: string;
  resourceVersion: string;
}): ReturnType<typeof referenceTo> {
  // prettier-ignore
  const { namespace, name, uid, resourceVersion } = pod;
  return { kind: "Pod", apiVersion: "v1", namespace, name, uid, resourceVersion };
}

/** main.go checkService */
function checkService({ session }: Controller, client: Client, key: string): string | undefined {
  const [namespace, name] = key.split("/") as [string, string?];
  if (name === undefined) return `invalid format (namespace/name) found in '${key}'`;
  const refusal = session.refusal("get", services, namespace, name);
  if (refusal !== undefined)
    return "✖ the cluster seems to be running with a restrictive Authorization mode and the Ingress controller does not have the required permissions to operate normally"; // prettier-ignore
  if (client.get(services, namespace, name)) return undefined;
  return `no service with name ${name} found in namespace ${namespace}: services "${name}" not found`;
}

/** Whether an Ingress, or the default certificate, needs the Secret. */
function isUsed(client: Client, standard: string, namespace: string, name: string): boolean {
  if (`${namespace}/${name}` === standard) return true;
  return client
    .list(ingresses, namespace)
    .some(
      ({ metadata, spec }) =>
        (spec.tls ?? []).some(({ secretName }) => secretName === name) ||
        Object.values(metadata.annotations ?? {}).some((value) => value === name || value === `${namespace}/${name}`),
    );
}

function isDefaultBackend(client: Client, namespace: string, name: string): boolean {
  return client
    .list(ingresses, namespace)
    .some(({ metadata, spec }) =>
      Object.entries(metadata.annotations ?? {}).some(([key, value]) => key.endsWith("/default-backend") && value === name) ||
      (spec.rules ?? []).some(({ http }) => (http?.paths ?? []).some(({ backend }) => backend.service?.name === name)) ||
      spec.defaultBackend?.service?.name === name,
    ); // prettier-ignore
}

function initError(reason: string): string {
  return `Error while initiating a connection to the Kubernetes API server. This could mean the cluster is misconfigured (e.g. it has invalid API server certificates or Service Accounts configuration). Reason: ${reason}\nRefer to the troubleshooting guide for more information: https://kubernetes.github.io/ingress-nginx/troubleshooting/`;
}

const CONTROLLERS = new Part<IngressControllers>("ingress-nginx");

/** Makes the controllers of a world. Once per world, after the clusters are known. */
export function provideIngressControllers(hosts: Hosts): IngressControllers {
  const controllers = new IngressControllers(hosts);
  hosts.provide(CONTROLLERS, controllers);
  return controllers;
}

export function ingressControllersOf(hosts: Hosts): IngressControllers {
  return hosts.part(CONTROLLERS);
}
