/** A measurement: a command that prints a table with the figures and how they were made. */
interface Measurement {
  run(args: readonly string[]): Promise<void>;
}

/** The measurements by name; each is loaded only when it is asked for. */
const measurements: Readonly<Record<string, () => Promise<Measurement>>> = {
  policy: () => import("./policy"),
  review: () => import("./review"),
  sandbox: () => import("./sandbox"),
  services: () => import("./services"),
};

async function main(args: readonly string[]): Promise<void> {
  const [name = "", ...rest] = args;
  const known = Object.keys(measurements).join(", ");
  if (name === "--help" || name === "-h") {
    console.log(
      `Measures, and prints a table of what it found: npm run bench -- <name>, one of ${known}.`,
    );
    return;
  }
  const measurement = measurements[name];
  if (measurement === undefined) {
    console.error(`No measurement "${name}". It may be ${known}: npm run bench -- <name>`);
    process.exitCode = 2;
    return;
  }
  await (await measurement()).run(rest);
}

void main(process.argv.slice(2));
