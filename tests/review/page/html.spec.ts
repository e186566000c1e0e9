import { expect } from "chai";
import { createHash } from "node:crypto";
import { htmlOf } from "../../../review/page/html";
import { deployment, named, object } from "../stack";
import { review } from "../risks/verdict";

const config = (text: string) =>
  object({ apiVersion: "v1", kind: "ConfigMap", metadata: named("web"), data: { page: text } });

describe("the report as a page", () => {
  it("loads nothing", () => {
    const page = htmlOf(review([object(deployment())], []));
    expect(page).not.to.match(/\b(src|href)="(?!#)|url\(|@import|https?:\/\//);
  });

  it("allows exactly its own style and script", () => {
    const page = htmlOf(review([], []));
    for (const tag of ["style", "script"]) {
      const content = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)?.[1] ?? "";
      const hash = createHash("sha256").update(content).digest("base64");
      expect(page).to.contain(`${tag}-src &#39;sha256-${hash}&#39;`);
    }
  });

  it("shows text of the stack without interpreting it", () => {
    const page = htmlOf(review([config("a")], [config("</pre><script>alert(1)</script>")]));
    expect(page).not.to.contain("<script>alert");
    expect(page).to.contain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  it("shows the lines of a longer text that differ, with those around them", () => {
    const lines = (last: string) => ["one", "two", "three", "four", last, ""].join("\n");
    const page = htmlOf(review([config(lines("five"))], [config(lines("six"))]));
    expect(page).to.contain(
      "<b>data.page</b><span>  three</span><span>  four</span><del>- five</del><ins>+ six</ins>",
    );
  });

  it("shows a new object as a whole, and says why a replacement is one", () => {
    expect(htmlOf(review([], [config("a")]))).to.contain("kind: ConfigMap");
    const selector = { selector: { matchLabels: { app: "x" } } };
    const page = htmlOf(review([object(deployment())], [object(deployment({ spec: selector }))]));
    expect(page).to.contain(
      "cannot change in place (replaced), because the selector of a workload is fixed",
    );
  });

  it("says that nothing changes", () => {
    expect(htmlOf(review([config("a")], [config("a")]))).to.contain("<p>Nothing changes.</p>");
  });
});
