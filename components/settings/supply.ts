import { z } from "zod";
import { dnsLabel } from "./values";

/** `slipway:charts`: where charts come from. */
export const chartSettings = z
  .strictObject({
    mirror: z
      .string()
      .min(1)
      .optional()
      .describe(
        "A folder, an https:// repository or an oci:// registry that serves every chart instead of its own repository.",
      )
      .meta({
        examples: ["oci://registry.example.com/charts"],
        behaviour: "each chart's own repository",
      }),
  })
  .describe("Where the third-party charts come from.");

const imageReference = z
  .string()
  .regex(/^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)+(:[A-Za-z0-9._-]+)?(@sha256:[a-f0-9]{64})?$/, {
    error: 'an image reference with its registry, such as "registry.example.com/team/app:1.2.3"',
  });

/** `slipway:images`: where images come from. */
export const imageSettings = z
  .strictObject({
    registry: z
      .string()
      .regex(/^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)*$/, {
        error: 'a registry with an optional path, such as "registry.example.com/acme"',
      })
      .describe(
        "The registry of the applications' own images; a service's image is <registry>/<application>/<service>.",
      )
      .meta({ examples: ["registry.example.com/acme"] }),
    mirror: z
      .string()
      .regex(/^[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9._-]+)*$/, {
        error: 'a registry with an optional path, such as "registry.example.com/mirror"',
      })
      .optional()
      .describe(
        "A registry that has a copy of every image but the applications' own, the charts' included; quay.io/a/b:1 is pulled as <mirror>/quay.io/a/b:1.",
      )
      .meta({
        examples: ["registry.example.com/mirror"],
        behaviour: "each image comes from its own registry",
      }),
    pullSecrets: z
      .array(z.string().min(1))
      .default([])
      .describe(
        "Names of image pull Secrets that exist in each application's namespace; with a mirror, in every namespace of the stack.",
      ),
    pullSecretsFrom: z
      .strictObject({
        store: dnsLabel.describe(
          "The store of slipway:platform.externalSecrets.stores that has the pull Secrets; every namespace of the stack may read it then.",
        ),
        secrets: z
          .record(z.string(), z.string().min(1))
          .default({})
          .describe("What each is called in the store, by its name.")
          .meta({
            behaviour: "each is called the same",
            examples: [{ registry: "production/registry" }],
          }),
        property: z
          .string()
          .min(1)
          .default(".dockerconfigjson")
          .describe(
            "The property that holds the registries' credentials, in the form of Docker's config.json.",
          ),
        bootstrap: z
          .enum(["secret", "nodes"])
          .optional()
          .describe(
            "What lets the pods of External Secrets themselves pull from a mirror: Secrets of these names that somebody makes in the namespace external-secrets, or the nodes, which know the registry.",
          )
          .meta({ behaviour: "a stack with a mirror is refused" }),
      })
      .optional()
      .describe("Carries the pull Secrets into every namespace of the stack.")
      .meta({ behaviour: "they are there already" }),
    default: z
      .strictObject({
        image: imageReference.describe("The image, with its tag or digest."),
        args: z
          .array(z.string())
          .default([])
          .describe("Arguments of the container; $(NAME) is replaced by the environment variable."),
        jobArgs: z
          .array(z.string())
          .optional()
          .describe("Its arguments in a Job or CronJob: with these it has to end by itself.")
          .meta({ behaviour: "the same as args" }),
      })
      .optional()
      .describe(
        "An image that stands in for each service that no tag was given for; for sandboxes and demonstrations.",
      )
      .meta({ behaviour: "a service without a tag is an error that says how to give one" }),
  })
  .describe(
    "Where images come from. The applications' tags come at deploy time, never from this file.",
  );

export type ImageSettings = z.infer<typeof imageSettings>;
