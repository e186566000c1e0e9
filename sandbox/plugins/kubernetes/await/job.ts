import { listAt, nameOf, numberAt, textAt } from "../object/kube-object";
import { EVENT, POD, type Condition } from "./condition";
import { podProblems } from "./pods";

/** A Job is ready when it has completed, and fails when it has failed for good. */
export const jobCondition: Condition = {
  relatedKinds: [POD, EVENT],
  judge: (snapshot) => {
    const job = snapshot.object;
    const conditions = listAt(job, "status", "conditions");
    const holds = (type: string) =>
      conditions.find(
        (entry) => textAt(entry, "type") === type && textAt(entry, "status") === "True",
      );
    const failed = holds("Failed");
    if (failed !== undefined) {
      return {
        outcome: "failed",
        reasons: [
          `[${textAt(failed, "reason")}] ${textAt(failed, "message")}`,
          ...podProblems(snapshot, job),
        ],
      };
    }
    if (holds("Complete") !== undefined) {
      return { outcome: "ready" };
    }
    const count = (field: string): number => numberAt(job, "status", field) ?? 0;
    const progress = `(Active: ${count("active")} | Succeeded: ${count("succeeded")} | Failed: ${count("failed")})`;
    const status =
      textAt(job, "status", "startTime") === ""
        ? `Waiting for Job "${nameOf(job)}" to start`
        : `Waiting for Job "${nameOf(job)}" to succeed ${progress}`;
    return { outcome: "waiting", status, reasons: [status, ...podProblems(snapshot, job)] };
  },
};
