/** The name of the Pulumi project, as Pulumi.yaml has it; it is part of the paths in the file backend. */
export const project = "slipway";

/** The stack that the sandbox brings up by default. */
export const defaultStack = "sandbox";
