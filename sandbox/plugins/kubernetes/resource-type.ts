import { Unsupported } from "../rpc/unary";

/** The API version and kind a resource type stands for. */
export interface KindRef {
  /** Group and version, such as apps/v1; v1 for the core group. */
  readonly apiVersion: string;

  /** The kind, such as Deployment. */
  readonly kind: string;
}

/** Reads a type token such as `kubernetes:apps/v1:Deployment`. */
export function kindOfType(type: string): KindRef {
  const [, module = "", kind = ""] = type.split(":");
  if (
    type === "kubernetes:helm.sh/v3:Release" ||
    module.startsWith("yaml") ||
    module.startsWith("kustomize")
  ) {
    throw new Unsupported(`The resource type ${type}`);
  }
  if (kind.endsWith("Patch")) {
    throw new Unsupported(`The Patch resource ${type}`);
  }
  if (kind.endsWith("List")) {
    throw new Unsupported(`The list resource ${type}`);
  }
  const [group = "", version = ""] = module.split("/");
  return { apiVersion: group === "core" ? version : `${group}/${version}`, kind };
}
