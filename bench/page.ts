import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { findOnPath } from "../sandbox/toolchain/path-tool";
import { median } from "./table";

/** How long a browser takes to show a page, in seconds from the start of its navigation. */
export interface PageOpening {
  /** Until the first text is there. */
  readonly firstPaint: number;
  /** Until all of it is laid out and its script has run. */
  readonly loaded: number;
}

/** Tells both moments on the browser's log; the page's own policy would refuse it, so a copy without one gets it. */
const probe = `<script>
const tell = (what, time) => console.log("slipway " + what + " " + time);
new PerformanceObserver((list) => list.getEntries()
  .filter(({ name }) => name === "first-contentful-paint")
  .forEach(({ startTime }) => tell("paint", startTime))).observe({ type: "paint", buffered: true });
addEventListener("load", () => tell("load", performance.now()));
</script>`;

/** Opens a page in a headless Chromium, three times; undefined where there is none. */
export function openPage(file: string): PageOpening | undefined {
  const chromium = ["chromium", "chromium-browser", "google-chrome"]
    .map((name) => findOnPath(name))
    .find((path) => path !== undefined);
  if (chromium === undefined) {
    return undefined;
  }
  const folder = mkdtempSync(join(tmpdir(), "slipway-page-"));
  try {
    const copy = join(folder, "page.html");
    const page = readFileSync(file, "utf8");
    writeFileSync(copy, page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, probe));
    const runs = [1, 2, 3].map(() => openOnce(chromium, folder, copy));
    return {
      firstPaint: median(runs.map(({ firstPaint }) => firstPaint)),
      loaded: median(runs.map(({ loaded }) => loaded)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function openOnce(chromium: string, folder: string, page: string): PageOpening {
  const { stderr } = spawnSync(
    chromium,
    [
      ...["--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"],
      ...["--enable-logging=stderr", `--user-data-dir=${join(folder, "profile")}`],
      // A picture is not taken before the page is loaded and painted.
      `--screenshot=${join(folder, "page.png")}`,
      pathToFileURL(page).href,
    ],
    { encoding: "utf8", timeout: 60_000 },
  );
  const told = (what: string): number => {
    const found = new RegExp(`slipway ${what} ([0-9.]+)`).exec(stderr)?.[1];
    if (found === undefined) {
      throw new Error(`${chromium} did not show the page: ${stderr.slice(-500)}`);
    }
    return Number(found) / 1e3;
  };
  return { firstPaint: told("paint"), loaded: told("load") };
}
