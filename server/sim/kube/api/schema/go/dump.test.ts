import { expect, test } from "vitest";
import { templateHash } from "../../names.ts";
import { dumpForHash } from "./dump.ts";
import { parseQuantityAmount } from "./quantity-amount.ts";

/** A template as the API server has filled it in. */
const template = (container: object, labels: object): object => ({
  metadata: { creationTimestamp: null, labels },
  spec: {
    containers: [
      {
        resources: {},
        terminationMessagePath: "/dev/termination-log",
        terminationMessagePolicy: "File",
        imagePullPolicy: "Always",
        ...container,
      },
    ],
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    dnsPolicy: "ClusterFirst",
    securityContext: {},
    schedulerName: "default-scheduler",
  },
});

test("the hash of `kubectl create deployment nginx --image=nginx` is that of real 1.32 and 1.33 clusters", () => {
  const nginx = template({ name: "nginx", image: "nginx" }, { app: "nginx" });
  expect(templateHash(nginx)).toBe("5869d7778c");
  // Every collision gives another hash.
  expect(new Set([templateHash(nginx), templateHash(nginx, 0), templateHash(nginx, 1)]).size).toBe(3);
});

test("values are dumped as go-spew does", () => {
  const probe = {
    httpGet: { path: "/healthz", port: 8080, scheme: "HTTP" },
    timeoutSeconds: 1,
    periodSeconds: 10,
  };
  expect(dumpForHash("v1.Probe", probe)).toBe(
    "(v1.Probe){ProbeHandler:(v1.ProbeHandler){Exec:(*v1.ExecAction)<nil> HTTPGet:(*v1.HTTPGetAction){Path:(string)/healthz Port:(intstr.IntOrString){Type:(intstr.Type)0 IntVal:(int32)8080 StrVal:(string)} Host:(string) Scheme:(v1.URIScheme)HTTP HTTPHeaders:([]v1.HTTPHeader)<nil>} TCPSocket:(*v1.TCPSocketAction)<nil> GRPC:(*v1.GRPCAction)<nil>} InitialDelaySeconds:(int32)0 TimeoutSeconds:(int32)1 PeriodSeconds:(int32)10 SuccessThreshold:(int32)0 FailureThreshold:(int32)0 TerminationGracePeriodSeconds:(*int64)<nil>}",
  );
  expect(dumpForHash("v1.ResourceRequirements", { requests: { cpu: "100m", memory: "70Mi" } })).toBe(
    "(v1.ResourceRequirements){Limits:(v1.ResourceList)<nil> Requests:(v1.ResourceList)map[cpu:{i:(resource.int64Amount){value:(int64)100 scale:(resource.Scale)-3} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)100m Format:(resource.Format)DecimalSI} memory:{i:(resource.int64Amount){value:(int64)73400320 scale:(resource.Scale)0} d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)70Mi Format:(resource.Format)BinarySI}] Claims:([]v1.ResourceClaim)<nil>}",
  );
  expect(dumpForHash("v1.Capabilities", { drop: ["ALL"] })).toBe(
    "(v1.Capabilities){Add:([]v1.Capability)<nil> Drop:([]v1.Capability)[ALL]}",
  );
  expect(dumpForHash("v1.EnvVar", { name: "A", value: "ä" })).toBe(
    "(v1.EnvVar){Name:(string)A Value:(string)\u00c3\u00a4 ValueFrom:(*v1.EnvVarSource)<nil>}",
  );
});

test.each([
  ["100m", 100n, -3, "DecimalSI"],
  ["1.5", 15n, -1, "DecimalSI"],
  ["2", 2n, 0, "DecimalSI"],
  ["1k", 1n, 3, "DecimalSI"],
  ["170Mi", 178257920n, 0, "BinarySI"],
  ["1e3", 1n, 3, "DecimalExponent"],
  ["-5", -5n, 0, "DecimalSI"],
])("the amount of %s", (text, amount, scale, format) => {
  expect(parseQuantityAmount(text)).toEqual({ amount, scale, format });
});
