// Unit tests: bundles tests/*.test.ts for Node and runs them with its own runner. Arguments go to `node --test`.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outdir = join(root, 'node_modules/.cache/cloister-tests');

rmSync(outdir, { recursive: true, force: true });
const tests = readdirSync(join(root, 'tests')).filter((file) => file.endsWith('.test.ts'));
await build({
  entryPoints: tests.map((file) => join(root, 'tests', file)),
  outdir,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node18',
  // COMPAT(Node 18): the Web Crypto API is not global yet.
  banner: { js: "import { webcrypto } from 'node:crypto'; globalThis.crypto ??= webcrypto;" },
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  logLevel: 'warning',
});
const files = tests.map((file) => join(outdir, file.replace(/\.ts$/, '.mjs')));
const { status } = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--test', ...process.argv.slice(2), ...files],
  {
    stdio: 'inherit',
  },
);
process.exitCode = status ?? 1;
