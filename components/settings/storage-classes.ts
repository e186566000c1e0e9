import { z } from "zod";
import { storageClassName } from "./values";

const storageClass = z.strictObject({
  provisioner: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?(\/[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, {
      error: 'the name of a driver such as "ebs.csi.aws.com"',
    })
    .describe("The driver that makes the volumes; it is in the cluster already.")
    .meta({ examples: ["ebs.csi.aws.com"] }),
  parameters: z
    .record(z.string(), z.string())
    .default({})
    .describe("What the driver wants to know.")
    .meta({ examples: [{ type: "gp3", encrypted: "true" }] }),
  reclaimPolicy: z
    .enum(["Retain", "Delete"])
    .default("Retain")
    .describe("What becomes of a volume whose claim is deleted."),
  volumeBindingMode: z
    .enum(["WaitForFirstConsumer", "Immediate"])
    .default("WaitForFirstConsumer")
    .describe("Whether a volume is made where its pod is going to run, or at once."),
  allowVolumeExpansion: z.boolean().default(true).describe("Whether a claim can ask for more."),
  default: z
    .boolean()
    .default(false)
    .describe("Whether claims that name no class get this one; at most one class is it."),
});

/** `slipway:platform.storageClasses`: the classes of volumes, by the name that claims use. */
export const storageClasses = z
  .record(storageClassName, z.union([z.literal("installed"), storageClass]))
  .default({})
  .refine((classes) => Object.values(classes).filter(isDefault).length < 2, {
    error: "a map in which at most one class has default: true",
  })
  .describe(
    "The classes of volumes, by the name that claims use; installed where the cluster has it already. Where there is any, data services and applications may name these only.",
  )
  .meta({
    behaviour: "the cluster's own classes",
    examples: [
      { "fast-ssd": { provisioner: "ebs.csi.aws.com", parameters: { type: "gp3" } } },
      { "fast-ssd": "installed" },
    ],
  });

export type StorageClassSettings = z.infer<typeof storageClass>;
export type StorageClassesSettings = z.infer<typeof storageClasses>;

function isDefault(settings: "installed" | StorageClassSettings): boolean {
  return settings !== "installed" && settings.default;
}
