// How the dashboard is built: one page with hashed assets, each also packed, which the host embeds.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

/** Files below this are not worth the header. */
const PACKED_FROM_BYTES = 1024;

/** The host that the page asks during development. */
const HOST = process.env.COFFERDAM_SERVER ?? "http://127.0.0.1:7171";

/** Packs each file once, so that the host never has to. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle({ dir }) {
      for (const entry of readdirSync(dir ?? ".", { recursive: true, withFileTypes: true })) {
        const file = join(entry.parentPath, entry.name);
        if (!entry.isFile() || entry.name.endsWith(".gz") || entry.name === "index.html") continue;
        const content = readFileSync(file);
        if (content.length >= PACKED_FROM_BYTES) writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), packed()],
  // The forms' library names another validator in a part for its own tests.
  resolve: { alias: { "@rjsf/validator-ajv8": fileURLToPath(new URL("src/modules/start/validator.ts", import.meta.url)) } },
  build: {
    outDir: "dist/www",
    emptyOutDir: true,
    // The page may not load what stands in it as data.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
  // `npm run dev` talks to a host that runs beside it, as a page of that host would.
  server: {
    proxy: {
      "/v1": { target: HOST, ws: true, changeOrigin: true, headers: { origin: HOST } },
      "/openapi.json": { target: HOST, changeOrigin: true },
    },
  },
});
