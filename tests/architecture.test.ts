import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import ts from "typescript";
import { transformWithEsbuild } from "vite";
import { describe, expect, it } from "vitest";

// The import rules, the places of things and the weight of pages: what a reader of one file may take for granted of all.

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const isTest = (file: string) => /\.(?:test|spec)\.tsx?$/.test(file);

const files = readdirSync(path.join(root, "app"), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join("/"))
  .filter((file) => !file.split("/").some((part) => part.startsWith(".")))
  .sort();
const code = files.filter((file) => /\.(?:tsx?|mjs|js)$/.test(file) && !file.endsWith(".d.ts"));

interface Import {
  from: string;
  /** A file of ours (`app/…`), or the name of a package. */
  to: string;
  ours: boolean;
}

/** Everything a file imports: statically, dynamically, for its types alone, or to export it again. */
function importsOf(file: string): Import[] {
  const source = ts.createSourceFile(
    file,
    read(file),
    ts.ScriptTarget.Latest,
    false,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
      node.moduleSpecifier &&
      ts.isStringLiteral(node.moduleSpecifier)
    ) {
      found.push(node.moduleSpecifier.text);
    } else if (
      ts.isCallExpression(node) &&
      node.expression.kind === ts.SyntaxKind.ImportKeyword &&
      node.arguments[0] &&
      ts.isStringLiteralLike(node.arguments[0])
    ) {
      found.push(node.arguments[0].text);
    } else if (
      ts.isImportTypeNode(node) &&
      ts.isLiteralTypeNode(node.argument) &&
      ts.isStringLiteral(node.argument.literal)
    ) {
      found.push(node.argument.literal.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found.map((specifier) => {
    if (specifier.startsWith("."))
      return { from: file, to: path.posix.join(path.posix.dirname(file), specifier), ours: true };
    if (specifier.startsWith("#")) return { from: file, to: specifier.slice(1), ours: true };
    return { from: file, to: specifier, ours: false };
  });
}

const imports = code.flatMap(importsOf);
const ourImports = imports.filter(({ ours }) => ours);

/** Where a file belongs: `routes`, `features/safety`, `formats` …; what stands in app itself is the document. */
function areaOf(file: string): string {
  const [top, second, third] = file.split("/") as [string, string, string?];
  if (top !== "app") return top;
  if (third === undefined) return "document";
  return second === "features" ? `features/${third}` : second;
}

const said = (broken: Import[]) => broken.map(({ from, to }) => `${from} imports ${to}`);
const of = (area: string) => (one: Import) =>
  areaOf(one.from) === area || areaOf(one.from).startsWith(`${area}/`);

describe("who may import whom", () => {
  it("knows every file", () => {
    expect(code.length).toBeGreaterThan(100);
    expect(
      ourImports
        .filter(({ to }) => !existsSync(path.join(root, to.replace(/\?.*/, ""))) && !to.startsWith("build/"))
        .map(({ from, to }) => `${from}: ${to}`),
    ).toEqual([]);
  });

  it("1: routes, jobs and server put things together, and nothing imports them", () => {
    const composing = ["routes", "jobs", "server"];
    // The document is put together with the server: its headers and its answers.
    const mayImportServer = ["document", ...composing];
    expect(
      said(
        ourImports.filter(
          ({ from, to }) => composing.includes(areaOf(to)) && !mayImportServer.includes(areaOf(from)),
        ),
      ),
    ).toEqual([]);
    expect(said(ourImports.filter(({ from, to }) => areaOf(to) === "routes" && !isTest(from)))).toEqual([]);
  });

  it("2, 3: a feature knows no other feature; open data knows the datasets of all", () => {
    const shared = ["names", "privacy", "formats", "ui", "i18n", "platform"];
    expect(
      said(
        ourImports.filter(of("features")).filter(({ from, to }) => {
          const area = areaOf(to);
          if (area === areaOf(from) || shared.includes(area)) return false;
          if (areaOf(from) === "features/open-data" && /^app\/features\/[^/]+\/[^/]+\.dataset\.ts$/.test(to))
            return false;
          return !isTest(from) || area !== "tests";
        }),
      ),
    ).toEqual([]);
  });

  describe.each(["formats", "names", "privacy"])("4: %s is pure", (area) => {
    it("and knows nothing of ours, nor of the network, the disk, the clock or React", () => {
      const mine = imports.filter(of(area)).filter(({ from }) => !isTest(from));
      expect(said(mine.filter(({ to, ours }) => ours && areaOf(to) !== area))).toEqual([]);
      // Packages that only compute.
      const pure = [
        "zod",
        "fflate",
        "saxes",
        "read-excel-file",
        "opencc-js",
        "pinyin-pro",
        "wanakana",
        "highs",
      ];
      expect(
        said(
          mine.filter(
            ({ to, ours }) => !ours && !pure.some((name) => to === name || to.startsWith(`${name}/`)),
          ),
        ),
      ).toEqual([]);
      for (const file of code.filter((file) => areaOf(file) === area && !isTest(file))) {
        expect({ file, impure: impurities(file) }).toEqual({ file, impure: [] });
      }
    });
  });

  it("5: ui imports i18n alone, platform nothing of ours", () => {
    expect(
      said(ourImports.filter(of("ui")).filter(({ to }) => !["ui", "i18n"].includes(areaOf(to)))),
    ).toEqual([]);
    expect(
      said(
        ourImports
          .filter(of("platform"))
          .filter(({ from, to }) => areaOf(to) !== "platform" && !isTest(from)),
      ),
    ).toEqual([]);
    expect(said(ourImports.filter(of("i18n")).filter(({ to }) => areaOf(to) !== "i18n"))).toEqual([]);
  });

  it("5: platform is a closed list: what joins it needs a decision record", () => {
    const known = [
      "cache.server.ts", "clock.ts", "db.server.ts", "embedded-binaries.server.ts", "embedded-lock.server.ts",
      "embedded-process.server.ts", "embedded.server.ts", "env.server.ts", "failure.ts", "http.server.ts", "paths.ts", "photo.server.ts", "secret-links.server.ts", "session.server.ts",
    ]; // prettier-ignore
    const there = files
      .filter((file) => areaOf(file) === "platform" && !isTest(file))
      .map((file) => path.posix.basename(file));
    expect(there).toEqual(known);
  });

  it("6: only platform/db.server.ts speaks to a database, and only server files speak to it", () => {
    const drivers = /^(?:@supabase\/|postgres$|postgres\/|pg$|pg-|kysely)/;
    expect(
      said(
        imports.filter(
          ({ from, to, ours }) => !ours && drivers.test(to) && from !== "app/platform/db.server.ts",
        ),
      ),
    ).toEqual([]);
    const seats = "app/platform/db.server.ts";
    // Who is asking is described beside the forms; a description of the seats opens none.
    const describes = ["app/features/map/caller.ts", "app/features/safety/caller.ts"];
    expect(
      said(
        ourImports.filter(({ from, to }) => to === seats && !mayHoldSeats(from) && !describes.includes(from)),
      ),
    ).toEqual([]);
    expect(describes.flatMap(valueImportsOf)).toEqual([]);
  });

  it("6: what runs in a browser imports no server file, except for its types", () => {
    const broken = code
      .filter(
        (file) =>
          !isTest(file) &&
          !file.includes(".server.") &&
          !mayHoldSeats(file) &&
          areaOf(file) !== "routes" &&
          file !== "app/root.tsx",
      )
      .flatMap((file) =>
        valueImportsOf(file)
          .filter((to) => /\.server(?:\.|$)/.test(to))
          .map((to) => `${file} imports ${to}`),
      );
    expect(broken).toEqual([]);
  });

  it("7: only the map draws maps", () => {
    expect(
      said(
        imports.filter(
          ({ from, to, ours }) =>
            !ours && /leaflet/.test(to) && !/^app\/features\/map\/[^/]+\.client\.tsx$/.test(from),
        ),
      ),
    ).toEqual([]);
  });

  it("7: only platform/env.server.ts reads the environment", () => {
    // The launcher sets the mode of the process before anything of the app is there to ask.
    const allowed = ["app/platform/env.server.ts", "app/server/launch.mjs"];
    expect(
      code.filter(
        (file) =>
          !isTest(file) && !allowed.includes(file) && /\bprocess\s*\.\s*env\b/.test(withoutComments(file)),
      ),
    ).toEqual([]);
  });

  it("what stands below never imports, by any way round, what stands above", () => {
    const areas = [...new Set(ourImports.map(({ from }) => areaOf(from)))];
    const edges = new Map(
      areas.map((area) => [
        area,
        new Set(
          ourImports.filter(({ from }) => areaOf(from) === area && !isTest(from)).map(({ to }) => areaOf(to)),
        ),
      ]),
    );
    const low = ["formats", "names", "privacy", "i18n", "platform", "ui"];
    for (const area of low) {
      const reached = new Set<string>();
      const walk = (from: string) => {
        for (const to of edges.get(from) ?? []) {
          if (to === from || reached.has(to)) continue;
          reached.add(to);
          walk(to);
        }
      };
      walk(area);
      expect({ area, circle: reached.has(area) }).toEqual({ area, circle: false });
    }
  });
});

describe("8: SQL", () => {
  const migrations = readdirSync(path.join(root, "supabase/migrations"));

  it("TypeScript never names the schema of the tables", () => {
    const named = /["'`\s(](?:from|join|into|update)?\s*app\.(?:[a-z_]+)\b(?!\()/;
    const offenders = code
      .filter((file) => !isTest(file))
      .flatMap((file) =>
        stringsOf(file)
          .filter(
            (text) => /\.schema\(/.test(text) || (/\bapp\.[a-z_]{3,}/.test(text) && named.test(` ${text}`)),
          )
          .map((text) => `${file}: ${text.slice(0, 80)}`),
      );
    expect(offenders).toEqual([]);
    expect(code.filter((file) => !isTest(file) && /\.schema\(\s*["'`]/.test(withoutComments(file)))).toEqual(
      [],
    );
  });

  it("every migration is named by time and purpose, and they stand in order", () => {
    expect(migrations.filter((name) => !/^\d{14}_[a-z0-9]+(?:_[a-z0-9]+)*\.sql$/.test(name))).toEqual([]);
    expect(new Set(migrations.map((name) => name.slice(0, 14))).size).toBe(migrations.length);
  });

  it("every migration begins by saying why", () => {
    for (const name of migrations)
      expect({ name, first: read(`supabase/migrations/${name}`).slice(0, 3) }).toEqual({
        name,
        first: "-- ",
      });
  });
});

describe("9: names and places", () => {
  it("no file or folder is a drawer", () => {
    const drawer = /^(?:utils?|helpers?|misc|common|shared|lib|stuff)(?:\.|$)/;
    expect(
      files.filter((file) => !/\/locales\//.test(file) && file.split("/").some((part) => drawer.test(part))),
    ).toEqual([]);
  });

  it("no file only passes others on", () => {
    expect(
      code.filter((file) => {
        const { statements } = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest);
        return (
          statements.length > 0 &&
          statements.every((one) => ts.isExportDeclaration(one) && one.moduleSpecifier)
        );
      }),
    ).toEqual([]);
    expect(code.filter((file) => /\/index\.tsx?$/.test(file))).toEqual([]);
  });

  it("files are named in small letters with hyphens, and a role the build knows", () => {
    const name =
      /^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:schema|server|client|dataset|api|pfif|module))?(?:\.(?:test|spec))?\.(?:ts|tsx|mjs|js|css|json|d\.ts)$/;
    expect(
      files
        // The name of a route is its address, and the root and its two entries have names of the framework.
        .filter(
          (file) =>
            areaOf(file) !== "routes" && !["app/entry.client.tsx", "app/entry.server.tsx"].includes(file),
        )
        .filter((file) => !name.test(path.posix.basename(file).replace(/\.d\.ts$/, ".ts"))),
    ).toEqual([]);
    const folders = new Set(files.flatMap((file) => file.split("/").slice(0, -1)));
    expect(
      [...folders].filter(
        (folder) => !/^[a-z0-9-]+$/.test(folder) && !/^[a-z]{2}(?:-[A-Z]{2})?$/.test(folder),
      ),
    ).toEqual([]);
  });

  it("nothing is exported without a name but routes and what the framework asks for", () => {
    expect(
      code.filter(
        (file) =>
          areaOf(file) !== "routes" &&
          !["app/root.tsx", "app/entry.server.tsx"].includes(file) &&
          /^export default /m.test(read(file)),
      ),
    ).toEqual([]);
    expect(
      code.filter((file) =>
        /^export default (?:async )?(?:function\s*\*?\s*\(|\(|class\s*\{)/m.test(read(file)),
      ),
    ).toEqual([]);
  });

  it("imports inside the project name the file with its ending", () => {
    expect(said(ourImports.filter(({ to }) => !/\.(?:tsx?|mjs|js|json|css)(?:\?[a-z]+)?$/.test(to)))).toEqual(
      [],
    );
  });

  it("the root holds what was asked for, and what a tool insists on finding there", () => {
    const asked = [
      "README.md",
      "app",
      "package.json",
      "public",
      "remix.config.js",
      "supabase",
      "tests",
      "tsconfig.json",
    ];
    const insisted: Record<string, string> = {
      ".ci": "the check that runs on a clean checkout",
      ".gitignore": "git",
      ".prettierignore": "prettier looks here only",
      ".prettierrc.json": "prettier looks here and in parents only",
      LICENSE: "registries and readers look for it here",
      docs: "decisions and guides, which README.md opens",
      "eslint.config.js": "eslint looks here",
      "package-lock.json": "npm: the exact versions",
      "vite.config.ts": "vite looks here",
      "vitest.config.ts": "vitest looks here, and must not wake the framework that vite.config.ts loads",
    };
    // Made by tools, never committed.
    const made = read(".gitignore")
      .split("\n")
      .filter((line) => line.endsWith("/"))
      .map((line) => line.slice(0, -1));
    const there = readdirSync(root).filter(
      (name) => name !== ".git" && name !== ".env" && !made.includes(name),
    );
    for (const name of asked) expect(there).toContain(name);
    expect(
      there.filter(
        (name) => !asked.includes(name) && !(name in insisted) && !/\.log$|^bench-results\.json$/.test(name),
      ),
    ).toEqual([]);
  });
});

describe("dependencies", () => {
  const manifest = JSON.parse(read("package.json")) as Record<
    "dependencies" | "devDependencies",
    Record<string, string>
  >;

  it("are pinned, every one", () => {
    expect(
      Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
        ([, version]) => !/^\d+\.\d+\.\d+(?:-[0-9a-z.-]+)?$/.test(version),
      ),
    ).toEqual([]);
  });

  it("are named where they are used", () => {
    const named = new Set([...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)]);
    const packageOf = (name: string) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/");
    const built = ["vite", "typescript"];
    const used = imports.filter(
      ({ to, ours, from }) => !ours && !to.startsWith("node:") && !to.startsWith("virtual:") && !isTest(from),
    );
    const site = used.filter(
      ({ to, from }) =>
        !(packageOf(to) in manifest.dependencies) &&
        from.startsWith("app/") &&
        !built.includes(packageOf(to)),
    );
    expect(said(site)).toEqual([]);
    expect(said(used.filter(({ to }) => !named.has(packageOf(to))))).toEqual([]);
  });
});

describe("weight", () => {
  it("the stylesheet, which travels inside every page, is at most 6 kB", async () => {
    const sheets = ["tokens", "base", "components", "print"]
      .map((name) => read(`app/styles/${name}.css`))
      .join("\n");
    const { code: css } = await transformWithEsbuild(sheets, "site.css", {
      loader: "css",
      minify: true,
      sourcemap: false,
    });
    expect(gzipSync(css, { level: 9 }).length).toBeLessThanOrEqual(6_000);
  });

  it("the script that a page may ask for is at most 8 kB", () => {
    expect(gzipSync(read("public/enhance.js"), { level: 9 }).length).toBeLessThanOrEqual(8_000);
  });

  it("public pages ask for no other script", () => {
    const hydrated = code.filter((file) => areaOf(file) === "routes" && /\bhydrate:\s*true/.test(read(file)));
    expect(hydrated).toEqual([]);
  });
});

function mayHoldSeats(file: string): boolean {
  return (
    /\.server\.tsx?$/.test(file) || ["server", "jobs", "document"].includes(areaOf(file)) || isTest(file)
  );
}

function valueImportsOf(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    read(file),
    ts.ScriptTarget.Latest,
    false,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  return source.statements.flatMap((node) => {
    if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return [];
    const clause = node.importClause;
    if (clause?.isTypeOnly) return [];
    const bindings = clause?.namedBindings;
    if (
      clause &&
      !clause.name &&
      bindings &&
      ts.isNamedImports(bindings) &&
      bindings.elements.every((one) => one.isTypeOnly)
    )
      return [];
    return [node.moduleSpecifier.text];
  });
}

/** What a pure file must not touch: the clock, chance, the process, the network. */
function impurities(file: string): string[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const globals = [
    "process",
    "fetch",
    "setTimeout",
    "setInterval",
    "setImmediate",
    "localStorage",
    "document",
    "window",
    "crypto",
  ];
  const visit = (node: ts.Node): void => {
    const text = node.getText(source);
    if (ts.isPropertyAccessExpression(node) && /^(?:Date\.now|Math\.random|performance\.now)$/.test(text))
      found.push(text);
    if (ts.isNewExpression(node) && node.expression.getText(source) === "Date" && !node.arguments?.length)
      found.push("new Date()");
    if (ts.isIdentifier(node) && globals.includes(node.text)) {
      const parent = node.parent;
      const isName =
        (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
        ts.isPropertyAssignment(parent) ||
        ts.isPropertySignature(parent) ||
        ((ts.isParameter(parent) || ts.isVariableDeclaration(parent) || ts.isBindingElement(parent)) &&
          parent.name === node);
      const isLocal =
        new RegExp(`(?:const|let|function|\\()\\s*${node.text}\\b`).test(source.text) &&
        node.text !== "process" &&
        node.text !== "fetch";
      if (!isName && !isLocal) found.push(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function withoutComments(file: string): string {
  return read(file)
    .replace(/\/\*[^]*?\*\//g, "")
    .replace(/(^|[^:"'`])\/\/[^\n]*/g, "$1");
}

/** The texts in a file: string literals and the fixed parts of templates. */
function stringsOf(file: string): string[] {
  const source = ts.createSourceFile(
    file,
    read(file),
    ts.ScriptTarget.Latest,
    false,
    file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    )
      found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
