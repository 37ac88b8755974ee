import { toToml, type TomlTable } from "./toml.ts";

/** What people change in containerd's configuration for Kubernetes. The defaults are containerd's. */
export interface ContainerdOptions {
  readonly sandboxImage?: string;
  readonly systemdCgroup?: boolean;
  readonly disabledPlugins?: readonly string[];
}

/** /etc/containerd/config.toml as `containerd config default` of 1.7.27 prints it, with these options. */
export function containerdConfig(options: ContainerdOptions = {}): string {
  return toToml({
    disabled_plugins: options.disabledPlugins ?? [],
    imports: [],
    oom_score: 0,
    plugin_dir: "",
    required_plugins: [],
    root: "/var/lib/containerd",
    state: "/run/containerd",
    temp: "",
    version: 2,
    cgroup: { path: "" },
    debug: { address: "", format: "", gid: 0, level: "", uid: 0 },
    grpc: {
      address: "/run/containerd/containerd.sock",
      gid: 0,
      max_recv_message_size: 16777216,
      max_send_message_size: 16777216,
      tcp_address: "",
      tcp_tls_ca: "",
      tcp_tls_cert: "",
      tcp_tls_key: "",
      uid: 0,
    },
    metrics: { address: "", grpc_histogram: false },
    plugins: plugins(options),
    proxy_plugins: {},
    stream_processors: {
      "io.containerd.ocicrypt.decoder.v1.tar": decoder(""),
      "io.containerd.ocicrypt.decoder.v1.tar.gzip": decoder("+gzip"),
    },
    timeouts: {
      "io.containerd.timeout.bolt.open": "0s",
      "io.containerd.timeout.metrics.shimstats": "2s",
      "io.containerd.timeout.shim.cleanup": "5s",
      "io.containerd.timeout.shim.load": "5s",
      "io.containerd.timeout.shim.shutdown": "3s",
      "io.containerd.timeout.task.state": "2s",
    },
    ttrpc: { address: "", gid: 0, uid: 0 },
  });
}

function plugins(options: ContainerdOptions): TomlTable {
  return {
    "io.containerd.gc.v1.scheduler": {
      deletion_threshold: 0,
      mutation_threshold: 100,
      pause_threshold: 0.02,
      schedule_delay: "0s",
      startup_delay: "100ms",
    },
    "io.containerd.grpc.v1.cri": cri(options),
    "io.containerd.internal.v1.opt": { path: "/opt/containerd" },
    "io.containerd.internal.v1.restart": { interval: "10s" },
    "io.containerd.internal.v1.tracing": {},
    "io.containerd.metadata.v1.bolt": { content_sharing_policy: "shared" },
    "io.containerd.monitor.v1.cgroups": { no_prometheus: false },
    "io.containerd.nri.v1.nri": {
      disable: true,
      disable_connections: false,
      plugin_config_path: "/etc/nri/conf.d",
      plugin_path: "/opt/nri/plugins",
      plugin_registration_timeout: "5s",
      plugin_request_timeout: "2s",
      socket_path: "/var/run/nri/nri.sock",
    },
    "io.containerd.runtime.v1.linux": {
      no_shim: false,
      runtime: "runc",
      runtime_root: "",
      shim: "containerd-shim",
      shim_debug: false,
    },
    "io.containerd.runtime.v2.task": { platforms: ["linux/amd64"], sched_core: false },
    "io.containerd.service.v1.diff-service": { default: ["walking"], sync_fs: false },
    "io.containerd.service.v1.tasks-service": { blockio_config_file: "", rdt_config_file: "" },
    "io.containerd.snapshotter.v1.aufs": { root_path: "" },
    "io.containerd.snapshotter.v1.blockfile": { fs_type: "", mount_options: [], root_path: "", scratch_file: "" },
    "io.containerd.snapshotter.v1.btrfs": { root_path: "" },
    "io.containerd.snapshotter.v1.devmapper": {
      async_remove: false,
      base_image_size: "",
      discard_blocks: false,
      fs_options: "",
      fs_type: "",
      pool_name: "",
      root_path: "",
    },
    "io.containerd.snapshotter.v1.native": { root_path: "" },
    "io.containerd.snapshotter.v1.overlayfs": {
      mount_options: [],
      root_path: "",
      sync_remove: false,
      upperdir_label: false,
    },
    "io.containerd.snapshotter.v1.zfs": { root_path: "" },
    "io.containerd.tracing.processor.v1.otlp": {},
    "io.containerd.transfer.v1.local": {
      config_path: "",
      max_concurrent_downloads: 3,
      max_concurrent_uploaded_layers: 3,
      unpack_config: [{ differ: "", platform: "linux/amd64", snapshotter: "overlayfs" }],
    },
  };
}

