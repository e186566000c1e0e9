import { z } from "zod";

/** `slipway:cluster`: which cluster the stack belongs to, so that it cannot be applied to another. */
export const clusterSettings = z
  .strictObject({
    context: z
      .string()
      .min(1)
      .describe("The context of your kubeconfig that reaches the cluster.")
      .meta({ examples: ["production-eu"] }),
    identity: z
      .uuid({ error: "the uid of a namespace, a UUID" })
      .describe(
        "The uid of the cluster's kube-system namespace, as kubectl get namespace kube-system -o jsonpath={.metadata.uid} prints it.",
      )
      .meta({ examples: ["0c0e6b1e-6d4b-4b0e-9f6e-2b7a1f0c9d55"] }),
    kubernetesVersion: z
      .string()
      .regex(/^1\.[0-9]+(\.[0-9]+)?$/, { error: 'a Kubernetes version such as "1.36" or "1.36.3"' })
      .describe("The Kubernetes version the cluster serves.")
      .meta({ examples: ["1.36"] }),
    simulated: z
      .boolean()
      .default(false)
      .describe(
        "Whether the nodes are simulated and run nothing: admission webhooks and aggregated APIs are then left out, because no pod would answer them.",
      ),
  })
  .describe("Which cluster the stack belongs to; another one is refused.");
