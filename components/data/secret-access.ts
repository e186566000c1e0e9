import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../kit/component";
import type { DataDemand } from "./demands";
import { residents, type Tenant } from "./tenants";

/** The ServiceAccount by which External Secrets reads on behalf of an application. */
export const reader = "secret-reader";

export interface SecretAccessArgs {
  /** The namespace that holds the Secrets. */
  readonly namespace: string;
  /** The application that reads them. */
  readonly application: string;
  /** The namespace of the application. */
  readonly applicationNamespace: string;
  /** The names of exactly the Secrets it may read. */
  readonly secretNames: readonly string[];
}

/**
 * Lets External Secrets read one application's Secrets in the namespace of a data service, by the
 * application's own ServiceAccount: the credentials of others stay out of reach.
 */
export class SecretAccess extends Component {
  /** What has to be there before a SecretStore that reads by this access can be ready. */
  readonly ready: readonly pulumi.Resource[];

  constructor(name: string, args: SecretAccessArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "SecretAccess", name, opts);
    const metadata = { name: `${args.application}-secrets`, namespace: args.namespace };

    const role = new kubernetes.rbac.v1.Role(
      `${name}-role`,
      {
        metadata,
        rules: [
          {
            apiGroups: [""],
            resources: ["secrets"],
            resourceNames: [...args.secretNames],
            verbs: ["get"],
          },
        ],
      },
      { parent: this, dependsOn: opts.dependsOn },
    );
    const binding = new kubernetes.rbac.v1.RoleBinding(
      `${name}-role-binding`,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
        subjects: [{ kind: "ServiceAccount", name: reader, namespace: args.applicationNamespace }],
      },
      { parent: this, dependsOn: [role] },
    );

    this.ready = [role, binding];
    this.registerOutputs({});
  }
}

/** What each application that has a namespace, by its name, may read of a data service called `name`, in that service's namespace. */
export function grantAccess<D extends DataDemand>(
  name: string,
  namespace: string,
  tenants: readonly Tenant<D>[],
  secretNames: (tenant: Tenant<D>) => readonly string[],
  opts: pulumi.ComponentResourceOptions,
): ReadonlyMap<string, SecretAccess> {
  return new Map(
    residents(tenants).map((tenant) => [
      tenant.application,
      new SecretAccess(
        `${name}-${tenant.application}-access`,
        {
          namespace,
          application: tenant.application,
          applicationNamespace: tenant.namespace,
          secretNames: secretNames(tenant),
        },
        opts,
      ),
    ]),
  );
}
