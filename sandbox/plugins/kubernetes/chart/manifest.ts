import { parseAllDocuments, type Tags } from "yaml";
import { isPlainMap, type Plain, type PlainMap } from "../../rpc/values";
import { listAt, nameOf, type KubeObject } from "../object/kube-object";

/**
 * YAML as Kubernetes reads it (sigs.k8s.io/yaml): version 1.1 with its booleans and octal numbers, but
 * without times, dates and binary values, which stay texts.
 */
const withoutTimes = (tags: Tags): Tags =>
  tags.filter(
    (tag) =>
      typeof tag === "string" || (tag.format !== "TIME" && !/:(?:timestamp|binary)$/.test(tag.tag)),
  );

/** Reads the objects of a rendered chart; the objects of a list stand for themselves. */
export function readManifest(manifest: string): readonly KubeObject[] {
  const documents = parseAllDocuments(manifest, {
    version: "1.1",
    customTags: withoutTimes,
    logLevel: "silent",
    uniqueKeys: false,
  });
  if (!Array.isArray(documents)) {
    return [];
  }
  return documents.flatMap((document) => {
    const [error] = document.errors;
    if (error !== undefined) {
      throw new Error(`The chart rendered to YAML that cannot be read: ${error.message}`);
    }
    return expand(document.toJS({ maxAliasCount: -1 }) as Plain);
  });
}

function expand(value: Plain): readonly KubeObject[] {
  if (!isPlainMap(value) || Object.keys(value).length === 0) {
    return [];
  }
  if (String(value["kind"]).endsWith("List") && Array.isArray(value["items"])) {
    return listAt(value, "items").flatMap(expand);
  }
  return [complete(value)];
}

function complete(object: PlainMap): KubeObject {
  const { apiVersion, kind } = object;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || nameOf(object) === "") {
    throw new Error(
      "The chart rendered to an object without apiVersion, kind or metadata.name: " +
        JSON.stringify(object).slice(0, 200),
    );
  }
  return { ...object, apiVersion: apiVersion === "core/v1" ? "v1" : apiVersion, kind };
}
