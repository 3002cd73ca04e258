// The host's events, once for all tabs: a browser opens six connections to a host over HTTP/1.1, and a stream holds one
// for good. One tab listens and tells the others, where the browser lets them agree on one.
import { ticket, type Schemas } from "./client";
import { token } from "./session";

export type HostEvent = Schemas["HostEvent"];

/** Whether the page sees what happens: `lost` until the next connection. */
export type Connection = "connecting" | "live" | "lost";

interface Listener {
  /** With the place in the stream after which the next ones come. */
  event(event: HostEvent, place: string): void;
  connection(state: Connection): void;
}

type Message = { event: HostEvent; place: string } | { connection: Connection } | { asked: true };

/** From the first retry to the last, doubling. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

/** Tabs with the same token may share what they see; others must not. */
async function channelName(): Promise<string> {
  const bytes = new TextEncoder().encode(token() ?? "");
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `cofferdam-events-${Array.from(digest.slice(0, 12), (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

/** Listens until `ending` is aborted. */
export async function watch(listener: Listener, ending: AbortSignal): Promise<void> {
  if (!("locks" in navigator) || !("subtle" in crypto)) return listen(listener, null, ending);
  const name = await channelName();
  if (ending.aborted) return;
  const channel = new BroadcastChannel(name);
  let state: Connection = "connecting";
  let leads = false;
  let last: string | null = null;
  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if ("event" in data) listener.event(data.event, (last = data.place));
    else if ("connection" in data) listener.connection((state = data.connection));
    else if (leads) channel.postMessage({ connection: state } satisfies Message);
  };
  ending.addEventListener("abort", () => channel.close());
  channel.postMessage({ asked: true } satisfies Message);
  const loud: Listener = {
    event(event, place) {
      listener.event(event, place);
      if (!ending.aborted) channel.postMessage({ event, place } satisfies Message);
    },
    connection(next) {
      state = next;
      listener.connection(next);
      if (!ending.aborted) channel.postMessage({ connection: next } satisfies Message);
    },
  };
  const lead = async (): Promise<void> => {
    leads = true;
    // Another tab listened until now; without a place, what happened since then is not known.
    if (state !== "connecting" && last === null) listener.event({ type: "reset" }, "");
    await listen(loud, last, ending);
  };
  // Waits until the tab that listens is gone.
  await navigator.locks.request(name, { signal: ending }, lead).catch(() => undefined);
}

/** Wakes a reader that waits before it tries again. */
const impatient = new EventTarget();

export function tryNow(): void {
  impatient.dispatchEvent(new Event("now"));
}

async function listen(listener: Listener, begin: string | null, ending: AbortSignal): Promise<void> {
  let after = begin;
  let pause = FIRST_PAUSE_MS;
  while (!ending.aborted) {
    const seen = await connect(after, listener, ending);
    if (ending.aborted) return;
    if (seen.opened) pause = FIRST_PAUSE_MS;
    after = seen.last;
    listener.connection("lost");
    await wait(pause, ending);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

function wait(ms: number, ending: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    function done(): void {
      clearTimeout(timer);
      impatient.removeEventListener("now", done);
      resolve();
    }
    impatient.addEventListener("now", done);
    ending.addEventListener("abort", done, { once: true });
  });
}

interface Seen {
  opened: boolean;
  last: string | null;
}

/** One connection, to its end. */
async function connect(after: string | null, listener: Listener, ending: AbortSignal): Promise<Seen> {
  const seen: Seen = { opened: false, last: after };
  const query = new URLSearchParams();
  if (after !== null) query.set("after", after);
  try {
    const pass = await ticket();
    if (pass !== null) query.set("ticket", pass);
  } catch {
    return seen;
  }
  if (ending.aborted) return seen;
  return new Promise((resolve) => {
    const source = new EventSource(`/v1/events?${query}`);
    const end = (): void => {
      source.close();
      resolve(seen);
    };
    source.onopen = () => {
      seen.opened = true;
      listener.connection("live");
    };
    source.onmessage = ({ data, lastEventId }) => {
      seen.last = lastEventId;
      listener.event(JSON.parse(String(data)) as HostEvent, lastEventId);
    };
    // The browser would try again by itself, with the same ticket.
    source.onerror = end;
    ending.addEventListener("abort", end, { once: true });
  });
}
