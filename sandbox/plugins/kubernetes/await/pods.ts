import { type Plain } from "../../rpc/values";
import {
  isOwnedBy,
  listAt,
  nameOf,
  numberAt,
  textAt,
  type KubeObject,
} from "../object/kube-object";
import { EVENT, POD, type Condition, type Snapshot } from "./condition";

/** How many warnings a failure quotes: the last ones say what is wrong. */
const QUOTED_WARNINGS = 3;

/** The condition of a type in an object's status, or undefined. */
export function statusCondition(object: KubeObject, type: string): Plain | undefined {
  return listAt(object, "status", "conditions").find((entry) => textAt(entry, "type") === type);
}

/** What keeps the pods of an owner from being ready, and the warnings about them. */
export function podProblems(snapshot: Snapshot, owner: KubeObject): readonly string[] {
  const pods = snapshot.related(POD).filter((pod) => isOwnedBy(pod, owner));
  const subjects = [snapshot.object, owner, ...pods];
  const problems = pods.flatMap(podProblem);
  // The scheduler says the same in a condition and in an event.
  const isSaid = (warning: string): boolean =>
    problems.some((problem) => warning.endsWith(problem.replace(/^\[[^\]]*\] /, "")));
  return [...problems, ...warnings(snapshot, subjects).filter((warning) => !isSaid(warning))];
}

/** The latest warnings about some objects. */
export function warnings(snapshot: Snapshot, subjects: readonly KubeObject[]): readonly string[] {
  const uids = new Set(subjects.map((subject) => textAt(subject, "metadata", "uid")));
  const about = snapshot
    .related(EVENT)
    .filter(
      (event) =>
        textAt(event, "type") === "Warning" && uids.has(textAt(event, "involvedObject", "uid")),
    )
    .sort((a, b) => eventTime(a).localeCompare(eventTime(b)))
    .map((event) => {
      const subject = `${textAt(event, "involvedObject", "kind")} ${textAt(event, "involvedObject", "name")}`;
      return `[${subject}] ${textAt(event, "reason")}: ${textAt(event, "message")}`;
    });
  return [...new Set(about)].slice(-QUOTED_WARNINGS);
}

function eventTime(event: KubeObject): string {
  return textAt(event, "lastTimestamp") || textAt(event, "eventTime");
}

/** Why a pod is not ready, one sentence; none when it is, or when there is nothing to say. */
function podProblem(pod: KubeObject): readonly string[] {
  const ready = statusCondition(pod, "Ready");
  if (textAt(ready, "status") === "True" || textAt(pod, "status", "phase") === "Succeeded") {
    return [];
  }
  const scheduled = statusCondition(pod, "PodScheduled");
  const details =
    textAt(scheduled, "status") === "False"
      ? [textAt(scheduled, "message")]
      : [
          textAt(ready, "message"),
          ...listAt(pod, "status", "initContainerStatuses").flatMap(containerProblem),
          ...listAt(pod, "status", "containerStatuses").flatMap(containerProblem),
        ];
  const text = details.filter((detail) => detail !== "").join("; ");
  return text === "" ? [] : [`[Pod ${nameOf(pod)}] ${text}`];
}

function containerProblem(status: Plain): readonly string[] {
  const name = textAt(status, "name");
  const waiting = textAt(status, "state", "waiting", "reason");
  const terminated = textAt(status, "state", "terminated", "reason");
  const last = textAt(status, "lastState", "terminated", "reason");
  const problems: string[] = [];
  // ContainerCreating and PodInitializing are ordinary stages.
  if (waiting !== "" && waiting !== "ContainerCreating" && waiting !== "PodInitializing") {
    problems.push(
      `container ${name}: [${waiting}] ${textAt(status, "state", "waiting", "message")}`,
    );
  }
  if (terminated !== "" && terminated !== "Completed") {
    const code = numberAt(status, "state", "terminated", "exitCode");
    problems.push(`container ${name} ended: ${terminated}, exit code ${code}`);
  }
  if (last !== "" && last !== "Completed") {
    const code = numberAt(status, "lastState", "terminated", "exitCode");
    problems.push(`container ${name} ended before: ${last}, exit code ${code}`);
  }
  return problems;
}

/** A pod is ready when it is scheduled, initialised and passes its readiness probes, or has succeeded. */
export const podCondition: Condition = {
  relatedKinds: [EVENT],
  judge: (snapshot) => {
    const pod = snapshot.object;
    const isTrue = (type: string): boolean =>
      textAt(statusCondition(pod, type), "status") === "True";
    const reasons = [...podProblem(pod), ...warnings(snapshot, [pod])];
    if (textAt(pod, "status", "phase") === "Succeeded" || isTrue("Ready")) {
      return { outcome: "ready" };
    }
    const stage = !isTrue("PodScheduled")
      ? "scheduled"
      : !isTrue("Initialized")
        ? "initialized"
        : "ready";
    return {
      outcome: "waiting",
      status: `Waiting for Pod "${nameOf(pod)}" to be ${stage}`,
      reasons,
    };
  },
};
