import * as pulumi from "@pulumi/pulumi";

/** The room a component belongs to; part of its type token, so a URN says where to look. */
export type Room = "kit" | "platform" | "data" | "apps";

/**
 * The base of every component: its type token carries the room and the class, and each child's
 * logical name starts with its parent's name.
 *
 * The prefix keeps logical names unique however often a component is used, and it is checked here
 * rather than in review: the offending `new` throws.
 */
export abstract class Component extends pulumi.ComponentResource {
  /** The logical name this component was given; children are called `<name>-<thing>`. */
  protected readonly logicalName: string;

  protected constructor(
    room: Room,
    type: string,
    name: string,
    opts: pulumi.ComponentResourceOptions,
    record: Readonly<Record<string, unknown>> = {},
  ) {
    super(`slipway:${room}:${type}`, name, record, withNameCheck(name, opts));
    this.logicalName = name;
  }
}

function withNameCheck(
  parent: string,
  opts: pulumi.ComponentResourceOptions,
): pulumi.ComponentResourceOptions {
  const check: pulumi.ResourceTransformation = ({ name, type }) => {
    if (name !== parent && !name.startsWith(`${parent}-`)) {
      throw new Error(
        `Resource "${name}" (${type}) is a child of "${parent}", so its name must start with "${parent}-".`,
      );
    }
    return undefined;
  };
  return { ...opts, transformations: [...(opts.transformations ?? []), check] };
}
