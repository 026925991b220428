// Type-aware rules for .ts and .vue, accessibility of templates, and the walls
// between the packages. Import cycles, and walls seen through import(), are
// dependency-cruiser's business. Layout is Prettier's.
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import prettier from "eslint-config-prettier";
import vue from "eslint-plugin-vue";
import a11y from "eslint-plugin-vuejs-accessibility";
import globals from "globals";
import tseslint from "typescript-eslint";

const tests = ["**/*.test.ts", "**/*.contract.ts", "**/src/testing/*.ts"];
const bunFiles = [
  "packages/server/src/start-server.ts",
  "packages/server/src/auth/passwords.ts",
  "packages/server/src/socket/{socket,sockets}.ts",
  "packages/server/src/store/sqlite/{open,dialect,connection,folder-lock}.ts",
];
const serverFloors = {
  // What stands below knows nothing of what stands above it.
  files: ["packages/server/src/{store,bus,rooms}/**/*.ts"],
  upper: {
    regex: "/(socket|http|commands)/",
    message: "store, bus and rooms know nothing of sockets, HTTP or commands.",
  },
};

/** The client's own doors to the machine: all else in it asks its Env. */
const clientMachine = ["packages/client/src/{env,indexed-db,jottings}.ts"];
const fromEnv = "The client gets this from its Env (env.ts).";
const machineGlobals = [
  ..."Date performance crypto fetch WebSocket BroadcastChannel".split(" "),
  ..."setTimeout setInterval setImmediate queueMicrotask".split(" "),
  ..."window document navigator location indexedDB localStorage".split(" "),
];

const noBun = {
  group: ["bun", "bun:*"],
  message: "Bun-only APIs stay in the Bun files; import one of those.",
};
const noRuntime = {
  group: ["bun", "bun:*", "node:*"],
  message: "This package also runs in a browser.",
};
const noServer = {
  group: ["@parley/server", "**/server/src/**"],
  message: "The page reaches the server only over the wire: @parley/client.",
};
const noClient = {
  group: ["@parley/client"],
  message: "Only the tests of the server are clients.",
};
const noPage = {
  group: ["@parley/web", "vue"],
  message: "Nothing but the page itself draws the page.",
};
const noZod = {
  group: ["zod", "zod/*"],
  message: "The browser takes types from @parley/protocol, not the validator.",
};

/**
 * One import wall. ESLint replaces a rule's options when a later block matches
 * the same file, so each file may meet only one wall: list everything in it.
 */
function wall(files, patterns, ignores = []) {
  return {
    files,
    ignores,
    rules: { "no-restricted-imports": ["error", { patterns }] },
  };
}

export default defineConfig(
  globalIgnores(["**/dist/", "data/", "test-results/"]),

  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  vue.configs["flat/recommended"],
  a11y.configs["flat/recommended"],

  {
    languageOptions: {
      parserOptions: {
        // Named one by one: a package's tests have a project of their own, with
        // Bun's types, which its source must not see.
        project: [
          "packages/*/tsconfig.json",
          "packages/*/tsconfig.test.json",
          "packages/server/tsconfig.client.json",
          "{e2e,bench,proof,scripts}/tsconfig.json",
        ],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: [".vue"],
      },
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
  },

  {
    files: ["**/*.{ts,vue}"],
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-confusing-void-expression": [
        "error",
        { ignoreArrowShorthand: true },
      ],
      // Bun's types say that what follows expect(…).rejects is no promise; it is.
      "@typescript-eslint/await-thenable": "off",
      // It rejects Promise.withResolvers<void>().
      "@typescript-eslint/no-invalid-void-type": "off",
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true },
      ],
      // A `default:` must not hide a missing case of a union.
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: false },
      ],
      "max-lines": [
        "warn",
        { max: 300, skipBlankLines: true, skipComments: true },
      ],
    },
  },

  // The vue preset parses .vue files with vue-eslint-parser; this hands their
  // <script> to the TypeScript parser.
  {
    files: ["**/*.vue"],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { parser: tseslint.parser },
    },
    rules: {
      "vue/block-lang": ["error", { script: { lang: "ts" } }],
      "vue/component-api-style": ["error", ["script-setup"]],
      "vue/multi-word-component-names": "off",
      "vue/no-v-html": "error",
      // A label around its control, or a label with `for`: either will do.
      "vuejs-accessibility/label-has-for": [
        "error",
        { required: { some: ["nesting", "id"] } },
      ],
    },
  },

  wall(
    ["packages/protocol/**/*.ts"],
    [noRuntime, noServer, noClient, noPage],
    tests,
  ),
  wall(
    ["packages/client/**/*.ts"],
    [noRuntime, noServer, noPage, noZod],
    tests,
  ),
  wall(["packages/web/src/**/*.{ts,vue}"], [noRuntime, noServer, noZod], tests),
  wall(
    ["packages/server/**/*.ts"],
    [noBun, noClient, noPage],
    [...tests, ...bunFiles, ...serverFloors.files],
  ),
  wall(
    serverFloors.files,
    [noBun, noClient, noPage, serverFloors.upper],
    [...tests, ...bunFiles],
  ),
  wall(bunFiles, [noClient, noPage]),
  {
    files: ["packages/**/*.{ts,vue}"],
    ignores: [...tests, ...bunFiles],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "Bun", message: noBun.message },
      ],
    },
  },

  // The client's logic gets time, chance, network and storage from its Env, so
  // that a simulation can drive the very code that runs in a page.
  {
    files: ["packages/client/src/*.ts"],
    ignores: [...tests, ...clientMachine],
    rules: {
      "no-restricted-globals": [
        "error",
        { name: "Bun", message: noBun.message },
        ...machineGlobals.map((name) => ({ name, message: fromEnv })),
      ],
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: fromEnv },
      ],
    },
  },

  // A test may say that something is there; if it is not, the test fails.
  {
    files: [...tests, "e2e/**/*.ts"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      // Texts made of code points are what some of them are about.
      "@typescript-eslint/no-misused-spread": "off",
    },
  },

  // Plain JavaScript (this file, scripts/*.mjs) belongs to no tsconfig.
  {
    files: ["**/*.{js,mjs}"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { globals: globals.node },
  },

  // Last: switches off every rule that argues with Prettier.
  prettier,
);
