import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

const server = "http://localhost:8000";

export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } })],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // The page's policy allows no data: address, so nothing is inlined.
    assetsInlineLimit: 0,
    // The polyfill would be an inline script, which the policy forbids.
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/api": server,
      "/ws": { target: server, ws: true },
    },
  },
});
