import { isLabelKey, isLabelValue } from "../../kit/labels";
import { within, type Problem } from "../../kit/problem";
import { resourceProblems } from "../../kit/resources";
import { plainSecretProblems } from "./plain-secrets";
import { mountPathProblems, sizeProblems } from "./volumes";
import type { ContainerShape, WorkloadConfig } from "./workload-args";

/** What is wrong with what runs in the pods, apart from containers beside the service's own. */
export function containerProblems(shape: ContainerShape<unknown>): readonly Problem[] {
  return [
    ...within("resources", resourceProblems(shape.resources)),
    ...userProblems(shape.user),
    ...within("config", configProblems(shape.config ?? {})),
    ...Object.entries(shape.writable ?? {}).flatMap(([path, size]) => [
      ...mountPathProblems(`writable["${path}"]`, path),
      ...sizeProblems(`writable["${path}"]`, size),
    ]),
    ...nodeProblems(shape),
  ];
}

function userProblems(user: number | undefined): readonly Problem[] {
  return user === undefined || (Number.isInteger(user) && user > 0)
    ? []
    : [
        {
          field: "user",
          message: `got ${String(user)}; it has to be the number of a user other than root (0).`,
        },
      ];
}

function configProblems({ env = {}, files }: WorkloadConfig): readonly Problem[] {
  return [
    ...within("env", [...envNameProblems(env), ...plainSecretProblems(env)]),
    ...(files === undefined
      ? []
      : within("files", [
          ...mountPathProblems("mountPath", files.mountPath),
          ...Object.keys(files.contents)
            .filter((name) => !/^(?!\.\.)[-._a-zA-Z0-9]{1,253}$/.test(name) || name === ".")
            .map((name) => ({
              field: `contents["${name}"]`,
              message:
                'cannot be a file\'s name here: letters, digits, "-", "_" and ".", without a folder.',
            })),
        ])),
  ];
}

/** What is wrong with the names of environment variables. */
export function envNameProblems(env: Readonly<Record<string, unknown>>): readonly Problem[] {
  return Object.keys(env)
    .filter((name) => !/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
    .map((name) => ({
      field: `["${name}"]`,
      message:
        'cannot be a variable\'s name: letters, digits, "-", "_" and ".", and no digit at its start.',
    }));
}

function nodeProblems({ nodeSelector = {}, tolerations = [] }: ContainerShape<unknown>) {
  return [
    ...Object.entries(nodeSelector).flatMap(([key, value]) => [
      ...keyProblems(`nodeSelector["${key}"]`, key),
      ...valueProblems(`nodeSelector["${key}"]`, value),
    ]),
    ...tolerations.flatMap(({ key, value = "" }, index) => [
      ...keyProblems(`tolerations[${String(index)}].key`, key),
      ...valueProblems(`tolerations[${String(index)}].value`, value),
    ]),
  ];
}

function keyProblems(field: string, key: string): readonly Problem[] {
  return isLabelKey(key)
    ? []
    : [
        {
          field,
          message: `got the key "${key}"; no node has one of this form: it is like "pool" or "example.com/pool".`,
        },
      ];
}

function valueProblems(field: string, value: string): readonly Problem[] {
  return isLabelValue(value)
    ? []
    : [
        {
          field,
          message: `got "${value}"; no node has such a value: letters, digits, "-", "_" and ".", at most 63.`,
        },
      ];
}

/** What is wrong with the folders of a container as a whole: two at one place, of which only one could be seen. */
export function folderProblems(
  { config, writable, volumes }: ContainerShape<unknown>,
  claims: Readonly<Record<string, unknown>> = {},
): readonly Problem[] {
  const given: readonly (readonly [field: string, paths: readonly string[]])[] = [
    ["config.files.mountPath", config?.files === undefined ? [] : [config.files.mountPath]],
    ["writable", Object.keys(writable ?? {})],
    ["volumes", Object.keys(volumes ?? {})],
    ["claims", Object.keys(claims)],
  ];
  const owners = new Map<string, string>();
  return given.flatMap(([field, paths]) =>
    paths.flatMap((path) => {
      const owner = owners.get(path);
      owners.set(path, owner ?? field);
      return owner === undefined
        ? []
        : [
            {
              field,
              message: `has the folder "${path}", which ${owner} has, too. Give each its own place.`,
            },
          ];
    }),
  );
}
