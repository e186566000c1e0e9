import { join } from "node:path";
import { type SandboxFolder } from "../folder";
import { type Daemon } from "../processes/daemon";
import { type AccessFiles } from "./access";
import { type ClusterPorts } from "./ports";

/** What the processes of the control plane are started with. */
export interface ControlPlane {
  /** The binary that holds all of them. */
  readonly binary: string;
  /** Where data and logs are. */
  readonly folder: SandboxFolder;
  /** Loopback ports. */
  readonly ports: ClusterPorts;
  /** Credentials. */
  readonly access: AccessFiles;
}

/** etcd without fsync: a sandbox is rebuilt, not recovered, and a laptop's disk is slow to sync. */
export function etcd(plane: ControlPlane): Daemon {
  const client = `http://127.0.0.1:${plane.ports.etcd}`;
  const peer = `http://127.0.0.1:${plane.ports.etcdPeer}`;
  return daemon(plane, "etcd", [
    `--data-dir=${plane.folder.etcd}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    "--unsafe-no-fsync",
    "--auto-compaction-retention=10m",
    "--log-level=warn",
  ]);
}

/** The API server with its default admission plugins, among them Pod Security, quotas and limit ranges. */
export function apiServer(plane: ControlPlane): Daemon {
  return daemon(plane, "kube-apiserver", [
    `--etcd-servers=http://127.0.0.1:${plane.ports.etcd}`,
    "--bind-address=127.0.0.1",
    "--advertise-address=127.0.0.1",
    `--secure-port=${plane.ports.api}`,
    `--cert-dir=${plane.access.servingFolder}`,
    `--token-auth-file=${plane.access.tokens}`,
    "--authorization-mode=RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${plane.access.serviceAccountPublicKey}`,
    `--service-account-signing-key-file=${plane.access.serviceAccountKey}`,
    "--service-cluster-ip-range=10.96.0.0/16",
    // The endpoints of the "kubernetes" Service would be a loopback address, which is refused.
    "--endpoint-reconciler-type=none",
    "--allow-privileged=true",
    // Lets a restart take the port before the kernel forgets the connections of the last run.
    "--permit-address-sharing=true",
    "--profiling=false",
  ]);
}

/** The controllers, with rates above the defaults, which let about four Deployments a second become ready. */
export function controllerManager(plane: ControlPlane): Daemon {
  return daemon(plane, "kube-controller-manager", [
    `--kubeconfig=${plane.folder.kubeconfig}`,
    // Addresses of nodes are kwok's business, and there is no cloud.
    "--controllers=*,-nodeipam,-cloud-node-lifecycle",
    `--service-account-private-key-file=${plane.access.serviceAccountKey}`,
    `--root-ca-file=${plane.access.servingCertificate}`,
    ...client,
  ]);
}

/** The scheduler, with its default profile. */
export function scheduler(plane: ControlPlane): Daemon {
  return daemon(plane, "kube-scheduler", [`--kubeconfig=${plane.folder.kubeconfig}`, ...client]);
}

const client = [
  "--leader-elect=false",
  "--secure-port=0",
  "--kube-api-qps=500",
  "--kube-api-burst=1000",
  "--profiling=false",
];

function daemon(plane: ControlPlane, name: string, args: readonly string[]): Daemon {
  return {
    name,
    file: plane.binary,
    args: [name, ...args],
    log: join(plane.folder.logs, `${name}.log`),
  };
}
