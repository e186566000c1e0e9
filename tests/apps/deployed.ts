import { Applications, readApplications } from "../../components/apps";
import { givenFeatures } from "../../components/apps/workload/feature-problems";
import {
  applicationSettings,
  type ApplicationSettings,
} from "../../components/settings/applications";
import { deploy, type Properties, type Recorded } from "../support/mocks";
import { allFeatures } from "../support/rooms";
import { configOf } from "../support/stacks";
import { at, connectionTo, images, platform } from "./fixtures";

/** Registers one of the applications as a stack with every optional part of the platform does. */
export function deployApplication(
  name: keyof ApplicationSettings,
  changes: object = {},
): Promise<Recorded> {
  const settings = applicationSettings.parse({ [name]: { host: "shop.example.com", ...changes } });
  return deploy(
    () =>
      new Applications("apps", {
        applications: readApplications(settings, {
          environment: "test",
          images,
          features: givenFeatures(allFeatures),
        }),
        platform: { ...platform, features: allFeatures },
        data: { connect: (_application, demand) => connectionTo(demand) },
        pullSecrets: [],
      }),
  );
}

/** What a shipped stack file says of one of the applications. */
export function saidIn(stack: string, name: keyof ApplicationSettings): object {
  const applications = configOf(stack)["slipway:applications"] as ApplicationSettings;
  return applications[name] ?? {};
}

/** The container of a Deployment. */
export function containerIn(recorded: Recorded, deployment: string): Properties {
  const { inputs } = recorded.find("Deployment", deployment);
  const [container] = at(inputs, "spec.template.spec.containers") as readonly Properties[];
  return container ?? {};
}

/** The environment of a Deployment's container, by name: its text, or the Secret and key it refers to. */
export function environmentIn(
  recorded: Recorded,
  deployment: string,
): Readonly<Record<string, unknown>> {
  const env = (containerIn(recorded, deployment).env ?? []) as readonly Properties[];
  return Object.fromEntries(
    env.map((variable) => [
      String(variable.name),
      variable.value ?? at(variable, "valueFrom.secretKeyRef"),
    ]),
  );
}
