// Asks the Pulumi CLI for the stack's own state, in which the deployed versions are: the engine hands a program
// no state but the outputs of the last good run. It is asked before the modules load, and answers meanwhile.
"use strict";

const { spawn } = require("node:child_process");

module.exports = { exportState };

/** How the Pulumi CLI answers; the promise is never rejected. `ExportedState` of components/apps is its type. */
function exportState() {
  const { PULUMI_NODEJS_ORGANIZATION: organization, ...inherited } = process.env;
  const { PULUMI_NODEJS_PROJECT: project, PULUMI_NODEJS_STACK: name } = inherited;
  // Backends without organizations are given this word in place of one.
  const isOwned = organization !== undefined && !["", "organization"].includes(organization);
  const stack = isOwned ? `${organization}/${project}/${name}` : name;
  const args = ["stack", "export", "--stack", stack, "--non-interactive"];
  const command = ["pulumi", ...args].join(" ");
  const child = spawn("pulumi", args, {
    cwd: process.cwd(),
    // The configuration that the language host hands over is decrypted.
    env: { ...inherited, PULUMI_CONFIG: undefined, PULUMI_SKIP_UPDATE_CHECK: "true" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  return new Promise((resolve) => {
    const printed = { stdout: [], stderr: [] };
    for (const stream of ["stdout", "stderr"]) {
      child[stream].on("data", (chunk) => printed[stream].push(chunk));
    }
    const text = (stream) => Buffer.concat(printed[stream]).toString("utf8");
    child.once("error", (error) => {
      resolve({ command, stdout: "", stderr: error.message });
    });
    child.once("close", (code, signal) => {
      const stderr = signal === null ? text("stderr") : `ended by ${signal}`;
      resolve({ command, code: code ?? -1, stdout: text("stdout"), stderr });
    });
  });
}
