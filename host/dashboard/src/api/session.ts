// The token of this tab. It never leaves the tab but in the `Authorization` header: not in a URL, not in another tab.
import { useSyncExternalStore } from "react";

const KEY = "cofferdam-token";
const listeners = new Set<() => void>();
let refused = false;

function changed(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function token(): string | null {
  return sessionStorage.getItem(KEY);
}

export function keepToken(text: string): void {
  sessionStorage.setItem(KEY, text);
  refused = false;
  changed();
}

export function forgetToken(): void {
  sessionStorage.removeItem(KEY);
  changed();
}

/** Notes that the host wants a token, or another one. */
export function noteRefused(): void {
  if (refused) return;
  refused = true;
  changed();
}

export function useToken(): string | null {
  return useSyncExternalStore(subscribe, token);
}

/** Whether the last answer was that nobody comes in without a token that holds. */
export function useRefused(): boolean {
  return useSyncExternalStore(subscribe, () => refused);
}
