import { createTwoFilesPatch } from "diff";
import type { Change } from "./plan";
import type { ServiceRequest } from "./request";

/** The changes as a unified diff. */
export function diffOf(changes: readonly Change[]): string {
  return changes
    .map(({ path, before, after }) =>
      createTwoFilesPatch(
        before === undefined ? "/dev/null" : `a/${path}`,
        `b/${path}`,
        before ?? "",
        after,
        undefined,
        undefined,
        {
          headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
        },
      ),
    )
    .join("");
}

/** What is left to do by hand, in the order in which it is done. */
export function nextSteps(request: ServiceRequest): string {
  const { application, service, kind, image, newApplication, uses } = request;
  const id = `${application}/${service}`;
  const file = `components/apps/${application}.ts`;
  const steps = [
    kind === "cron"
      ? `Look at ${file}: what it uses of CPU and memory, and its command.`
      : `Look at ${file}: which probes it answers, what it uses of CPU and memory, its command.`,
    ...(uses.length > 0
      ? []
      : [
          `What it uses (a database, another service) goes into its \`uses\`: env, network and order follow.`,
        ]),
    ...(newApplication
      ? [
          `Deploy it in a stack: in Pulumi.<stack>.yaml, below slipway:applications,\n\n` +
            `       ${application}:\n         host: ${application}.example.com\n`,
        ]
      : [
          `What differs in a stack goes below slipway:applications.${application}.services.${service} of its file.`,
        ]),
    `Check it: npm run check, then npm run render -- --stack <stack> --out out and ` +
      `npm run policy -- check out --exemptions policy/exemptions.`,
    image === undefined
      ? `Deploy it: SLIPWAY_IMAGES=${id}=<tag> pulumi up --stack <stack> (a platform stack first, where the ` +
        `application has one of its own).`
      : `Deploy it: pulumi up --stack <stack> (a platform stack first, where the application has one of its own).`,
  ];
  return ["Next:", ...steps.map((step, index) => `  ${String(index + 1)}. ${step}`)].join("\n");
}
