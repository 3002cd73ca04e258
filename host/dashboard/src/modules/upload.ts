// Sends components. Before anything is added, the host says what it thinks of them.
import { ProblemError, api, answer, type Schemas } from "../api/client";

export type Added = Schemas["AddedModule"];

export interface Choice {
  file: File;
  /** Made by `minisign -S`, dropped beside the component. */
  signature: string | null;
}

/** Pairs each component with the signature of its name. */
export async function choose(files: File[]): Promise<Choice[]> {
  const signatures = new Map<string, string>();
  for (const file of files) if (file.name.endsWith(".minisig")) signatures.set(file.name, await file.text());
  const components = files.filter((file) => !file.name.endsWith(".minisig"));
  return components.map((file) => ({ file, signature: signatures.get(`${file.name}.minisig`) ?? null }));
}

/** As the header takes it: base64 of the file's bytes. */
function packed(signature: string): string {
  return btoa(Array.from(new TextEncoder().encode(signature), (byte) => String.fromCharCode(byte)).join(""));
}

/** With `dry_run` the host adds nothing. */
export function send({ file, signature }: Choice, how: { dry_run: boolean; replace: boolean }): Promise<Added> {
  const params = { query: how, header: signature === null ? {} : { "Cofferdam-Signature": packed(signature) } };
  return answer(
    api.POST("/v1/modules", {
      params, body: "", bodySerializer: () => file,
      headers: { "content-type": "application/wasm" },
    }),
  ).catch((error: unknown) => {
    if (error instanceof ProblemError) throw error;
    throw new Error("The file could not be read or sent.");
  });
}
