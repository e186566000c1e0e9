import fc from "fast-check";
import type { HpaScaling, ScalingPace } from "../../../components/apps/workload/autoscaler";
import type { KedaTrigger } from "../../../components/apps/workload/event-scaling";
import type { Scaling } from "../../../components/apps/workload/scaling";
import { stream } from "../../../components/data";
import { average, dnsLabel, duration, few, text, word } from "./values";

const pace: fc.Arbitrary<ScalingPace> = fc.record(
  {
    stabilization: duration(0, 3600),
    percent: fc.integer({ min: 1, max: 1000 }),
    pods: fc.integer({ min: 1, max: 100 }),
    period: duration(1, 1800),
  },
  { requiredKeys: [] },
);

const metricName = fc.oneof(
  { weight: 5, arbitrary: fc.stringMatching(/^[a-z]{1,6}(_[a-z]{1,6}){0,3}$/) },
  { weight: 1, arbitrary: word },
);

const hpa: fc.Arbitrary<HpaScaling> = fc
  .record(
    {
      min: fc.integer({ min: 1, max: 10 }),
      more: fc.integer({ min: 1, max: 100 }),
      cpu: fc.integer({ min: 1, max: 100 }),
      memory: fc.integer({ min: 1, max: 100 }),
      pods: few(metricName, average),
      objects: few(
        metricName,
        fc.record({
          of: fc.record({
            apiVersion: fc.constant("networking.k8s.io/v1"),
            kind: fc.constant("Ingress"),
            name: dnsLabel,
          }),
          average,
        }),
      ),
      external: few(
        metricName,
        fc.record({ labels: few(word, word), average }, { requiredKeys: ["average"] }),
      ),
      scaleUp: pace,
      scaleDown: pace,
    },
    { requiredKeys: ["min", "more"] },
  )
  .map(({ more, ...scaling }) => ({ ...scaling, max: scaling.min + more }));

const events = fc
  .record(
    {
      min: fc.integer({ min: 1, max: 10 }),
      more: fc.integer({ min: 1, max: 100 }),
      fallback: fc.integer({ min: 1, max: 10 }),
      scaleUp: pace,
      scaleDown: pace,
    },
    { requiredKeys: ["min", "more", "fallback"] },
  )
  .map(({ more, ...scaling }) => ({ ...scaling, max: scaling.min + more }));

const trigger: fc.Arbitrary<KedaTrigger> = fc.record(
  {
    type: fc.constantFrom("prometheus", "aws-sqs-queue"),
    metadata: few(word, text),
    authentication: dnsLabel,
  },
  { requiredKeys: ["type", "metadata"] },
);

/** The consumer that a queue is scaled on; whoever scales on it has it in `uses`. */
export const reading = stream("messages", { consumer: "worker" });

/** Every way to say how many pods there are. */
export const scaling: fc.Arbitrary<Scaling> = fc.oneof(
  fc.integer({ min: 1, max: 20 }).map((fixed) => ({ fixed })),
  hpa.map((scaled) => ({ hpa: scaled })),
  fc
    .tuple(events, fc.integer({ min: 1, max: 1000 }))
    .map(([bounds, lag]) => ({ natsLag: { ...bounds, stream: reading, lag } })),
  fc
    .tuple(events, fc.array(trigger, { minLength: 1, maxLength: 2 }))
    .map(([bounds, triggers]) => ({ keda: { ...bounds, triggers } })),
  fc.constant({ singleton: "It writes to one file." }),
);
