// What a page offers to those who do not see it, or use no mouse, by the rules of axe-core.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import assert from 'node:assert/strict';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const STANDARD = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export async function isAccessible(page, where) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(source);
  const violations = await page.evaluate(async (values) => {
    const found = await window.axe.run(document, { runOnly: { type: 'tag', values } });
    return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
  }, STANDARD);
  assert.deepEqual(violations, [], where);
}

/** Nothing sticks out of a narrow screen. */
export async function fitsItsWidth(page, where) {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(excess <= 0, `${where} is ${excess} pixels too wide`);
}
