/** What a download brought, or why it brought nothing, in a few words. */
export type Download = { readonly content: Buffer } | { readonly failure: string };

/** How long the other side may take to answer, in milliseconds; the content itself may take longer. */
const answerTime = 5_000;

/** Downloads a file, in one attempt. */
export async function download(url: string): Promise<Download> {
  const response = await answerOf(url, "GET");
  if ("failure" in response) {
    return response;
  }
  if (!response.ok) {
    return { failure: `${new URL(url).host} answered ${response.status}` };
  }
  try {
    return { content: Buffer.from(await response.arrayBuffer()) };
  } catch (error) {
    return { failure: `${new URL(url).host} broke off (${(error as Error).message})` };
  }
}

/** Whether something can be fetched from a URL; the reason when it cannot. */
export async function probe(
  url: string,
  accept: (status: number) => boolean = (status) => status < 400,
  within = answerTime,
): Promise<{ readonly failure?: string }> {
  const response = await answerOf(url, "HEAD", within);
  if ("failure" in response) {
    return response;
  }
  return accept(response.status)
    ? {}
    : { failure: `${new URL(url).host} answered ${response.status}` };
}

async function answerOf(
  url: string,
  method: "GET" | "HEAD",
  within = answerTime,
): Promise<Response | { readonly failure: string }> {
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), within);
  try {
    return await fetch(url, { method, signal: control.signal });
  } catch (error) {
    const host = new URL(url).host;
    if (control.signal.aborted) {
      return { failure: `${host} did not answer within ${within / 1000} s` };
    }
    const cause = (error as Error).cause;
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "no connection";
    return { failure: `${host} cannot be reached (${reason})` };
  } finally {
    clearTimeout(timer);
  }
}
