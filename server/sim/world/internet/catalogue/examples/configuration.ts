/** ConfigMaps, Secrets, limits and quotas. */
export const CONFIGURATION: Readonly<Record<string, string>> = {
  "configmap/configmaps.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: special-config
  namespace: default
data:
  special.how: very
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: env-config
  namespace: default
data:
  log_level: INFO
`,
  "configmap/configmap-multikeys.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: special-config
  namespace: default
data:
  SPECIAL_LEVEL: very
  SPECIAL_TYPE: charm
`,
  "pods/pod-single-configmap-env-variable.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: dapi-test-pod
spec:
  containers:
    - name: test-container
      image: registry.k8s.io/busybox
      command: [ "/bin/sh", "-c", "env" ]
      env:
        - name: SPECIAL_LEVEL_KEY
          valueFrom:
            configMapKeyRef:
              name: special-config
              key: special.how
  restartPolicy: Never
`,
  "pods/pod-configmap-volume.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: dapi-test-pod
spec:
  containers:
    - name: test-container
      image: registry.k8s.io/busybox
      command: [ "/bin/sh", "-c", "ls /etc/config/" ]
      volumeMounts:
      - name: config-volume
        mountPath: /etc/config
  volumes:
    - name: config-volume
      configMap:
        name: special-config
  restartPolicy: Never
`,
  "pods/inject/secret.yaml": `apiVersion: v1
kind: Secret
metadata:
  name: test-secret
data:
  username: bXktYXBw
  password: Mzk1MjgkdmRnN0pi
`,
  "pods/inject/secret-pod.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: secret-test-pod
spec:
  containers:
    - name: test-container
      image: nginx
      volumeMounts:
        - name: secret-volume
          mountPath: /etc/secret-volume
          readOnly: true
  volumes:
    - name: secret-volume
      secret:
        secretName: test-secret
`,
  "pods/inject/envars.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: envar-demo
  labels:
    purpose: demonstrate-envars
spec:
  containers:
  - name: envar-demo-container
    image: gcr.io/google-samples/hello-app:2.0
    env:
    - name: DEMO_GREETING
      value: "Hello from the environment"
    - name: DEMO_FAREWELL
      value: "Such a sweet sorrow"
`,
  "admin/resource/cpu-defaults.yaml": limits("cpu-limit-range", "cpu", "1", "0.5"),
  "admin/resource/memory-defaults.yaml": limits("mem-limit-range", "memory", "512Mi", "256Mi"),
  "admin/resource/quota-mem-cpu.yaml": `apiVersion: v1
kind: ResourceQuota
metadata:
  name: mem-cpu-demo
spec:
  hard:
    requests.cpu: "1"
    requests.memory: 1Gi
    limits.cpu: "2"
    limits.memory: 2Gi
`,
  "admin/resource/quota-pod.yaml": `apiVersion: v1
kind: ResourceQuota
metadata:
  name: pod-demo
spec:
  hard:
    pods: "2"
`,
  "admin/namespace-dev.yaml": namespace("development"),
  "admin/namespace-prod.yaml": namespace("production"),
};

function namespace(name: string): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    name: ${name}\n`;
}

function limits(name: string, resource: string, limit: string, request: string): string {
  return `apiVersion: v1
kind: LimitRange
metadata:
  name: ${name}
spec:
  limits:
  - default:
      ${resource}: ${limit}
    defaultRequest:
      ${resource}: ${request}
    type: Container
`;
}