function cri({ sandboxImage = "registry.k8s.io/pause:3.8", systemdCgroup = false }: ContainerdOptions): TomlTable {
  return {
    cdi_spec_dirs: ["/etc/cdi", "/var/run/cdi"],
    device_ownership_from_security_context: false,
    disable_apparmor: false,
    disable_cgroup: false,
    disable_hugetlb_controller: true,
    disable_proc_mount: false,
    disable_tcp_service: true,
    drain_exec_sync_io_timeout: "0s",
    enable_cdi: false,
    enable_selinux: false,
    enable_tls_streaming: false,
    enable_unprivileged_icmp: false,
    enable_unprivileged_ports: false,
    ignore_deprecation_warnings: [],
    ignore_image_defined_volumes: false,
    image_pull_progress_timeout: "5m0s",
    image_pull_with_sync_fs: false,
    max_concurrent_downloads: 3,
    max_container_log_line_size: 16384,
    netns_mounts_under_state_dir: false,
    restrict_oom_score_adj: false,
    sandbox_image: sandboxImage,
    selinux_category_range: 1024,
    stats_collect_period: 10,
    stream_idle_timeout: "4h0m0s",
    stream_server_address: "127.0.0.1",
    stream_server_port: "0",
    systemd_cgroup: false,
    tolerate_missing_hugetlb_controller: true,
    unset_seccomp_profile: "",
    cni: {
      bin_dir: "/opt/cni/bin",
      conf_dir: "/etc/cni/net.d",
      conf_template: "",
      ip_pref: "",
      max_conf_num: 1,
      setup_serially: false,
    },
    containerd: {
      default_runtime_name: "runc",
      disable_snapshot_annotations: true,
      discard_unpacked_layers: false,
      ignore_blockio_not_enabled_errors: false,
      ignore_rdt_not_enabled_errors: false,
      no_pivot: false,
      snapshotter: "overlayfs",
      default_runtime: runtime("", "", {}),
      runtimes: {
        runc: runtime("io.containerd.runc.v2", "podsandbox", {
          BinaryName: "",
          CriuImagePath: "",
          CriuPath: "",
          CriuWorkPath: "",
          IoGid: 0,
          IoUid: 0,
          NoNewKeyring: false,
          NoPivotRoot: false,
          Root: "",
          ShimCgroup: "",
          SystemdCgroup: systemdCgroup,
        }),
      },
      untrusted_workload_runtime: runtime("", "", {}),
    },
    image_decryption: { key_model: "node" },
    registry: { config_path: "", auths: {}, configs: {}, headers: {}, mirrors: {} },
    x509_key_pair_streaming: { tls_cert_file: "", tls_key_file: "" },
  };
}

function runtime(type: string, sandboxMode: string, options: TomlTable): TomlTable {
  return {
    base_runtime_spec: "",
    cni_conf_dir: "",
    cni_max_conf_num: 0,
    container_annotations: [],
    pod_annotations: [],
    privileged_without_host_devices: false,
    privileged_without_host_devices_all_devices_allowed: false,
    runtime_engine: "",
    runtime_path: "",
    runtime_root: "",
    runtime_type: type,
    sandbox_mode: sandboxMode,
    snapshotter: "",
    options,
  };
}

function decoder(suffix: string): TomlTable {
  return {
    accepts: [`application/vnd.oci.image.layer.v1.tar${suffix}+encrypted`],
    args: ["--decryption-keys-path", "/etc/containerd/ocicrypt/keys"],
    env: ["OCICRYPT_KEYPROVIDER_CONFIG=/etc/containerd/ocicrypt/ocicrypt_keyprovider.conf"],
    path: "ctd-decoder",
    returns: `application/vnd.oci.image.layer.v1.tar${suffix}`,
  };
}
