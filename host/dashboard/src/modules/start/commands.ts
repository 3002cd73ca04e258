// The same request for a terminal, safe to paste into a POSIX shell.

/** Longer texts are no help in a line to copy. */
const MOST_CHARS = 2_000;

export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

export interface StartRequest {
  module_id: string;
  inputs?: Record<string, unknown>;
  settings?: Record<string, unknown>;
  max_duration?: string;
  retry?: { max_attempts: number; backoff: string };
  run_after?: string;
  priority?: number;
  labels?: Record<string, string>;
}

export function curlLine(request: StartRequest, origin: string, withToken: boolean): string {
  const body = JSON.stringify(request);
  const header = withToken ? ` -H "authorization: Bearer $COFFERDAM_TOKEN"` : "";
  const data = body.length > MOST_CHARS ? "@job.json" : quoted(body);
  return `curl ${origin}/v1/jobs${header} -H 'content-type: application/json' -d ${data}`;
}

function isGiven(value: Record<string, unknown> | undefined): value is Record<string, unknown> {
  return value !== undefined && Object.keys(value).length > 0;
}

export function cofferdamLine(request: StartRequest, origin: string): string {
  const { module_id, inputs, settings, max_duration, retry, run_after, priority, labels } = request;
  const json = (name: string, value: Record<string, unknown> | undefined): string[] => {
    if (!isGiven(value)) return [];
    const text = JSON.stringify(value);
    return [`--${name}`, text.length > MOST_CHARS ? `@${name}.json` : quoted(text)];
  };
  const server = origin === "http://127.0.0.1:7171" ? [] : ["--server", quoted(origin)];
  const parts = [
    "cofferdam job start", quoted(module_id), ...json("inputs", inputs), ...json("settings", settings),
    ...(max_duration === undefined ? [] : ["--max-duration", quoted(max_duration)]),
    ...(retry === undefined ? [] : ["--max-attempts", String(retry.max_attempts), "--backoff", quoted(retry.backoff)]),
    ...(run_after === undefined ? [] : ["--run-after", quoted(run_after)]),
    ...(priority === undefined ? [] : [`--priority=${priority}`]),
    ...Object.entries(labels ?? {}).flatMap(([name, value]) => ["--label", quoted(`${name}=${value}`)]),
    ...server, "--follow",
  ];
  return parts.join(" ");
}
