// Proves in Debian's Chromium that the browser accepts what we tell it: tests/browser/, against a bridge that is a second
// RTCPeerConnection on the same page.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const outfile = join(root, 'node_modules/.cache/cloister-tests/loopback_page.js');

await build({
  entryPoints: [join(root, 'tests/browser/loopback_page.ts')],
  outfile,
  bundle: true,
  format: 'iife',
  target: 'es2022',
  logLevel: 'warning',
});
const test = join(root, 'tests/browser/loopback_test.mjs');
const { status } = spawnSync(process.execPath, ['--test', ...process.argv.slice(2), test], {
  stdio: 'inherit',
  env: { ...process.env, LOOPBACK_PAGE: outfile },
});
process.exitCode = status ?? 1;
