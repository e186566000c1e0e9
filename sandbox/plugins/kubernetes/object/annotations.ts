/** The annotations by which a program steers the provider (pulumi-kubernetes, pkg/metadata). */
export const AUTONAMED = "pulumi.com/autonamed";
export const SKIP_AWAIT = "pulumi.com/skipAwait";
export const WAIT_FOR = "pulumi.com/waitFor";
export const TIMEOUT_SECONDS = "pulumi.com/timeoutSeconds";
export const REPLACE_UNREADY = "pulumi.com/replaceUnready";
export const PATCH_FORCE = "pulumi.com/patchForce";
export const PATCH_FIELD_MANAGER = "pulumi.com/patchFieldManager";
export const DELETION_PROPAGATION = "pulumi.com/deletionPropagationPolicy";
