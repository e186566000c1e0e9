import {
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  KubernetesObjectApi,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import type { Action } from "./action";
import type { KubernetesObject } from "./objects";
import type { AccountName, Reviewer, SecretName } from "./secret-stores";
import { type WatchedKind, watchedKinds } from "./watched-kinds";

/** Who the player is in the list of managed fields. */
const fieldManager = "sandbox-player";

/** Answers that mean that the world has moved on: the object is there already, gone, or has changed. */
const overtaken: readonly number[] = [404, 409];

/** Carries actions out, and asks the API server who may read what. */
export class Writer implements Reviewer {
  private readonly objects: KubernetesObjectApi;
  private readonly custom: CustomObjectsApi;
  private readonly core: CoreV1Api;
  private readonly authorization: AuthorizationV1Api;

  constructor(config: KubeConfig) {
    this.objects = KubernetesObjectApi.makeApiClient(config);
    this.custom = config.makeApiClient(CustomObjectsApi);
    this.core = config.makeApiClient(CoreV1Api);
    this.authorization = config.makeApiClient(AuthorizationV1Api);
  }

  /** Carries one action out; an action that the world has overtaken is dropped. */
  async carryOut(action: Action): Promise<void> {
    try {
      await this.write(action);
    } catch (error) {
      if (!overtaken.includes(statusOf(error) ?? 0)) {
        throw error;
      }
    }
  }

  async mayRead(account: AccountName, secret: SecretName): Promise<boolean> {
    const review = await this.authorization.createSubjectAccessReview({
      body: {
        spec: {
          user: `system:serviceaccount:${account.namespace}:${account.name}`,
          groups: [
            "system:serviceaccounts",
            `system:serviceaccounts:${account.namespace}`,
            "system:authenticated",
          ],
          resourceAttributes: {
            namespace: secret.namespace,
            verb: "get",
            resource: "secrets",
            name: secret.name,
          },
        },
      },
    });
    return review.status?.allowed === true;
  }

  private async write(action: Action): Promise<void> {
    switch (action.do) {
      case "create":
        await this.objects.create(body(action.object), undefined, undefined, fieldManager);
        return;
      case "merge":
        await this.objects.patch(
          body({ ...headerOf(action.object), ...withName(action.object, action.fields) }),
          undefined,
          undefined,
          fieldManager,
          undefined,
          PatchStrategy.MergePatch,
        );
        return;
      case "mergeStatus":
        await this.mergeStatus(action.object, action.fields);
        return;
      case "delete":
        await this.objects.delete(body(headerOf(action.object)));
        return;
    }
  }

  private async mergeStatus(object: KubernetesObject, status: object): Promise<void> {
    const options = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const { name, namespace } = object.metadata;
    const kind = watchedKinds[object.kind as WatchedKind];
    const [group, version] = object.apiVersion.split("/");
    if (version === undefined || group === undefined) {
      await this.core.patchNamespacedPersistentVolumeClaimStatus(
        { name, namespace: namespace ?? "", body: { status }, fieldManager },
        options,
      );
      return;
    }
    const request = { group, version, plural: kind.plural, name, body: { status }, fieldManager };
    await (namespace === undefined
      ? this.custom.patchClusterCustomObjectStatus(request, options)
      : this.custom.patchNamespacedCustomObjectStatus({ ...request, namespace }, options));
  }
}

/** The HTTP status of a failed request. */
function statusOf(error: unknown): number | undefined {
  const { code, statusCode } = error as { readonly code?: unknown; readonly statusCode?: unknown };
  return [code, statusCode].find((value): value is number => typeof value === "number");
}

function headerOf({ apiVersion, kind, metadata }: KubernetesObject): KubernetesObject {
  return { apiVersion, kind, metadata: { name: metadata.name, namespace: metadata.namespace } };
}

/** Fields of an object, with the name and namespace that the request's path is made of. */
function withName({ metadata }: KubernetesObject, fields: object): KubernetesObject {
  const { metadata: more } = fields as { readonly metadata?: object };
  const named = { ...more, name: metadata.name, namespace: metadata.namespace };
  return { ...fields, metadata: named } as KubernetesObject;
}

/** The client's type of an object wants mutable fields; it does not change them. */
function body(object: KubernetesObject): Parameters<KubernetesObjectApi["create"]>[0] {
  return object as Parameters<KubernetesObjectApi["create"]>[0];
}
