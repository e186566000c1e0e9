import { fields, has, isMap, text, type Fields } from "./fields";
import { parseImage, type ImageReference } from "./image";
import { type ObjectView } from "./object";
import { parseQuantity } from "./quantity";
import { type Labels } from "./selectors";
import { peek } from "./unknown";

/**
 * Which containers of a pod: `regular` ones, plain `init` ones, native `sidecar`s (init containers with
 * `restartPolicy: Always`), `ephemeral` ones; `managed` ones an operator makes of a custom resource.
 */
export type ContainerRole = "regular" | "init" | "sidecar" | "ephemeral" | "managed";

/** A field of an object. */
export interface Place {
  /** Path inside the object. */
  readonly path: string;
  /** Name of the container the field belongs to, empty for the pod's own. */
  readonly container: string;
}

/** A field that a container may inherit: the container's own, else the pod's. */
export interface Effective extends Place {
  /** The value, undefined when neither sets it. */
  readonly value: unknown;
}

/** A pod spec of any workload. */
export class PodView {
  readonly securityContext: Fields;
  readonly containers: readonly ContainerView[];

  constructor(
    /** The workload the pod belongs to. */
    readonly object: ObjectView,
    readonly spec: Fields,
    /** Path of the pod spec inside the object, such as `spec.template.spec`. */
    readonly path: string,
    /** Name in the pod's own metadata, empty for most templates. */
    readonly name: string,
    readonly labels: Labels,
    readonly annotations: Labels,
    /** Path of the pod's metadata inside the object, such as `spec.template.metadata`. */
    readonly metadataPath: string,
    containers: (pod: PodView) => readonly ContainerView[],
  ) {
    this.securityContext = fields(peek(spec, "securityContext"));
    this.containers = containers(this);
  }

  /** The place of a field of the pod spec. */
  at(field: string): Place {
    return { path: `${this.path}.${field}`, container: "" };
  }

  /** Regular containers and native sidecars: what runs as long as the pod. */
  get running(): readonly ContainerView[] {
    return this.containers.filter(({ role }) => role === "regular" || role === "sidecar");
  }

  /** True when the pod declares Windows; the Linux-only fields do not apply then. */
  get windows(): boolean {
    return peek(fields(peek(this.spec, "os")), "name") === "windows";
  }

  /** True when the pod runs in a user namespace. */
  get userNamespace(): boolean {
    return peek(this.spec, "hostUsers") === false;
  }

  /** True when the pod runs to completion (Job, CronJob). */
  get completes(): boolean {
    return ["Job", "CronJob", "ScaledJob"].includes(this.object.kind);
  }
}

/** A container of any role. */
export class ContainerView {
  readonly name: string;
  readonly securityContext: Fields;
  private parsedImage: ImageReference | undefined;

  constructor(
    readonly pod: PodView,
    readonly role: ContainerRole,
    readonly spec: Fields,
    /** Path of the container inside the object. */
    readonly path: string,
  ) {
    this.name = text(peek(spec, "name")) ?? "";
    this.securityContext = fields(peek(spec, "securityContext"));
  }

  /** The parsed image reference, undefined when there is none. */
  get image(): ImageReference | undefined {
    return (this.parsedImage ??= parseImage(this.spec["image"]));
  }

  /** A security field that a container inherits from its pod (runAs*, seccomp, SELinux, AppArmor, Windows options). */
  effective(field: string): Effective {
    const own = this.securityContext[field] ?? undefined;
    const value = own ?? this.pod.securityContext[field] ?? undefined;
    const owner = own === undefined && value !== undefined ? this.pod : this;
    return { path: `${owner.path}.securityContext.${field}`, container: this.name, value };
  }

  /** The place of a field of the container. */
  at(field: string): Place {
    return { path: `${this.path}.${field}`, container: this.name };
  }

  /** The limit of a resource in base units; undefined when unset, zero (which means unset) or no quantity. */
  limit(resource: string): number | undefined {
    return amount(this.resources("limits"), resource);
  }

  /** The request of a resource; a limit without a request is the request too, as the API server defaults it. */
  request(resource: string): number | undefined {
    const requests = this.resources("requests");
    return has(requests, resource) ? amount(requests, resource) : this.limit(resource);
  }

  /** `resources.requests` or `resources.limits`. */
  resources(part: "requests" | "limits"): Fields {
    const resources = this.spec["resources"];
    return fields(isMap(resources) ? resources[part] : undefined);
  }
}

function amount(resources: Fields, resource: string): number | undefined {
  const quantity = has(resources, resource) ? parseQuantity(resources[resource]) : undefined;
  return quantity === 0 ? undefined : quantity;
}
