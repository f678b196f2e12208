// Builds dist/: index.html, app.js, app.css, favicon.svg. The page needs no other file but the server's /config.js.
import { build } from 'esbuild';
import { cp, mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
await build({
  entryPoints: { app: join(root, 'src/main.tsx') },
  outdir: dist,
  bundle: true,
  minify: true,
  format: 'iife',
  target: ['chrome111', 'firefox119', 'safari16.4'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'eof',
  logLevel: 'warning',
});
await build({ entryPoints: [join(root, 'src/app.css')], outdir: dist, minify: true, logLevel: 'warning' });
for (const file of ['index.html', 'favicon.svg']) await cp(join(root, 'src', file), join(dist, file));
