import { but, deployment, inContainer, inPod, inStack } from "../objects";
import { describeRule, fails, passes, skips } from "../support";

const DIGEST = `@sha256:${"b".repeat(64)}`;

describeRule("image-tag", inContainer, [
  fails("no tag", { image: "registry.example:5000/shop/orders" }),
  fails("latest", { image: "registry.example/shop/orders:latest" }),
  fails("no image", { image: undefined }),
  passes("a version", { image: "orders:1.4.2" }),
  passes("a digest without a tag", { image: `orders${DIGEST}` }),
]);

describeRule("image-digest", inContainer, [
  fails("a version alone", { image: "registry.example/shop/orders:1.4.2" }),
  passes("a digest without a tag", { image: `orders${DIGEST}` }),
]);

describeRule("image-tag-mutable", inContainer, [
  fails("a channel", { image: "orders:Stable" }),
  fails("a bare major", { image: "orders:v1" }),
  passes("a build number", { image: "orders:20260101" }),
  passes("a channel with a digest", { image: `orders:stable${DIGEST}` }),
  skips("latest, which image-tag reports", { image: "orders:latest" }),
]);

describeRule("image-pull-policy", inContainer, [
  fails(
    "a channel that is not pulled",
    { imagePullPolicy: undefined, image: "orders:stable" },
    {
      at: "imagePullPolicy",
    },
  ),
  fails("latest that is not pulled", { imagePullPolicy: "Never", image: "orders:latest" }),
  passes("latest by the API server's default", { imagePullPolicy: undefined, image: "orders" }),
  passes("a channel that is pulled", { imagePullPolicy: "Always", image: "orders:stable" }),
]);

const ALLOWED = { settings: { allowedRegistries: ["registry.example/shop", "docker.io/library"] } };

describeRule("image-registry", inContainer, [
  fails("another registry", { image: "elsewhere.example/shop/orders:1.4.2" }, ALLOWED),
  fails("another path of the registry", { image: "registry.example/shopping/orders:1" }, ALLOWED),
  passes("a bare name, which is an official image", { image: "nginx:1.29.0" }, ALLOWED),
  skips("stacks without a list", { image: "elsewhere.example/orders:1.4.2" }),
]);

const PRIVATE = { settings: { privateRegistries: ["registry.example"] } };
const SECRET = "imagePullSecrets";

describeRule("image-pull-secrets", but(inPod, { [SECRET]: [{ name: "registry" }] }), [
  fails("a registry that is not known to be open", { [SECRET]: undefined }),
  fails("a listed registry", { [SECRET]: undefined }, PRIVATE),
  passes("an open registry", { [SECRET]: [], "containers[0].image": "ghcr.io/shop/orders:1.4.2" }),
  passes(
    "a registry that is not listed",
    { [SECRET]: [], "containers[0].image": "elsewhere.example/orders:1.4.2" },
    PRIVATE,
  ),
]);

describeRule("image-registry-deprecated", inContainer, [
  fails("the frozen registry", { image: "k8s.gcr.io/pause:3.1" }),
  passes("its successor", { image: "registry.k8s.io/pause:3.10" }),
]);

const IMAGE = "spec.template.spec.containers[0].image";

describeRule("image-same-tag-different-digest", inStack(deployment, deployment), [
  fails("two versions", { [`1/${IMAGE}`]: "registry.example/shop/orders:1.4.1" }),
  passes("another repository", { [`1/${IMAGE}`]: "registry.example/shop/billing:1.0.0" }),
]);
