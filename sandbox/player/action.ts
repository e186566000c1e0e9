import type { KubernetesObject } from "./objects";

/** One write to the cluster. What plays a part returns these; the player carries them out. */
export type Action =
  | {
      /** Makes an object; nothing happens when it exists. */
      readonly do: "create";
      /** The object. */
      readonly object: KubernetesObject;
    }
  | {
      /** Merges fields into an object, or into its status. */
      readonly do: "merge" | "mergeStatus";
      /** Which object. */
      readonly object: KubernetesObject;
      /** The fields (RFC 7386): of the whole object, or of its status. */
      readonly fields: object;
    }
  | {
      /** Deletes an object. */
      readonly do: "delete";
      /** Which object. */
      readonly object: KubernetesObject;
    };
