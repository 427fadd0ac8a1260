import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["build/", "data/", "node_modules/", ".cache/"] },
  ...tseslint.configs.recommended,
  {
    rules: {
      "no-console": ["error", { allow: ["error"] }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  {
    // The launcher, the command line and the benchmarks speak to a terminal: printing is their job.
    files: ["app/server/**", "tests/bench/**", "tests/support/**"],
    rules: { "no-console": "off" },
  },
  {
    // Runs in the visitor's browser as it stands, unbundled.
    files: ["public/**/*.js"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
);
