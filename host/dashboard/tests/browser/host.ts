// A real host as a process, on a folder of its own, with what a test needs in it.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const ROOT = resolve(import.meta.dirname, "../../../..");

/** Where `cargo xtask test` says that things are; else where they usually are. */
export const BINARY = process.env.COFFERDAM_BIN ?? join(ROOT, "target/debug/cofferdam");
const MODULES = process.env.COFFERDAM_MODULES ?? join(ROOT, "target/modules");

/** Without what is meant for the tests: the host would take it for its settings. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("COFFERDAM_")));

/** Longer than anything takes on a busy machine. */
export const PATIENCE_MS = 30_000;

export function modulePath(name: string): string {
  return join(MODULES, `${name}.wasm`);
}

/** The same module, which says of itself that it is another version. Both texts have the same length. */
export function otherVersion(name: string, version: string, other: string): Buffer<ArrayBuffer> {
  const bytes = readFileSync(modulePath(name));
  for (let at = bytes.indexOf(version); at >= 0; at = bytes.indexOf(version, at + 1)) {
    // What it imports keeps its own: `cofferdam:module/types@0.1.0`.
    if (bytes[at - 1] !== "@".charCodeAt(0)) bytes.write(other, at);
  }
  return bytes;
}

/** Asks until there is an answer that is not nothing. */
export async function eventually<T>(what: string, ask: () => Promise<T | null | undefined | false>): Promise<T> {
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) return answer;
    await new Promise((resume) => setTimeout(resume, 20));
  }
  throw new Error(`not within ${PATIENCE_MS} ms: ${what}`);
}

interface Job {
  id: string;
  status: string;
  [field: string]: unknown;
}

export class Host {
  token: string | null = null;
  #folder = mkdtempSync(join(tmpdir(), "cofferdam-browser-"));
  #process: ChildProcess | undefined;
  #address = "127.0.0.1:0";

  /** With these settings, each `key=value`. */
  constructor(readonly settings: string[] = []) {}

  static async start(settings: string[] = []): Promise<Host> {
    const host = new Host(settings);
    await host.up();
    return host;
  }

  /** Starts it, again at the same address. */
  async up(): Promise<void> {
    const data = join(this.#folder, "data");
    const child = spawn(BINARY, ["serve", "--listen", this.#address, "--data-dir", data, ...this.settings.flatMap((setting) => ["--set", setting])], { stdio: ["ignore", "pipe", "pipe"], env: ENVIRONMENT });
    this.#process = child;
    let said = "";
    child.stderr.on("data", (text) => (said += String(text)));
    const line = await new Promise<string>((ready, fail) => {
      createInterface(child.stdout).once("line", ready);
      child.once("exit", (code) => fail(new Error(`the host ended with ${code}: ${said}`)));
    });
    this.#address = line.replace("listening on http://", "");
  }

  get url(): string {
    return `http://${this.#address}`;
  }

  /** Ends it like a power cut. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (child === undefined || child.exitCode !== null) return;
    const gone = new Promise((resume) => child.once("exit", resume));
    child.kill("SIGKILL");
    await gone;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const headers: Record<string, string> = { "content-type": "application/json" };
    if (this.token !== null) headers.authorization = `Bearer ${this.token}`;
    const response = await fetch(this.url + path, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? null : JSON.parse(text);
  }

  async add(...names: string[]): Promise<void> {
    for (const name of names) await this.addBytes(readFileSync(modulePath(name)));
  }

  async addBytes(body: Buffer<ArrayBuffer>): Promise<void> {
    const response = await fetch(`${this.url}/v1/modules`, { method: "POST", headers: { "content-type": "application/wasm" }, body });
    if (!response.ok) throw new Error(await response.text());
  }

  async startJob(module_id: string, inputs: unknown = {}): Promise<string> {
    return ((await this.ask("POST", "/v1/jobs", { module_id, inputs })) as Job).id;
  }

  job(id: string): Promise<Job> {
    return this.ask("GET", `/v1/jobs/${id}`) as Promise<Job>;
  }

  async reaches(id: string, status: string): Promise<Job> {
    return eventually(`job ${id} is ${status}`, async () => {
      const job = await this.job(id);
      return job.status === status && job;
    });
  }
}
