import { expect } from "chai";
import { commentLimit, commentMark, markdownOf } from "../../../review/page/markdown";
import { deployment, named, object, postgresCluster } from "../stack";
import { review } from "../risks/verdict";

function services(count: number, image: string) {
  return Array.from({ length: count }, (_, index) =>
    object(
      deployment({
        name: `service-${index}`,
        container: { image, env: [{ name: "A", value: image.repeat(9) }] },
      }),
    ),
  );
}

describe("the report as a comment", () => {
  it("starts with its mark and the verdict, so that a pipeline finds and updates it", () => {
    const page = markdownOf(review([], [object(deployment())]));
    expect(page.split("\n").slice(0, 4)).to.deep.equal([
      commentMark("production"),
      "## Review of stack production",
      "",
      "**Nothing risky. 1 change: 1 created; nothing restarts.**",
    ]);
  });

  it("has its sections in the order of what a reviewer must not miss", () => {
    const before = [object(postgresCluster()), object(deployment()), ...services(1, "a:1.0.0")];
    const after = [
      object(postgresCluster({ postgresVersion: 18 })),
      ...services(1, "b.example.com/a:1.0.1"),
      object({
        apiVersion: "v1",
        kind: "Service",
        metadata: named("web"),
        spec: { type: "NodePort" },
      }),
    ];
    const headings = markdownOf(review(before, after)).match(/^### .*/gm);
    expect(headings).to.deep.equal([
      "### Data at risk",
      "### Replacements, refusals and deletions",
      "### What restarts",
      "### Exposure and permissions",
      "### Images",
      "### Capacity",
      "### Every difference",
    ]);
  });

  it("fits the limit of a comment whatever changes, keeps the verdict, and says what was cut", () => {
    const report = review(
      [...services(2_000, "registry.example.com/acme/x:1.0.0"), object(postgresCluster())],
      services(2_000, "docker.io/acme/x:latest"),
    );
    const page = markdownOf(report);
    expect(page.length).to.be.at.most(commentLimit);
    expect(Buffer.byteLength(page)).to.be.at.most(commentLimit);
    expect(page).to.contain("PostgresCluster postgres/db").and.contain("… and 1900 more rows");
    expect(page).to.match(
      /_Cut to fit a comment: .*of 2001 differences\. The whole report is in review\.html\._/,
    );
  });

  it("cuts nothing that fits", () => {
    expect(markdownOf(review(services(2, "a:1.0.0"), services(2, "a:1.0.1")))).not.to.contain(
      "Cut to fit",
    );
  });

  it("shows text of the stack without interpreting it", () => {
    const host = "<img src=x>`|[a](b)@team#1";
    const ingress = object({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: named("web"),
      spec: {
        rules: [{ host, http: { paths: [{ path: "/", backend: { service: { name: "web" } } }] } }],
      },
    });
    const [row = ""] = markdownOf(review([], [ingress])).match(/^\| Ingress shop\/web.*$/m) ?? [];
    expect(row).not.to.match(/<img|[^\\]`|[^\\]\]\(|@team|#1/);
    expect(row.split(/(?<!\\)\|/)).to.have.length(4);
  });

  it("fences a difference that holds a fence", () => {
    const config = (text: string) =>
      object({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: named("web"),
        data: { readme: text },
      });
    expect(markdownOf(review([config("a\n```\nb\n")], [config("a\n```\nc\n")]))).to.contain(
      "\n````diff\n",
    );
  });

  it("folds what only follows from other changes", () => {
    const labelled = (version: string) =>
      object(
        {
          apiVersion: "v1",
          kind: "Service",
          metadata: named("web", "shop", { labels: { "helm.sh/chart": `web-${version}` } }),
        },
        { chart: "web" },
      );
    expect(markdownOf(review([labelled("1.0.0")], [labelled("1.1.0")]))).to.contain(
      "1 object with nothing but labels and checksums that follow from other changes.",
    );
  });
});
