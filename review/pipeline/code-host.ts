import { readFileSync } from "node:fs";
import { fields, isMap, maps, number, text, type Fields } from "../../policy/core/fields";
import { Failure } from "../../sandbox/terminal/failure";

/** A comment or an issue that a pipeline wrote. */
export interface Note {
  /** What the host calls it. */
  readonly id: number;
  /** Its text. */
  readonly body: string;
}

/** What a pipeline asks of the host of the code. */
export interface CodeHost {
  /** The comments of the pull request that the pipeline runs for. */
  comments(): Promise<readonly Note[]>;
  /** Writes a comment on the pull request, or writes one anew. */
  comment(body: string, existing?: Note): Promise<void>;
  /** The open issues with a label. */
  issues(label: string): Promise<readonly Note[]>;
  /** Opens an issue, or writes one anew. */
  issue(issue: { title: string; body: string; label: string }, existing?: Note): Promise<void>;
  /** Closes an issue, with a last word. */
  close(issue: Note, why: string): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The host that a pipeline runs on, from the variables it sets for every job.
 * @throws Failure outside a pipeline, or without a token.
 */
export function codeHost(env: Environment = process.env): CodeHost {
  if (env["GITHUB_ACTIONS"] === "true") {
    return gitHub(env);
  }
  if (env["GITLAB_CI"] === "true") {
    return gitLab(env);
  }
  throw new Failure(
    "This is neither a job of GitHub Actions nor one of GitLab CI.",
    "Run it in a pipeline; the page itself is written by npm run review.",
  );
}

function gitHub(env: Environment): CodeHost {
  const repository = `${need(env, "GITHUB_API_URL")}/repos/${need(env, "GITHUB_REPOSITORY")}`;
  const headers = {
    accept: "application/vnd.github+json",
    authorization: `Bearer ${need(env, "GITHUB_TOKEN")}`,
    "x-github-api-version": "2022-11-28",
  };
  const ask = requester(repository, headers);
  const pull = (): string => {
    const event: unknown = JSON.parse(readFileSync(need(env, "GITHUB_EVENT_PATH"), "utf8"));
    const found = number(fields(fields(event)["pull_request"])["number"]);
    if (found === undefined) {
      throw new Failure("The job does not run for a pull request.", "Run it on: pull_request.");
    }
    return String(found);
  };
  const note = (item: Fields): Note => ({
    id: number(item["id"]) ?? 0,
    body: text(item["body"]) ?? "",
  });
  return {
    comments: async () => (await pages(ask, `/issues/${pull()}/comments?per_page=100`)).map(note),
    comment: async (body, existing) => {
      await (existing === undefined
        ? ask("POST", `/issues/${pull()}/comments`, { body })
        : ask("PATCH", `/issues/comments/${existing.id}`, { body }));
    },
    issues: async (label) => {
      const query = `/issues?state=open&labels=${encodeURIComponent(label)}&per_page=100`;
      const found = await pages(ask, query);
      return found.map((item) => ({ ...note(item), id: number(item["number"]) ?? 0 }));
    },
    issue: async ({ title, body, label }, existing) => {
      await (existing === undefined
        ? ask("POST", "/issues", { title, body, labels: [label] })
        : ask("PATCH", `/issues/${existing.id}`, { title, body }));
    },
    close: async ({ id }, why) => {
      await ask("POST", `/issues/${id}/comments`, { body: why });
      await ask("PATCH", `/issues/${id}`, { state: "closed" });
    },
  };
}

function gitLab(env: Environment): CodeHost {
  const project = `${need(env, "CI_API_V4_URL")}/projects/${need(env, "CI_PROJECT_ID")}`;
  // The job's own token may not write notes; a project access token with the scope api may.
  const ask = requester(project, { "private-token": need(env, "GITLAB_TOKEN") });
  const notes = (): string => `/merge_requests/${need(env, "CI_MERGE_REQUEST_IID")}/notes`;
  return {
    comments: async () =>
      (await pages(ask, `${notes()}?per_page=100`)).map((item) => ({
        id: number(item["id"]) ?? 0,
        body: text(item["body"]) ?? "",
      })),
    comment: async (body, existing) => {
      await (existing === undefined
        ? ask("POST", notes(), { body })
        : ask("PUT", `${notes()}/${existing.id}`, { body }));
    },
    issues: async (label) => {
      const query = `/issues?state=opened&labels=${encodeURIComponent(label)}&per_page=100`;
      return (await pages(ask, query)).map((item) => ({
        id: number(item["iid"]) ?? 0,
        body: text(item["description"]) ?? "",
      }));
    },
    issue: async ({ title, body, label }, existing) => {
      await (existing === undefined
        ? ask("POST", "/issues", { title, description: body, labels: label })
        : ask("PUT", `/issues/${existing.id}`, { title, description: body }));
    },
    close: async ({ id }, why) => {
      await ask("POST", `/issues/${id}/notes`, { body: why });
      await ask("PUT", `/issues/${id}`, { state_event: "close" });
    },
  };
}

type Ask = (method: string, path: string, body?: Fields) => Promise<unknown>;

function requester(root: string, headers: Readonly<Record<string, string>>): Ask {
  return async (method, path, body) => {
    const response = await fetch(`${root}${path}`, {
      method,
      headers: { ...headers, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) {
      const message = isMap(parsed(answer)) ? text(fields(parsed(answer))["message"]) : undefined;
      throw new Failure(
        `${method} ${path} was answered with ${response.status}: ${message ?? response.statusText}.`,
        "Check that the job's token may write comments and issues.",
      );
    }
    return parsed(answer);
  };
}

/** Every page of a list; the next one is asked for until one is not full. */
async function pages(ask: Ask, path: string): Promise<readonly Fields[]> {
  const found: Fields[] = [];
  for (let page = 1; ; page += 1) {
    const items = maps(await ask("GET", `${path}&page=${page}`));
    found.push(...items);
    if (items.length < 100) {
      return found;
    }
  }
}

function parsed(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    return undefined;
  }
}

function need(env: Environment, name: string): string {
  const value = env[name];
  if (value === undefined || value === "") {
    throw new Failure(`The job has no ${name}.`, "Set it in the pipeline (docs/delivery.md).");
  }
  return value;
}
