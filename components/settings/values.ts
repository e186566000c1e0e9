import { z } from "zod";
import { cidrProblem } from "../kit/addresses";
import { isDuration, type Duration } from "../kit/duration";
import { isQuantity, isWholeBytes, parseQuantity } from "../kit/quantity";

/** The shapes that several topics share. Each says in its error what it may be. */

/** A Kubernetes quantity. */
export const quantity = z
  .string()
  .refine(isQuantity, { error: 'a quantity such as "500m", "2" or "256Mi"' })
  .meta({ examples: ["256Mi"] });

/**
 * An amount of memory or of storage. Kubernetes takes "256m" for a quarter of a byte, and "256" for 256 bytes:
 * pods that never start, and volumes that hold nothing.
 */
export const byteSize = z
  .string()
  .refine((text) => isQuantity(text) && isWholeBytes(text) && parseQuantity(text) >= 2 ** 20, {
    error: 'whole bytes, at least "1Mi", such as "256Mi" or "5Gi"',
  })
  .meta({ examples: ["256Mi"] });

/** A duration of one whole number and one unit. */
export const duration = z
  .custom<Duration>((value) => typeof value === "string" && isDuration(value), {
    error: 'a duration such as "30s", "10m", "12h" or "7d"',
  })
  .meta({ type: "string", pattern: "^[0-9]+[smhd]$", examples: ["30s"] });

/**
 * A name that Kubernetes accepts for a namespace or a Service.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-label-names
 */
export const dnsLabel = z.string().regex(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: "a DNS label: lower-case letters, digits and hyphens, a letter first, at most 63",
});

/**
 * A host name that an Ingress accepts.
 * @see https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules
 */
export const hostName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/, {
    error: 'a host name such as "shop.example.com"',
  });

/**
 * A bucket's name, as short as those that applications demand.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export const bucketName = z.string().regex(/^[a-z0-9][-a-z0-9]{1,38}[a-z0-9]$/, {
  error: "3 to 40 lower-case letters, digits and hyphens, with a letter or digit at both ends",
});

/** A number of pods. */
export const replicas = z.int().min(1).max(1000).meta({ unit: "pods" });

/**
 * A name that Kubernetes accepts for a StorageClass.
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
 */
export const storageClassName = z.string().regex(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, {
  error: "a name of lower-case letters, digits, hyphens and dots",
});

/** The class of some volumes. */
export const storageClass = storageClassName
  .optional()
  .describe("The StorageClass of the volumes.")
  .meta({ behaviour: "the cluster's default StorageClass" });

/** What each pod of a service uses in its ordinary hours; its limits follow from it. */
export const typicalUse = (typical: { readonly cpu: string; readonly memory: string }) =>
  z
    .strictObject({
      cpu: quantity
        .default(typical.cpu)
        .describe("CPU, in cores; the limit is four times as much."),
      memory: byteSize
        .default(typical.memory)
        .describe("Memory, in bytes; the limit is twice as much."),
    })
    .prefault({})
    .describe("What each pod uses in its ordinary hours; becomes its requests.");

/** Where something outside the cluster is: a network policy knows no host names. */
export const addresses = z
  .union(
    [
      z.literal("internet"),
      z
        .array(
          z.string().superRefine((cidr, context) => {
            const message = cidrProblem(cidr, "internet");
            if (message !== undefined) {
              context.addIssue({ code: "custom", message });
            }
          }),
        )
        .min(1),
    ],
    { error: 'either internet, or a list of address ranges such as ["10.20.0.0/24"]' },
  )
  .describe(
    "Its address ranges, to which network policies let pods out, or internet for every public address.",
  )
  .meta({ examples: [["10.20.0.0/24"], "internet"] });
