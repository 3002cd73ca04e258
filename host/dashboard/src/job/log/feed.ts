// Follows the log of one job over a WebSocket, from where the page wants to begin to the job's end; a connection that is
// lost goes on after the last line that came.
import { ticket, type JobStatus, type Schemas } from "../../api/client";
import { Lines, type Entry, type LineFilter } from "./lines";

export type FeedState = "connecting" | "following" | "ended" | "lost";
type Message = Schemas["LogMessage"];

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export class LogFeed {
  readonly lines = new Lines();
  state: FeedState = "connecting";
  /** Grows whenever there is something else to show. */
  version = 0;
  #after: number;
  #listeners = new Set<() => void>();
  #socket: WebSocket | undefined;
  /** Another one with each opening and closing: what an earlier one still waits for comes to nothing. */
  #turn = 0;
  #pause = FIRST_PAUSE_MS;
  #frame = 0;

  /** Begins after the line with the number `after`. */
  constructor(readonly job: string, after: number) {
    this.#after = after;
  }

  open(): void {
    this.#turn += 1;
    void this.#connect(this.#turn);
  }

  close(): void {
    this.#turn += 1;
    this.#socket?.close();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  filter(filter: LineFilter): void {
    this.lines.filter(filter);
    this.#changed();
  }

  /** Told once a frame, however much comes. */
  #changed(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.version += 1;
      for (const listener of this.#listeners) listener();
    });
  }

  #become(state: FeedState): void {
    this.state = state;
    this.#changed();
  }

  async #connect(turn: number): Promise<void> {
    const query = new URLSearchParams({ after: String(this.#after), batch: "true" });
    try {
      const pass = await ticket();
      if (pass !== null) query.set("ticket", pass);
    } catch {
      return this.#again(turn);
    }
    if (turn !== this.#turn) return;
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/v1/jobs/${this.job}/logs/stream?${query}`);
    this.#socket = socket;
    let ended: JobStatus | null = null;
    socket.onopen = () => {
      this.#pause = FIRST_PAUSE_MS;
      this.#become("following");
    };
    socket.onmessage = ({ data }) => {
      const told = JSON.parse(String(data)) as Message | Message[];
      ended = this.#take(Array.isArray(told) ? told : [told]) ?? ended;
    };
    socket.onclose = () => {
      if (turn !== this.#turn) return;
      if (ended === null) this.#again(turn);
      else this.#become("ended");
    };
  }

  #again(turn: number): void {
    if (turn !== this.#turn) return;
    this.#become("lost");
    setTimeout(() => turn === this.#turn && void this.#connect(turn), this.#pause);
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE_MS);
  }

  #take(messages: Message[]): JobStatus | null {
    const entries: Entry[] = [];
    let ended: JobStatus | null = null;
    for (const message of messages) {
      if (message.type === "end") {
        ended = message.status;
      } else if (message.type === "gap") {
        entries.push({ gap: message });
        this.#after = message.to;
      } else {
        entries.push(message);
        this.#after = message.seq;
      }
    }
    this.lines.append(entries);
    this.#changed();
    return ended;
  }
}
