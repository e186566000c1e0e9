import { expect } from "chai";
import { commentLimit } from "../../../review/page/markdown";
import { commentOf } from "../../../review/pipeline/comment";
import { imagesOf } from "../../../review/pipeline/images";
import { deliveredStacks } from "../../../review/pipeline/stacks";
import { deployment, object, stack } from "../stack";

const page = (name: string, size = 10) => ({
  stack: name,
  markdown: `<!-- slipway-review ${name} -->\n## Review of stack ${name}\n\n**Needs a human: ${name}.**\n${"x".repeat(size)}`,
});

describe("the comment of a pipeline", () => {
  it("starts with the verdict of every stack, then shows each page once", () => {
    const comment = commentOf([page("production"), page("staging")]);
    expect(comment).to.match(
      /^<!-- slipway-review -->\n## Review\n\n- production: Needs a human: production\.\n- staging: Needs a human: staging\.\n/,
    );
    expect(comment.match(/<details>/g)).to.have.length(2);
    expect(comment).not.to.contain("Review of stack");
  });

  it("fits the host's limit, and names what it leaves out", () => {
    const comment = commentOf([page("production", 60_000), page("staging", 60_000)]);
    expect(comment.length).to.be.at.most(commentLimit);
    expect(comment).to.contain("No room was left for all of production, staging");
    expect(comment).to.contain("- staging: Needs a human");
    expect(comment.match(/<details>/g)).to.have.length(1);
  });

  it("leaves out the differences of the longest page first", () => {
    const long = page("production", 100);
    const differences = `\n### Every difference\n\n${"y".repeat(60_000)}`;
    const comment = commentOf([
      { ...long, markdown: long.markdown + differences },
      page("staging", 10_000),
    ]);
    expect(comment.match(/<details>/g)).to.have.length(2);
    expect(comment.match(/<\/details>/g)).to.have.length(2);
    expect(comment).to.contain("x".repeat(10_000)).and.not.to.contain("Every difference");
    expect(comment).to.contain("No room was left for all of production:");
  });
});

describe("the images of a stack", () => {
  it("are named once, without those that only have render's placeholder", () => {
    const image = (name: string, reference: string) =>
      object(deployment({ name, container: { image: reference } }));
    const rendered = stack(
      image("a", "registry.example.com/b:1"),
      image("b", "registry.example.com/a:1"),
      image("c", "registry.example.com/a:1"),
      image("d", "registry.example.com/acme/d:render-placeholder"),
    );
    expect(imagesOf(rendered)).to.deep.equal([
      "registry.example.com/a:1",
      "registry.example.com/b:1",
    ]);
  });
});

describe("the stacks that are delivered", () => {
  it("are those of real clusters", () => {
    expect(deliveredStacks()).to.include.members(["production", "staging"]);
    expect(deliveredStacks()).not.to.include("sandbox");
  });
});
