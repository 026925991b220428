const rule = (name, from, to) => ({ name, severity: "error", from, to });

export default {
  forbidden: [
    rule(
      "no-cycles",
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    ),
    rule(
      "browser-code-stays-away-from-the-server",
      { path: "^packages/(protocol|client|web)/" },
      { path: "^packages/server/" },
    ),
    rule(
      "store-bus-and-rooms-know-nothing-above-them",
      { path: "^packages/server/src/(store|bus|rooms)/" },
      { path: "^packages/server/src/(socket|http|commands)/" },
    ),
    rule(
      "commands-know-neither-sockets-nor-http",
      { path: "^packages/server/src/commands/" },
      { path: "^packages/server/src/(socket|http)/" },
    ),
    rule(
      "only-the-chat-folder-touches-the-client",
      {
        path: "^packages/web/src/",
        pathNot: "^packages/web/src/chat/",
      },
      {
        path: "^packages/client/",
        dependencyTypesNot: ["type-only"],
      },
    ),
    rule(
      "declared-dependencies-only",
      { path: "^packages/" },
      { dependencyTypes: ["npm-no-pkg", "npm-unknown", "unknown"] },
    ),
    rule(
      "no-dev-dependency-in-the-product",
      {
        path: "^packages/[^/]+/src/",
        pathNot: "([.]test[.]ts|[.]contract[.]ts|/testing/[^/]+)$",
      },
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["type-only"] },
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^packages/[^/]+/dist/" },
    tsConfig: { fileName: "tsconfig.base.json" },
    tsPreCompilationDeps: true,
    // Without these two, "exports" of workspaces are not resolved.
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "default"],
    },
    builtInModules: { add: ["bun", "bun:sqlite", "bun:test"] },
  },
};
